"""Publishing what tenants wrote: books and model packages, to the stack that the environment names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError

from local.audit_trail import AuditTrail
from sotto.core.audit import AuditAction
from sotto.core.clock import Clock, SystemClock
from sotto.core.errors import Rejected
from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry
from sotto.models.adapters.inference_components import AdapterComponents
from sotto.models.content import content_of
from sotto.models.hosting import COMPONENTS, hosting_of
from sotto.models.package import read_archived_card
from sotto.models.registry import ModelVersion
from sotto.models.releases import Because, Trained
from sotto.models.training_record import read_training_record
from sotto.models.versions import SeenShelf, Source
from sotto.tenants.book import TenantBook
from sotto.wiring.publishing import book_from

MODELS_PREFIX = "models/"
_ENDPOINT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:/[A-Za-z0-9][A-Za-z0-9-]{0,62})?")


def written_books(folder: Path) -> dict[str, TenantBook]:
    """The books of all tenants in ``folder``, by tenant, before any is published. Raises TenantMistaken."""
    folders = sorted(each for each in folder.iterdir() if (each / "tenant.yaml").exists())
    books = [book_from(each) for each in folders]
    return {book.tenant: book for book in books}


class PublishedModels:
    """The models prefix of the artifacts bucket, as SageMaker reads it with its own role."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def archive(self, key: str) -> bytes | None:
        try:
            return bytes(self._s3.get_object(Bucket=self._bucket, Key=MODELS_PREFIX + key)["Body"].read())
        except self._s3.exceptions.NoSuchKey:
            return None


@dataclass(frozen=True, slots=True)
class ModelPublisher:
    """Puts packages where shards load them, and versions into the registry. ``components``: where an endpoint hosts
    them as inference components, each is in service before calls are sent to it."""

    s3: Any
    bucket: str
    registry: DynamoModelRegistry
    components: AdapterComponents | None = None
    trail: AuditTrail | None = None
    clock: Clock = field(default_factory=SystemClock)

    def because(self, why: str) -> Because:
        who = self.trail.who() if self.trail else ""
        return Because(who, why, int(self.clock.now_ms()))

    def put(
        self,
        archive: Path,
        endpoints: Sequence[str],
        because: Because,
        *,
        source: Source,
        in_shadow: bool = False,
        seen: SeenShelf | None = None,
    ) -> ModelVersion:
        """Raises BadPackage, WrongTrial, RegistryChanged, ComponentFailed and ComponentNotReady."""
        card, record = read_archived_card(archive), read_training_record(archive)
        first, *more = endpoints
        self._bring(archive, card.target_model, endpoints)
        version = ModelVersion(
            card.tenant, card.model, card.version, target_model=card.target_model, endpoint=first, also_at=tuple(more)
        )
        self.registry.publish(
            version,
            metrics=card.metrics,
            published_at_ms=because.at_ms,
            in_shadow=in_shadow,
            content=content_of(card),
            source=source,
            seen=seen,
            because=because,
            trained=Trained(record.data, card.metrics, record.gates),
        )
        if self.trail is not None:
            self.trail.note(card.tenant, AuditAction.RELEASE_PUBLISHED, f"release/{card.model}/{card.version}")
        return version

    def _bring(self, archive: Path, target: str, endpoints: Sequence[str]) -> None:
        _upload(self.s3, archive, self.bucket, MODELS_PREFIX + target)
        for name in _hosting_components(endpoints):
            if self.components is None:
                raise Rejected(f"{name} hosts inference components, and nobody here can make them")
            self.components.serve(name, target, f"s3://{self.bucket}/{MODELS_PREFIX}{target}")


def publish_models(
    packages: Sequence[Path],
    publisher: ModelPublisher,
    endpoint: str,
    *,
    in_shadow: bool = False,
    why: str = "",
    progress: Callable[[str], None] = lambda line: None,
) -> list[ModelVersion]:
    """Packages that somebody made: each becomes the version that the router prefers, unless one is pinned. Raises
    BadPackage before any is published.

    ``endpoint``: all that serve them, between commas. ``in_shadow``: they are only compared; raises WrongTrial where no
    other version answers.
    """
    endpoints, published = endpoints_of(endpoint), []
    cards = [read_archived_card(archive) for archive in packages]
    because = publisher.because(why)
    for archive, card in zip(packages, cards, strict=True):
        published.append(publisher.put(archive, endpoints, because, source="package", in_shadow=in_shadow))
        progress(f"published {card.tenant}/{card.model} {card.version}{' in the shadow' if in_shadow else ''}")
    return published


def endpoints_of(written: str) -> list[str]:
    """Raises Rejected."""
    names = list(dict.fromkeys(name.strip() for name in written.split(",")))
    for name in names:
        if not _ENDPOINT.fullmatch(name):
            raise Rejected(f"{name!r} is not an endpoint; write its name, name/variant, or several between commas")
    return names


def _hosting_components(endpoints: Iterable[str]) -> list[str]:
    return [name for name, how in map(hosting_of, endpoints) if how == COMPONENTS]


def _upload(s3: Any, archive: Path, bucket: str, key: str) -> None:
    """The SDK's transfer wraps what went wrong in an error of its own; the cause says more."""
    try:
        s3.upload_file(str(archive), bucket, key)
    except S3UploadFailedError as error:
        if isinstance(error.__context__, ClientError):
            raise error.__context__ from error
        raise


def identity(sts: Any) -> str:
    """That of the client's credentials, as AWS knows it."""
    return str(sts.get_caller_identity()["Arn"])
