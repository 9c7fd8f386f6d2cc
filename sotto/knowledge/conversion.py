"""A connector's document -> Markdown, by the readers that a tenant's own files are read with."""

from __future__ import annotations

import re

from sotto.knowledge.knowledge_source import Content, DocumentSkipped, ListedDocument
from sotto.tenants.reading.documents import (
    LARGEST_BYTES,
    ReadDocument,
    UnreadableDocument,
    check_length,
    convert,
)
from sotto.tenants.reading.knowledge import front_matter

_BY_MEDIA_TYPE = {
    "application/pdf": ".pdf",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/plain": ".md",
}
_BY_ENDING = {".pdf": ".pdf", ".html": ".html", ".htm": ".html", ".md": ".md", ".markdown": ".md", ".txt": ".md"}
_SAYS_NOTHING = ("", "application/octet-stream", "binary/octet-stream", "text/plain")
"""What stores say of whatever was put there. Then the name counts."""
_HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)
FEWEST_LETTERS = 20


def reason_to_skip(document: ListedDocument) -> str:
    """Known before anything is fetched; empty where there is none."""
    if document.size is not None and document.size > LARGEST_BYTES:
        return f"it has {document.size // 1024**2} MB, and {LARGEST_BYTES // 1024**2} are the most; split it"
    ending = _ending(document.name)
    kind = _kind(document, document.media_type)
    return "" if kind or not (ending or document.media_type) else _unknown(ending or document.media_type)


def markdown_of(document: ListedDocument, content: Content) -> ReadDocument:
    """Raises DocumentSkipped."""
    kind = _kind(document, content.media_type or document.media_type)
    if not kind:
        raise DocumentSkipped(_unknown(content.media_type or _ending(document.name) or "no type"))
    try:
        return _text(content.data) if kind == ".md" else convert(content.data, kind)
    except UnreadableDocument as error:
        raise DocumentSkipped(str(error)) from error


def _kind(document: ListedDocument, media_type: str) -> str:
    bare = media_type.partition(";")[0].strip().lower()
    if bare in _SAYS_NOTHING and (ending := _ending(document.name)):
        return _BY_ENDING.get(ending, "")
    return _BY_MEDIA_TYPE.get(bare, "")


def _ending(name: str) -> str:
    stem, point, ending = name.rpartition(".")
    return f".{ending.lower()}" if point and stem and re.fullmatch(r"[A-Za-z0-9]{1,8}", ending) else ""


def _unknown(kind: str) -> str:
    return f"{kind.partition(';')[0]} is no kind that becomes an article; save it as PDF, HTML or Markdown"


def _text(data: bytes) -> ReadDocument:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DocumentSkipped(f"not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    text = front_matter(text)[1].strip() or text
    if sum(letter.isalpha() for letter in text) < FEWEST_LETTERS:
        raise DocumentSkipped("it holds no text")
    check_length(text)
    heading = _HEADING.search(text)
    return ReadDocument(heading[1] if heading else "", text.strip())
