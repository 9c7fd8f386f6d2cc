"""Reads knowledge/*.md, for the book that names them and for the models that find them: one reader, so that what was
checked is what is learned."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sotto.tenants.reading.parsing import parse_yaml, read_text
from sotto.tenants.reading.places import Mistakes, YamlPlace

_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
_ID = re.compile(r"[^#\s][^#]{0,255}")
"""As panels ask for one (sotto.api.panel.request_models)."""
_FIELDS = ("id", "title", "tags", "subject", "intents")


@dataclass(frozen=True, slots=True)
class Document:
    """``subject``: the thing that it is about, as callers name it: a product, a branch. ``text`` is trimmed.
    ``intents``: those that it answers; none: any."""

    id: str
    title: str
    text: str
    tags: tuple[str, ...] = ()
    subject: str = ""
    intents: tuple[str, ...] = ()


def read_documents(
    folder: Path, mistakes: Mistakes, root: str = "", *, intents: Collection[str] | None = None
) -> tuple[Document, ...]:
    """Of a tenant's folder, called ``root`` in mistakes. Every article has front matter and text, and its own id.
    ``intents``: those that there are; None: not asked about."""
    seen: dict[str, str] = {}
    found = []
    for path in sorted((folder / "knowledge").glob("*")):
        file = f"{root or folder.name}/knowledge/{path.name}"
        if path.suffix == ".md":
            document = _document(path, file, seen, mistakes, intents)
            found += [document] if document is not None else []
        elif not path.name.startswith("."):
            mistakes.add(file, 1, 1, "only *.md files are articles; rename it, or keep it elsewhere")
    return tuple(found)


def front_matter(content: str) -> tuple[str, str]:
    """What stands between the first two ``---`` lines, and the text after them."""
    if not content.startswith("---\n") or "\n---\n" not in content[3:]:
        return "", content
    head, _, text = content[4:].partition("\n---\n")
    return head, text


def _document(
    path: Path, file: str, seen: dict[str, str], mistakes: Mistakes, intents: Collection[str] | None
) -> Document | None:
    content = read_text(path, file, mistakes)
    if content is None:
        return None
    head, text = front_matter(content)
    if content.strip() and not head.strip():
        mistakes.add(file, 1, 1, "an article begins with '---', 'id: ...', 'title: ...', '---'; write them first")
        return None
    place = parse_yaml("---\n" + head, file, mistakes)
    if place is None:
        return None
    fields = place.fields(_FIELDS, needed=("id", "title"))
    document = Document(
        id=_id(fields, path.name, seen),
        title=_worded(fields, "title"),
        text=text.strip(),
        tags=fields["tags"].words() if "tags" in fields else (),
        subject=_worded(fields, "subject"),
        intents=_intents(fields["intents"], intents) if "intents" in fields else (),
    )
    if not any(letter.isalnum() for letter in _HEADING.sub("", document.text)):
        mistakes.add(file, 1, 1, "the article has no text; write it below the second '---'")
    return document


def _intents(place: YamlPlace, known: Collection[str] | None) -> tuple[str, ...]:
    return place.words() if known is None else place.known(known, "intent")


def _id(fields: Mapping[str, YamlPlace], name: str, seen: dict[str, str]) -> str:
    known = fields["id"].text() if "id" in fields else None
    if known is None:
        return ""
    if not _ID.fullmatch(known):
        fields["id"].wrong("an id has 1 to 256 characters, and none of them is '#'; write for example 'id: lost-card'")
    elif (other := seen.setdefault(known, name)) != name:
        fields["id"].wrong(f"id '{known}' is already that of {other}; give this article its own")
    return known


def _worded(fields: Mapping[str, YamlPlace], name: str) -> str:
    text = fields[name].text() if name in fields else None
    if text is not None and not any(letter.isalnum() for letter in text):
        fields[name].wrong(f"'{name}' has no words; write what callers call it, or take it out")
    return text or ""
