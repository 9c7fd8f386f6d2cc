"""What a tenant writes and models learn from: intents.yaml, playbook.yaml, dispositions.yaml and knowledge/*.md.

Read by the code that ``sotto tenants check`` reads with, so that what passes there is learned here, and means the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sotto.core.errors import Rejected
from sotto.tenants.reading import phrases_source
from sotto.tenants.reading.dispositions import read_dispositions
from sotto.tenants.reading.knowledge import Document, read_documents
from sotto.tenants.reading.parsing import read_yaml
from sotto.tenants.reading.phrases_source import FEWEST_INTENTS, Intents
from sotto.tenants.reading.places import Mistakes, YamlPlace

__all__ = ["BadTenantFile", "Document", "Phrases", "TenantFiles", "read_intents", "read_tenant"]

Phrases = Mapping[str, tuple[str, ...]]
LEAST = 2
"""Phrases of one name: some are learned from, others judged by."""


class BadTenantFile(Rejected):
    """A tenant's file cannot be learned from; the message names the file, the place and the fix."""


@dataclass(frozen=True, slots=True)
class TenantFiles:
    tenant: str
    intents: Phrases = field(default_factory=dict)
    none_of_these: tuple[str, ...] = ()
    behaviours: Phrases = field(default_factory=dict)
    entities: Phrases = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    dispositions: Phrases = field(default_factory=dict)


def read_tenant(directory: Path) -> TenantFiles:
    """``directory`` is named after the tenant. Missing files mean that the tenant has no such model."""
    mistakes = Mistakes()
    root = _root(directory / "intents.yaml", mistakes)
    intents = _intents(root) if root is not None else Intents()
    playbook = _root(directory / "playbook.yaml", mistakes)
    behaviours = _phrases(playbook, "behaviours") if playbook is not None else {}
    documents = read_documents(directory, mistakes, str(directory))
    endings = _root(directory / "dispositions.yaml", mistakes)
    dispositions = read_dispositions(endings).phrases if endings is not None else {}
    _none(mistakes)
    return TenantFiles(
        tenant=directory.name,
        intents=intents.phrases,
        none_of_these=intents.none_of_these,
        behaviours=behaviours,
        entities=intents.entities,
        documents=documents,
        dispositions=dispositions,
    )


def read_intents(path: Path) -> tuple[Phrases, tuple[str, ...]]:
    """Phrases by intent, and those that are none of these."""
    mistakes = Mistakes()
    root = read_yaml(path, str(path), mistakes)
    found = _intents(root) if root is not None else Intents()
    if not mistakes.found and len(found.phrases) < FEWEST_INTENTS:
        raise BadTenantFile(f"{path}: intents needs at least {FEWEST_INTENTS}, found {len(found.phrases)}")
    _none(mistakes)
    return found.phrases, found.none_of_these


def read_phrases(path: Path, section: str) -> Phrases:
    mistakes = Mistakes()
    root = read_yaml(path, str(path), mistakes)
    found = _phrases(root, section) if root is not None else {}
    _none(mistakes)
    return found


def read_names(path: Path) -> Phrases:
    mistakes = Mistakes()
    root = read_yaml(path, str(path), mistakes)
    found = phrases_source.read_names(root) if root is not None else {}
    _none(mistakes)
    return found


def _root(path: Path, mistakes: Mistakes) -> YamlPlace | None:
    return read_yaml(path, str(path), mistakes) if path.exists() else None


def _intents(root: YamlPlace) -> Intents:
    return phrases_source.read_intents(root, fewest=LEAST, needed=())


def _phrases(root: YamlPlace, section: str) -> Phrases:
    named = {name: value for name, _, value in root.named("fields")}
    return phrases_source.read_phrases(named[section], section, LEAST) if section in named else {}


def _none(mistakes: Mistakes) -> None:
    if mistakes.found:
        raise BadTenantFile("\n".join(map(str, mistakes.in_order())))
