"""Publishing what tenants wrote: books and model packages, to the stack that the environment names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sotto.inference.adapters.dynamo_registry import DynamoModelRegistry
from sotto.inference.package import read_archived_card
from sotto.inference.registry import ModelVersion
from sotto.policy.book import TenantBook
from sotto.policy.source import book_from
from sotto.storage.adapters.tenant_books import PublishedBooks

MODELS_PREFIX = "models/"


def publish_models(packages: list[Path], s3: Any, bucket: str, registry: DynamoModelRegistry, endpoint: str) -> None:
    """Upload packages and make each the version that the router prefers."""
    for archive in packages:
        card = read_archived_card(archive)
        target = card.target_model
        s3.upload_file(str(archive), bucket, MODELS_PREFIX + target)
        registry.publish(ModelVersion(card.tenant, card.model, card.version, target_model=target, endpoint=endpoint))


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
    """Models first, so that a book never names a model that is not there. Raises TenantMistaken."""
    book = book_from(folder)
    publish_models(packages, s3, bucket, registry, endpoint)
    books.publish(book)
    progress(f"published {book.tenant} {book.version}")
    return book
