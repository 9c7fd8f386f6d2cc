"""Publishing what tenants wrote: books and model packages, to the stack that the environment names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
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
from sotto.models.hosting import COMPONENTS, hosting_of
from sotto.models.package import read_archived_card
from sotto.models.registry import ModelVersion
from sotto.tenants.acknowledged import acknowledgement_of
from sotto.tenants.adapters.published_books import PublishedBooks
from sotto.tenants.book import TenantBook
from sotto.tenants.reading.folder import read_articles
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


def publish_models(
    packages: Sequence[Path],
    s3: Any,
    bucket: str,
    registry: DynamoModelRegistry,
    endpoint: str,
    *,
    in_shadow: bool = False,
    components: AdapterComponents | None = None,
    clock: Clock | None = None,
    trail: AuditTrail | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> list[ModelVersion]:
    """Upload packages and make each the version that the router prefers, unless one is pinned. Raises BadPackage.

    ``endpoint``: all that serve them, between commas. ``in_shadow``: they are only compared; raises WrongTrial where no
    other version answers. ``components``: where an endpoint hosts them as inference components, each is in service
    before calls are sent to it; raises ComponentFailed and ComponentNotReady.
    """
    first, *more = endpoints_of(endpoint)
    cards = [read_archived_card(archive) for archive in packages]
    now_ms = int((clock or SystemClock()).now_ms())
    published = []
    for archive, card in zip(packages, cards, strict=True):
        target = card.target_model
        _upload(s3, archive, bucket, MODELS_PREFIX + target)
        for name in _hosting_components((first, *more)):
            if components is None:
                raise Rejected(f"{name} hosts inference components, and nobody here can make them")
            components.serve(name, target, f"s3://{bucket}/{MODELS_PREFIX}{target}")
        version = ModelVersion(
            card.tenant, card.model, card.version, target_model=target, endpoint=first, also_at=tuple(more)
        )
        registry.publish(version, metrics=card.metrics, published_at_ms=now_ms, in_shadow=in_shadow)
        if trail is not None:
            trail.note(card.tenant, AuditAction.RELEASE_PUBLISHED, f"release/{card.model}/{card.version}")
        progress(f"published {card.tenant}/{card.model} {card.version}{' in the shadow' if in_shadow else ''}")
        published.append(version)
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


def publish(
    folder: Path,
    packages: list[Path],
    *,
    books: PublishedBooks,
    registry: DynamoModelRegistry,
    s3: Any,
    bucket: str,
    endpoint: str,
    publisher: Callable[[], str],
    components: AdapterComponents | None = None,
    trail: AuditTrail | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> TenantBook:
    """Models first, so that a book never names a model that is not there. ``publisher`` is asked who publishes, where
    that is audited. Raises TenantMistaken."""
    book = book_from(folder)
    publish_models(packages, s3, bucket, registry, endpoint, components=components, trail=trail)
    acknowledgement = acknowledgement_of(book, by=publisher, clock=SystemClock())
    books.publish(book, read_articles(folder), acknowledgement)
    if acknowledgement is not None:
        kinds = " and ".join(acknowledgement.kinds)
        progress(f"{book.tenant} keeps {kinds} in clear, as acknowledged by {acknowledgement.by}")
    if trail is not None:
        trail.note(book.tenant, AuditAction.BOOK_PUBLISHED, f"book/{book.version}")
    progress(f"published {book.tenant} {book.version}")
    return book


def identity(sts: Any) -> str:
    """That of the client's credentials, as AWS knows it."""
    return str(sts.get_caller_identity()["Arn"])
