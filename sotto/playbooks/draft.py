"""A playbook that somebody is writing: all authors of a tenant see it, and nothing that guides a call does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sotto.core.errors import Rejected
from sotto.tenants.playbook_version import LARGEST_TEXT_BYTES

MOST_DRAFTS = 20
LONGEST_TITLE = 120


class DraftChanged(Rejected):
    """Somebody has changed it, or what is published, since it was read."""


class NoSuchDraft(Rejected):
    """It is not there; nor is another tenant's."""


class BadDraft(Rejected):
    """It cannot be kept; the message says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """``base``: digest of the playbook that was live when it began or was last put on top of what is live.
    ``version`` counts 1, 2, 3... with each change."""

    tenant: str
    id: str
    title: str
    text: str
    base: str
    version: int
    changed_by: str
    changed_at_ms: int


class DraftStore(Protocol):
    """Raises StorageUnavailable throughout."""

    def drafts(self, tenant: str) -> list[Draft]:
        """The one that was changed last first."""
        ...

    def draft(self, tenant: str, draft_id: str) -> Draft | None: ...

    def save(self, draft: Draft) -> None:
        """Raises DraftChanged unless what is stored has the version before."""
        ...

    def remove(self, tenant: str, draft_id: str, version: int) -> None:
        """Raises DraftChanged unless what is stored has this version."""
        ...


def checked(draft: Draft) -> Draft:
    """Raises BadDraft."""
    if not draft.title.strip() or len(draft.title) > LONGEST_TITLE:
        raise BadDraft(f"title: write 1 to {LONGEST_TITLE} characters")
    if len(draft.text.encode(errors="replace")) > LARGEST_TEXT_BYTES:
        raise BadDraft(f"text: a playbook has at most {LARGEST_TEXT_BYTES // 1024} KiB; split what it does by sets")
    return draft
