"""Reads the articles in knowledge/, a tenant's own and those fetched from its sources, for the book that names them and
for the models that find them: one reader, so that what was checked is what is learned."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sotto.tenants.reading.documents import UnreadableDocument, read_document
from sotto.tenants.reading.parsing import parse_yaml, read_text, read_yaml
from sotto.tenants.reading.places import Mistakes, YamlPlace
from sotto.tenants.reading.sources import SOURCES, SYNCED

_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
_ID = re.compile(r"[^#\s][^#]{0,255}")
"""As panels ask for one (sotto.api.panel.request_models)."""
_FIELDS = ("id", "title", "tags", "subject", "intents", "source", "date")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST_SOURCE = 500
CONVERTED = (".pdf", ".html", ".htm")
BESIDE = ".yaml"
"""``fees.pdf.yaml`` says of ``fees.pdf`` what front matter says of a Markdown article."""


@dataclass(frozen=True, slots=True)
class Document:
    """``subject``: the thing that it is about, as callers name it: a product, a branch. ``text`` is trimmed.
    ``intents``: those that it answers; none: any. ``source``: where it comes from, an address or a file's name;
    ``date``: of its content, YYYY-MM-DD; both may be empty."""

    id: str
    title: str
    text: str
    tags: tuple[str, ...] = ()
    subject: str = ""
    intents: tuple[str, ...] = ()
    source: str = ""
    date: str = ""


def read_documents(
    folder: Path, mistakes: Mistakes, root: str = "", *, intents: Collection[str] | None = None
) -> tuple[Document, ...]:
    """Of a tenant's folder, called ``root`` in mistakes. Every article has front matter and text, and its own id.
    ``intents``: those that there are; None: not asked about."""
    seen: dict[str, str] = {}
    found = []
    knowledge = folder / "knowledge"
    for path in sorted((*knowledge.glob("*"), *knowledge.glob(f"{SYNCED}/*/*.md"))):
        file = f"{root or folder.name}/{path.relative_to(folder).as_posix()}"
        document = None
        if path.suffix == ".md":
            document = _document(path, file, seen, mistakes, intents)
        elif path.suffix.lower() in CONVERTED:
            document = _converted(path, file, seen, mistakes, intents)
        elif not path.name.startswith(".") and path.name not in (SOURCES, SYNCED) and not _is_beside(path):
            mistakes.add(file, 1, 1, "only *.md, *.pdf and *.html files are articles; rename it, or keep it elsewhere")
        found += [document] if document is not None else []
    return tuple(found)


def _is_beside(path: Path) -> bool:
    about = path.with_suffix("")
    return path.suffix == BESIDE and about.suffix.lower() in CONVERTED and about.exists()


def _converted(
    path: Path, file: str, seen: dict[str, str], mistakes: Mistakes, intents: Collection[str] | None
) -> Document | None:
    """Its title is its own, its id the file's name without the ending, unless the file beside it says otherwise."""
    try:
        read = read_document(path)
    except UnreadableDocument as error:
        mistakes.add(file, 1, 1, str(error))
        return None
    except OSError as error:
        mistakes.add(file, 1, 1, f"cannot be read: {error.strerror or type(error).__name__}")
        return None
    beside = path.with_name(path.name + BESIDE)
    place = read_yaml(beside, f"{file}{BESIDE}", mistakes) if beside.exists() else None
    fields = place.fields(_FIELDS) if place is not None else {}
    known = _id(fields, path.name, seen) if "id" in fields else _named(path, file, seen, mistakes)
    return Document(
        id=known,
        title=_worded(fields, "title") or read.title or path.stem.replace("-", " ").replace("_", " "),
        text=read.text,
        tags=fields["tags"].words() if "tags" in fields else (),
        subject=_worded(fields, "subject"),
        intents=_intents(fields["intents"], intents) if "intents" in fields else (),
        source=_source(fields) or read.source or path.name,
        date=_dated(fields) or read.date,
    )


def _named(path: Path, file: str, seen: dict[str, str], mistakes: Mistakes) -> str:
    if not _ID.fullmatch(path.stem):
        mistakes.add(file, 1, 1, "the file's name is the article's id, which has no '#'; rename it")
    elif (other := seen.setdefault(path.stem, path.name)) != path.name:
        mistakes.add(
            file, 1, 1, f"id '{path.stem}' is already that of {other}; rename it, or write {path.name}{BESIDE}"
        )
    return path.stem


def _source(fields: Mapping[str, YamlPlace]) -> str:
    return (fields["source"].text() or "").strip()[:LONGEST_SOURCE] if "source" in fields else ""


def _dated(fields: Mapping[str, YamlPlace]) -> str:
    date = (fields["date"].text() or "") if "date" in fields else ""
    if date and not _DATE.fullmatch(date):
        fields["date"].wrong(f"'{date}' is not a date; write it like 2026-03-31")
    return date


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
        source=_source(fields),
        date=_dated(fields),
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
