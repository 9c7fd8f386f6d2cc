"""Publishing what tenants wrote: books and model packages, to the stack that the environment names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sotto.errors import Rejected
from sotto.inference.adapters.dynamo_registry import DynamoModelRegistry
from sotto.inference.package import read_card
from sotto.inference.registry import ModelVersion
from sotto.policy.book import TenantBook
from sotto.policy.source import load_tenant
from sotto.storage.adapters.tenant_books import PublishedBooks

MODELS_PREFIX = "models/"


class TenantMistakes(Rejected):
    """A tenant's folder has mistakes; the message lists each with its file and line."""


def read_book(folder: Path) -> TenantBook:
    """Raises TenantMistakes."""
    loaded = load_tenant(folder)
    if loaded.book is None:
        raise TenantMistakes("\n".join(["the tenant's files have mistakes:", *map(str, loaded.mistakes)]))
    return loaded.book


def publish_models(
    packages: list[Path], s3: Any, bucket: str, registry: DynamoModelRegistry, endpoint: str
) -> None:
    """Upload packages and make each the version that the router prefers."""
    for archive in packages:
        card = read_card(archive)
        target = f"{card.tenant}/{card.model}/{card.version}.tar.gz"
        s3.upload_file(str(archive), bucket, MODELS_PREFIX + target)
        registry.publish(
            ModelVersion(card.tenant, card.model, card.version, target_model=target, endpoint=endpoint)
        )


def publish(
    folder: Path,
    packages: list[Path],
    *,
    books: PublishedBooks,
    registry: DynamoModelRegistry,
    s3: Any,
    bucket: str,
    endpoint: str,
    progress: Callable[[str], None] = lambda line: None,
) -> TenantBook:
    """Models first, so that a book never names a model that is not there. Raises TenantMistakes."""
    book = read_book(folder)
    publish_models(packages, s3, bucket, registry, endpoint)
    books.publish(book)
    progress(f"published {book.tenant} {book.version}")
    return book
