"""Where documents come from that others keep: the port of connectors.

SourceUnavailable   later it may answer; what was fetched before stays
SourceRefused       somebody must change something; what was fetched before stays
CursorExpired       ask again with an empty cursor
DocumentSkipped     this document cannot be an article, and the message says why
DocumentGone        this document is there no more
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sotto.core.errors import Rejected, Retryable


class SourceUnavailable(Retryable):
    """The service does not answer, or asks to wait for longer than somebody would."""


class SourceRefused(Rejected):
    """The service does not let us read, or is not what the declaration says."""


class CursorExpired(Retryable):
    """The service has forgotten what the cursor stands for."""


class DocumentSkipped(Rejected):
    """The document cannot be an article; the others can."""


class DocumentGone(Rejected):
    """The document went after it was listed."""


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """``id`` is the service's. ``version`` is another one whenever the content is; empty: the service does not say.
    ``address`` is for people. ``name``: as a file's, whose ending may say what it is, or ``media_type`` does. ``date``:
    when the content changed, YYYY-MM-DD, or empty. ``size``: bytes, or None where nobody has said."""

    id: str
    version: str
    address: str
    name: str = ""
    media_type: str = ""
    title: str = ""
    date: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a cursor, each document once. ``is_whole``: these are all documents that there are, so that
    any other is gone; otherwise ``gone`` names them. ``cursor``: for the next time."""

    documents: tuple[ListedDocument, ...]
    gone: tuple[str, ...] = ()
    cursor: str = ""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """``validator``: by which the service can tell later whether it is still the same; empty where it does not."""

    data: bytes
    media_type: str = ""
    validator: str = ""


class KnowledgeSource(Protocol):
    def changes(self, cursor: str) -> Changes:
        """All of them, however many pages the service makes of them; empty cursor: everything. Never a part: what
        breaks off raises SourceUnavailable. Raises SourceRefused and CursorExpired too."""
        ...

    def read(self, document: ListedDocument, validator: str = "") -> Content | None:
        """None: it is as it was when it had ``validator``. Raises DocumentGone, DocumentSkipped, SourceUnavailable and
        SourceRefused."""
        ...
