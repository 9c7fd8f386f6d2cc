"""Contacts whose end, or whose agent, no event told: contact events are best effort.

Two things notice: the audio's end, at once, and a sweep over the contacts that are open, every minute and in bounded
pages. Both ask Connect what it knows; where it does not answer for good, silence decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import Event
from sotto.call.live import CallTime
from sotto.contacts.follow import FollowPorts, apply_facts
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.core.tenant_by_tenant import Troubles
from sotto.sources.connect.contact_event import ContactEvent
from sotto.transcription.lease.lease import Lease

PAGE = 100
MOST_PAGES = 20
"""Of each tenant in one sweep: 2,000 contacts, the oldest first."""
MOST_ASKED = 60
"""Contacts that Connect is asked about in one sweep: it answers two requests a second, and others ask it too."""
TOO_LONG_MS = 60_000
"""Without an agent, or without audio, for so long: worth a question."""
SILENT_MS = 15 * 60_000
"""Without audio for so long, and Connect does not say: it is over."""
LONGEST_MS = 24 * 3_600_000
LONGEST_CHAT_MS = 7 * LONGEST_MS
"""Connect lets a chat last so long, and its customer may write again any time: that nobody writes is no end."""


class OpenContacts(Protocol):
    def open_contacts(self, tenant: str, *, after: Contact | None, limit: int) -> Sequence[Contact]:
        """Those that have not ended, by the start of their media, the oldest first; ``after``: the last one of the page
        before. Raises StorageUnavailable."""
        ...


class LeaseReader(Protocol):
    def current(self, tenant: str, contact_id: str) -> Lease | None: ...


@dataclass(frozen=True, slots=True)
class SweepPorts:
    open: OpenContacts
    leases: LeaseReader
    follow: FollowPorts
    clock: Clock
    page: int = PAGE
    most_pages: int = MOST_PAGES


@dataclass(frozen=True, slots=True)
class Swept:
    """How many contacts were looked at, how many Connect was asked about, and how many changed."""

    seen: int = 0
    asked: int = 0
    changed: int = 0


def end_with_audio(completed: Event, ports: SweepPorts) -> Contact | None:
    """The audio has ended. A contact that goes on without (a flow has stopped the stream) is left to its events and to
    the sweep; one about which Connect says nothing is over. Raises Retryable."""
    contact = ports.follow.contacts.contact(completed.tenant, completed.contact_id)
    if contact is None or contact.status is ContactStatus.ENDED:
        return None
    described = ports.follow.instance.described(contact) or ended(contact, at_ms=completed.occurred_at_ms)
    return apply_facts(described, contact, ports.follow)


def sweep(tenants: Iterable[str], ports: SweepPorts) -> Swept:
    """One round. What it leaves, because Connect was asked enough or does not answer, the next one finds. Raises
    Retryable where a tenant's records could not be read, once all tenants had their turn."""
    questions, troubles = _Questions(ports), Troubles()
    seen = changed = 0
    for tenant in tenants:
        with troubles.of_one():
            for contact in _open(tenant, ports):
                seen += 1
                changed += _looked_at(contact, questions, ports)
    troubles.raise_first()
    return Swept(seen, questions.asked, changed)


def _looked_at(contact: Contact, questions: _Questions, ports: SweepPorts) -> int:
    """How many contacts changed."""
    _pass_time(contact, ports)
    silent_ms = _silent_ms(contact, ports)
    if not _is_odd(contact, silent_ms, ports):
        return 0
    before = _settle_before(contact, questions, ports)
    return before + _settle(contact, questions.about(contact), silent_ms, ports)


def _pass_time(contact: Contact, ports: SweepPorts) -> None:
    """Of a chat nothing comes while nobody writes: that the customer has waited long is noticed here."""
    if contact.is_written and contact.connected_at_ms is not None:
        now_ms = int(ports.clock.now_ms()) - contact.media_started_at_ms
        ports.follow.guidance.tick(contact, CallTime(max(0, now_ms)))


class _Questions:
    """To Connect, as many as one sweep may ask; none once it does not answer, nor of calls that it does not know."""

    def __init__(self, ports: SweepPorts) -> None:
        self.asked = 0
        self._ports = ports
        self._is_answered = True

    def about(self, contact: Contact) -> ContactEvent | None:
        if contact.is_copied or not self._is_answered or self.asked >= MOST_ASKED:
            return None
        self.asked += 1
        try:
            return self._ports.follow.instance.described(contact)
        except Retryable:
            self._is_answered = False
            return None


def _settle(contact: Contact, facts: ContactEvent | None, silent_ms: float, ports: SweepPorts) -> bool:
    """Whether something became known of it, or had to be decided."""
    if facts is None or not facts.ends:
        age_ms = ports.clock.now_ms() - contact.media_started_at_ms
        is_silent = facts is None and silent_ms > SILENT_MS and not contact.is_written
        if is_silent or age_ms > (LONGEST_CHAT_MS if contact.is_written else LONGEST_MS):
            facts = ended(contact, at_ms=ports.clock.now_ms() - silent_ms)
    return facts is not None and apply_facts(facts, contact, ports.follow) is not None


def _settle_before(contact: Contact, questions: _Questions, ports: SweepPorts) -> bool:
    """Who waits for a stream may wait because nobody said that the contact before has ended."""
    earlier = ports.follow.contacts.contact(contact.tenant, contact.continues[0]) if contact.continues else None
    if earlier is None or earlier.status is ContactStatus.ENDED:
        return False
    facts = questions.about(earlier)
    return facts is not None and facts.ends and apply_facts(facts, earlier, ports.follow) is not None


def ended(contact: Contact, *, at_ms: float) -> ContactEvent:
    """As if Connect had said so."""
    return ContactEvent(
        "DISCONNECTED", contact.contact_id, contact.instance_arn, occurred_at_ms=at_ms, disconnected_at_ms=at_ms
    )


def _open(tenant: str, ports: SweepPorts) -> Iterator[Contact]:
    after: Contact | None = None
    for _ in range(ports.most_pages):
        page = ports.open.open_contacts(tenant, after=after, limit=ports.page)
        yield from page
        if len(page) < ports.page:
            break
        after = page[-1]


def _silent_ms(contact: Contact, ports: SweepPorts) -> float:
    """How long no worker has read audio of it. A lease is renewed all the time, and expires soon after."""
    held = ports.leases.current(contact.tenant, contact.contact_id)
    since_ms = held.expires_at_ms if held is not None else contact.media_started_at_ms
    return max(0.0, ports.clock.now_ms() - since_ms)


def _is_odd(contact: Contact, silent_ms: float, ports: SweepPorts) -> bool:
    age_ms = ports.clock.now_ms() - contact.media_started_at_ms
    quiet_ms = SILENT_MS if contact.is_written else TOO_LONG_MS
    return silent_ms > quiet_ms or (contact.agent is None and age_ms > TOO_LONG_MS)
