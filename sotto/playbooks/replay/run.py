"""A draft replayed over conversations of the past, some at a time.

Asking keeps the draft's text and the ids of the contacts for a week. A page reads a few contacts as they are now and
plays them: nothing runs in the background, nothing of a conversation is copied, and what was erased meanwhile is in no
page (as exports are read: docs/decisions/0583).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.call.contact import Contact, ContactReader
from sotto.core.errors import Rejected
from sotto.guidance.rules import leaves_of
from sotto.guidance.stored_call import MOST_ANNOTATIONS, MOST_UTTERANCES, StoredCall
from sotto.playbooks.replay.compare import Compared, compare
from sotto.playbooks.replay.recorded import Recorded
from sotto.tenants.book import TenantBook
from sotto.tenants.compile import PolicyIndex
from sotto.tenants.playbook import Leaf

MOST_CONTACTS = 500
MOST_ON_A_PAGE = 25
KEPT_MS = 7 * 86_400_000


class NoSuchReplay(Rejected):
    """It has expired, or is not this tenant's."""


class Skipped(StrEnum):
    """Why a conversation was not played."""

    ERASED = "erased"
    NO_WORDS = "no_words"
    """None are stored of it, or no longer."""


@dataclass(frozen=True, slots=True)
class Replay:
    """``live``: version of the book that the draft is compared with. ``contacts``: ids, the latest call first.
    ``left_out``: how many more there were in the period. Times are Unix epoch."""

    tenant: str
    id: str
    draft_id: str
    draft_version: int
    text: str
    live: str
    asked_by: str
    asked_at_ms: int
    since_ms: int
    until_ms: int
    contacts: tuple[str, ...]
    left_out: int
    expires_at_ms: int


class ReplayStore(Protocol):
    """Raises StorageUnavailable throughout."""

    def add(self, replay: Replay) -> None: ...

    def replay(self, tenant: str, replay_id: str) -> Replay | None:
        """None once it has expired, too."""
        ...


@dataclass(frozen=True, slots=True)
class PastCalls:
    """``book_of``: one that was published, by its version; None where it is lost."""

    contacts: ContactReader
    calls: StoredCall
    book_of: Callable[[str, str], TenantBook | None]


@dataclass(frozen=True, slots=True)
class ReplayedContact:
    """``contact``: None where nothing is left of it."""

    contact_id: str
    contact: Contact | None
    compared: Compared
    skipped: Skipped | None = None


def replay_contacts(
    tenant: str,
    contact_ids: Sequence[str],
    live: TenantBook,
    draft: TenantBook,
    past: PastCalls,
    goes_on: Callable[[], bool] = lambda: True,
) -> list[ReplayedContact]:
    """In the order of the ids; the first one, and others as long as it ``goes_on``: a call of an hour takes a hundred
    times as long as one of a minute. Raises Retryable."""
    before, after = PolicyIndex(live), PolicyIndex(draft)
    known: dict[str, Mapping[str, Leaf]] = {live.version: dict(leaves_of(live.playbook))}
    played: list[ReplayedContact] = []
    for each in contact_ids:
        if played and not goes_on():
            break
        played.append(_replayed(tenant, each, before, after, known, past))
    return played


def _replayed(
    tenant: str,
    contact_id: str,
    live: PolicyIndex,
    draft: PolicyIndex,
    known: dict[str, Mapping[str, Leaf]],
    past: PastCalls,
) -> ReplayedContact:
    contact = past.contacts.contact(tenant, contact_id)
    if contact is None or contact.erased:
        return ReplayedContact(contact_id, contact, Compared(()), Skipped.ERASED)
    utterances = past.calls.utterances(tenant, contact_id, 0, MOST_UTTERANCES)
    stored = past.calls.conversation(tenant, contact_id)
    if not utterances or stored is None:
        return ReplayedContact(contact_id, contact, Compared(()), Skipped.NO_WORDS)
    annotations = past.calls.annotations(tenant, contact_id, 0, MOST_ANNOTATIONS)
    versions = {each.playbook for each in annotations if each.playbook} or {live.book.version}
    looked_for = _looked_for_in_all(tenant, versions, known, past)
    recorded = Recorded(contact, utterances, stored.state, annotations, looked_for)
    return ReplayedContact(contact_id, contact, compare(recorded, live, draft))


def _looked_for_in_all(
    tenant: str, versions: set[str], known: dict[str, Mapping[str, Leaf]], past: PastCalls
) -> Mapping[str, Leaf]:
    """Conditions that every playbook had that guided the call: of one that came in between, part of the call was not
    asked."""
    for version in versions - known.keys():
        book = past.book_of(tenant, version)
        known[version] = dict(leaves_of(book.playbook)) if book is not None else {}
    first, *others = (known[each] for each in sorted(versions))
    return {key: leaf for key, leaf in first.items() if all(key in other for other in others)}
