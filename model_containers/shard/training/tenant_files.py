"""What a tenant writes and models learn from: intents.yaml, playbook.yaml and knowledge/*.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sotto.errors import Rejected
from sotto.policy.source import front_matter

Phrases = Mapping[str, tuple[str, ...]]


class BadTenantFile(Rejected):
    """A tenant's file cannot be learned from; the message names the file, the place and the fix."""


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    text: str
    tags: tuple[str, ...] = ()
    subject: str = ""
    """The thing that it is about, as callers name it: a product, a branch."""


@dataclass(frozen=True, slots=True)
class TenantFiles:
    tenant: str
    intents: Phrases = field(default_factory=dict)
    none_of_these: tuple[str, ...] = ()
    behaviours: Phrases = field(default_factory=dict)
    entities: Phrases = field(default_factory=dict)
    documents: tuple[Document, ...] = ()


def read_tenant(directory: Path) -> TenantFiles:
    """``directory`` is named after the tenant. Missing files mean that the tenant has no such model."""
    intents, playbook = _yaml(directory / "intents.yaml"), _yaml(directory / "playbook.yaml")
    return TenantFiles(
        tenant=directory.name,
        intents=_phrases(intents, "intents", directory / "intents.yaml"),
        none_of_these=_texts(intents.get("none_of_these", ()), directory / "intents.yaml", "none_of_these"),
        behaviours=_phrases(playbook, "behaviours", directory / "playbook.yaml"),
        entities=_entities(intents, directory / "intents.yaml"),
        documents=tuple(_document(path) for path in sorted((directory / "knowledge").glob("*.md"))),
    )


def read_intents(path: Path) -> tuple[Phrases, tuple[str, ...]]:
    """Phrases by intent, and those that are none of these."""
    content = _yaml(path)
    phrases = _phrases(content, "intents", path)
    if len(phrases) < 2:
        raise BadTenantFile(f"{path}: intents needs at least two, found {len(phrases)}")
    return phrases, _texts(content.get("none_of_these", ()), path, "none_of_these")


def read_phrases(path: Path, section: str) -> Phrases:
    return _phrases(_yaml(path), section, path)


def read_names(path: Path) -> Phrases:
    return {str(kind): _texts(names, path, str(kind)) for kind, names in _yaml(path).items()}


def _yaml(path: Path) -> Mapping[str, Any]:
    if not path.exists():
        return {}
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise BadTenantFile(f"{path}: not YAML: {error}") from error
    if not isinstance(content, dict):
        raise BadTenantFile(f"{path}: expected a mapping at the top level")
    return content


def _phrases(content: Mapping[str, Any], section: str, path: Path) -> Phrases:
    named = content.get(section) or {}
    if not isinstance(named, dict):
        raise BadTenantFile(f"{path}: {section} must map names to {{phrases: [...]}}")
    return {str(name): _of_one(entry, path, f"{section}.{name}") for name, entry in named.items()}


def _of_one(entry: Any, path: Path, place: str) -> tuple[str, ...]:
    if not isinstance(entry, dict) or "phrases" not in entry:
        raise BadTenantFile(f"{path}: {place} needs `phrases:`, a list of examples")
    return _texts(entry["phrases"], path, f"{place}.phrases", at_least=2)


def _entities(content: Mapping[str, Any], path: Path) -> Phrases:
    named = content.get("entities") or {}
    if not isinstance(named, dict):
        raise BadTenantFile(f"{path}: entities must map types to lists of names")
    return {str(kind): _texts(names, path, f"entities.{kind}") for kind, names in named.items()}


def _texts(found: Any, path: Path, place: str, at_least: int = 0) -> tuple[str, ...]:
    if not isinstance(found, (list, tuple)) or not all(isinstance(text, str) and text.strip() for text in found):
        raise BadTenantFile(f"{path}: {place} must be a list of texts (put quotes around numbers, true and false)")
    if len(found) < at_least:
        raise BadTenantFile(f"{path}: {place} has {len(found)} examples, give at least {at_least}")
    return tuple(text.strip() for text in found)


def _document(path: Path) -> Document:
    front, text = front_matter(path.read_text(encoding="utf-8"))
    try:
        about = YAML(typ="safe").load(front) or {}
    except YAMLError as error:
        raise BadTenantFile(f"{path}: the front matter is not YAML; quote titles with a colon: {error}") from error
    if not isinstance(about, dict):
        raise BadTenantFile(f"{path}: the front matter must hold `id:`, `title:` and `tags:`")
    tags = tuple(str(tag) for tag in about.get("tags") or ())
    subject = str(about.get("subject") or "").strip()
    return Document(str(about.get("id", path.stem)), str(about.get("title", path.stem)), text.strip(), tags, subject)
