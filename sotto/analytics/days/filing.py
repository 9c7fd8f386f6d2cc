"""A conversation's rows are filed under its day whenever something settled is announced of it.

What is filed is made of the records alone: an event that comes twice, late or out of order files the same rows again. A
conversation is filed under one day, whatever was known when it was filed first: where its day changes, it moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sotto.analytics.facts.of_conversation import ConversationFacts, CustomerOf, facts_of
from sotto.analytics.facts.records import RecordPorts, records_of
from sotto.call.events import Event
from sotto.core.errors import Retryable

TRIES = 4
"""As many events of one conversation may come at once at its end."""


class FiledMeanwhile(Retryable):
    """Another event of the conversation was filed at the same time: read the records again."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What is known to be filed of a conversation. ``day``: empty where nothing is; ``number`` counts its filings;
    ``digest``: of the rows."""

    day: str = ""
    number: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class FiledDay:
    """A day of which something is filed. ``changes`` names its latest change; ``written`` the one that its files hold,
    empty before they were written. ``conversations`` and ``rows`` (by fact): what the files hold."""

    day: str
    changes: str
    written: str = ""
    conversations: int = 0
    rows: tuple[tuple[str, int], ...] = ()

    @property
    def is_behind(self) -> bool:
        return self.changes != self.written


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write a day's files, until somebody takes it over. ``changes``: known before any row was read."""

    tenant: str
    day: str
    token: str
    changes: str


class FiledFacts(Protocol):
    """Raises Retryable."""

    def filed(self, tenant: str, conversation_id: str) -> Filed: ...

    def file(self, tenant: str, facts: ConversationFacts, *, after: Filed) -> bool:
        """Put them in the place of what was filed before; False where the same is there. Raises FiledMeanwhile where
        ``after`` is no longer what is filed."""
        ...

    def drop(self, tenant: str, conversation_id: str, *, after: Filed) -> None:
        """Raises FiledMeanwhile."""
        ...

    def conversations(self, tenant: str, day: str) -> Iterator[ConversationFacts]:
        """All that are filed under the day, in the order of their ids."""
        ...

    def days(self, tenant: str) -> list[FiledDay]:
        """In order."""
        ...

    def claim(self, tenant: str, day: str, *, token: str, now_ms: int, until_ms: int) -> Claim | None:
        """None where somebody else has it, or nothing is filed under that day."""
        ...

    def written(self, claim: Claim, *, conversations: int, rows: dict[str, int]) -> bool:
        """The files hold what was filed at the claim. False where the claim was taken over: then the day counts as
        changed, because an older writer's files may lie there."""
        ...


@dataclass(frozen=True, slots=True)
class FilingPorts:
    records: RecordPorts
    filed: FiledFacts
    customer_of: CustomerOf


def file_conversation(event: Event, ports: FilingPorts) -> bool:
    """Whether anything changed. Of a contact that is not recorded nothing is filed. Raises Retryable."""
    contact = ports.records.contacts.contact(event.tenant, event.contact_id)
    return contact is not None and refile(event.tenant, contact.conversation_id, ports)


def refile(tenant: str, conversation_id: str, ports: FilingPorts) -> bool:
    """Where somebody else files at the same time, what is there by then is read and filed again. Raises Retryable."""
    for _ in range(TRIES - 1):
        with suppress(FiledMeanwhile):
            return _refiled(tenant, conversation_id, ports)
    return _refiled(tenant, conversation_id, ports)


def _refiled(tenant: str, conversation_id: str, ports: FilingPorts) -> bool:
    """What is filed is looked at before the records are: who reads older ones is refused."""
    filed = ports.filed.filed(tenant, conversation_id)
    facts = facts_of(conversation_id, records_of(tenant, conversation_id, ports.records), ports.customer_of)
    if facts is not None:
        return ports.filed.file(tenant, facts, after=filed)
    if not filed.day:
        return False
    ports.filed.drop(tenant, conversation_id, after=filed)
    return True
