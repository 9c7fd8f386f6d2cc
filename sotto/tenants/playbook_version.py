"""A playbook as it was published: its text, by whom, when."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal

from sotto.core.errors import Rejected
from sotto.tenants.playbook import Playbook

LARGEST_TEXT_BYTES = 256 * 1024
"""Of a playbook that is kept as it was written: with what is beside it, an item of DynamoDB's."""


class PlaybookOvertaken(Rejected):
    """Somebody has published since what is live was looked at: nothing was published."""


@dataclass(frozen=True, slots=True)
class PlaybookVersion:
    """``id``: version_id of its time. ``book``: version of the book that it came with. ``digest``: of what was read out
    of ``text`` (digest_of), which is empty where it was too long to keep. ``at_ms``: Unix epoch. ``source``: an author
    in the app, or the tenant's folder."""

    tenant: str
    id: str
    book: str
    digest: str
    at_ms: int
    who: str
    text: str
    note: str = ""
    source: Literal["app", "folder"] = "app"


def version_id(at_ms: int) -> str:
    """Another one each time, in order of time."""
    return f"{at_ms:013d}-{secrets.token_hex(4)}"


def digest_of(playbook: Playbook) -> str:
    """Equal for equal meaning, however it is written."""
    return hashlib.sha256(playbook.model_dump_json().encode()).hexdigest()[:16]


def kept_text(text: str) -> str:
    return text if len(text.encode()) <= LARGEST_TEXT_BYTES else ""
