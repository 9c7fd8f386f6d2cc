"""Tenants' folders, read as they are read for publishing."""

from __future__ import annotations

from pathlib import Path

from sotto.redaction.languages import LANGUAGES, has_pack
from sotto.tenants.book import TenantBook
from sotto.tenants.reading import folder as reading
from sotto.tenants.reading.folder import Loaded
from sotto.tenants.reading.publish_checks import PublishChecks

CHECKS = PublishChecks(has_pack, tuple(sorted(LANGUAGES)))


def load_tenant(folder: Path) -> Loaded:
    """The folder's book, or every mistake in it."""
    return reading.load_tenant(folder, CHECKS)


def book_from(folder: Path) -> TenantBook:
    """Raises TenantMistaken with all mistakes."""
    return reading.book_from(folder, CHECKS)
