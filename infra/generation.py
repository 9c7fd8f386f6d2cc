"""Who writes texts for agents, as a deployment file says it. Nothing here knows of the CDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from sotto.core.residency import ANYWHERE, bedrock_place
from sotto.generation.settings import GenerationSettings, WrongSetting

SecretArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$")]
ModelArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d{0,12}:[a-z-]+/[A-Za-z0-9.:_-]+$")
]
Https = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]
_PROFILES = ("us.", "eu.", "apac.", "jp.", "au.", "ca.", "global.", "us-gov.", "arn:")


class Generation(BaseModel):
    """``order``: providers, asked one after the other. ``bedrock_model_arns``: what may be invoked; without it the
    foundation model ``bedrock_model`` of the region. An inference profile needs them: its own, and those of the models
    behind it in every region that it may choose. ``shard_endpoint``: where the tenants' writing adapters were
    published; without it the cell's own. ``prices``: US dollars for a million tokens, ``prompt/completion``."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    order: tuple[Literal["shard", "bedrock", "openai"], ...] = Field(min_length=1)
    bedrock_model: str | None = None
    bedrock_shape: Literal["tool", "schema", "words"] = "tool"
    bedrock_model_arns: tuple[ModelArn, ...] = ()
    openai_url: Https | None = None
    openai_model: str | None = None
    openai_secret_arn: SecretArn | None = None
    shard_endpoint: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$")] | None = None
    prices: Mapping[Literal["shard", "bedrock", "openai"], str] = {}

    @model_validator(mode="after")
    def _is_whole(self) -> Generation:
        if mistakes := list(self._mistakes()):
            raise ValueError("; ".join(mistakes))
        return self

    def _mistakes(self) -> Iterator[str]:
        for field in ("bedrock_model", "openai_url", "openai_model", "openai_secret_arn"):
            provider = field.partition("_")[0]
            if provider in self.order and getattr(self, field) is None:
                yield f"order names {provider}: give {field} too"
            if provider not in self.order and getattr(self, field) is not None:
                yield f"{field} is given, but order does not name {provider}"
        if (self.bedrock_model or "").startswith(_PROFILES) and not self.bedrock_model_arns:
            yield (
                f"bedrock_model {self.bedrock_model} is an inference profile: list its ARN and those of the models "
                "behind it under bedrock_model_arns"
            )
        try:
            GenerationSettings.from_environment(self.environment)
        except WrongSetting as error:
            yield str(error)

    @property
    def environment(self) -> dict[str, str]:
        """As sotto.generation.settings reads it."""
        found = {
            "SOTTO_GENERATION": ",".join(self.order),
            "SOTTO_BEDROCK_MODEL": self.bedrock_model,
            "SOTTO_BEDROCK_SHAPE": self.bedrock_shape if self.bedrock_model else None,
            "SOTTO_OPENAI_URL": self.openai_url,
            "SOTTO_OPENAI_MODEL": self.openai_model,
            "SOTTO_OPENAI_SECRET": self.openai_secret_arn,
            "SOTTO_GENERATION_PRICES": ",".join(f"{name}={price}" for name, price in self.prices.items()),
        }
        return {name: value for name, value in found.items() if value}

    def places_in(self, region: str) -> list[tuple[str, str]]:
        """Provider, place (sotto.core.residency); a provider with several regions has a line for each."""
        return [(name, place) for name in self.order for place in self._places(name, region)]

    def _places(self, provider: str, region: str) -> list[str]:
        if provider == "bedrock":
            arns = [arn.split(":")[3] or ANYWHERE for arn in self.bedrock_model_arns]
            return list(dict.fromkeys([bedrock_place(self.bedrock_model or "", region), *arns]))
        return [self.openai_url or ""] if provider == "openai" else [region]

    def models_in(self, region: str) -> list[str]:
        """ARNs of what Bedrock is asked for: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html"""
        return list(self.bedrock_model_arns) or [f"arn:aws:bedrock:{region}::foundation-model/{self.bedrock_model}"]
