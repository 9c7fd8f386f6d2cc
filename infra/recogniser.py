"""The self-hosted recogniser, as a deployment file says it. Nothing here knows of the CDK."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

S3Folder = Annotated[str, StringConstraints(pattern=r"^s3://[a-z0-9.-]{3,63}/[A-Za-z0-9/._-]+/$")]
Image = Annotated[str, StringConstraints(pattern=r"^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/.+$")]


class RecogniserSettings(BaseModel):
    """SageMaker instances that run the self-hosted recogniser, one container each; or ``url``, where one runs already
    (its token in the secret ``secret_arn``), and then none is deployed.

    ``sessions``: of two channels, that an instance admits; measured with ``sotto bench recogniser-sessions``.
    ``busy_percent`` of them is what scaling aims at. ``model``: folder of a model in S3, for CTranslate2 or, with
    ``engine: transducer``, for sherpa-onnx; without it the packaged Whisper tiny.en. ``languages``: what the model
    knows. ``image``: instead of the one built here, which is for CPUs and has no sherpa-onnx.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    engine: Literal["whisper", "transducer"] = "whisper"
    instance_type: Annotated[str, StringConstraints(pattern=r"^ml\.[a-z0-9]+\.[a-z0-9]+$")] = "ml.c6i.2xlarge"
    fewest: int = Field(default=2, ge=1, le=100)
    most: int = Field(default=8, ge=1, le=500)
    sessions: int = Field(default=8, ge=1, le=1_000)
    workers: int = Field(default=4, ge=1, le=64)
    batch: int = Field(default=8, ge=1, le=256)
    busy_percent: int = Field(default=60, ge=10, le=95)
    startup_s: int = Field(default=300, ge=60, le=3_600)
    languages: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")], ...] = ("en",)
    model: S3Folder | None = None
    image: Image | None = None
    url: Annotated[str, StringConstraints(pattern=r"^wss://[^\s/]+/?$")] | None = None
    secret_arn: str | None = None

    @property
    def has_gpu(self) -> bool:
        return self.instance_type.startswith(("ml.g", "ml.p"))

    @model_validator(mode="after")
    def _can_run(self) -> RecogniserSettings:
        if self.most < self.fewest:
            raise ValueError(f"most ({self.most}) is less than fewest ({self.fewest})")
        if self.engine == "transducer" and (self.model is None or self.image is None) and self.url is None:
            raise ValueError(
                "engine: transducer needs model and an image built with TRANSDUCER=1 (docs/recognisers.md)"
            )
        if self.has_gpu and self.image is None:
            raise ValueError("image: the one built here is for CPUs; name one built from Dockerfile.gpu")
        if self.secret_arn is not None and self.url is None:
            raise ValueError("secret_arn is for url: SageMaker's requests are signed")
        return self
