"""Tenants' folders, read as they are read for publishing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sotto.consent.languages import LANGUAGES as CONSENT
from sotto.models.languages import of_task
from sotto.redaction.languages import has_pack
from sotto.redaction.packs import LANGUAGES
from sotto.tenants.book import TenantBook
from sotto.tenants.reading import folder as reading
from sotto.tenants.reading.folder import Loaded
from sotto.tenants.reading.publish_checks import DirectoryNames, PublishChecks
from sotto.wiring.languages import of_recogniser
from sotto.workflows.reading import shipped

CHECKS = PublishChecks(
    has_pack,
    LANGUAGES.tags or (),
    recogniser_languages=of_recogniser,
    task_languages=of_task,
    consent_languages=CONSENT,
    workflows={name: each.outward for name, each in shipped().items()},
)


def load_tenant(folder: Path, directory: DirectoryNames | None = None) -> Loaded:
    """The folder's book, or every mistake in it. ``directory``: what its Connect instances name, where known."""
    return reading.load_tenant(folder, replace(CHECKS, directory=directory or DirectoryNames()))


def book_from(folder: Path, directory: DirectoryNames | None = None) -> TenantBook:
    """Raises TenantMistaken with all mistakes."""
    return reading.book_from(folder, replace(CHECKS, directory=directory or DirectoryNames()))
