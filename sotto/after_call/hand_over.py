"""A short note for the agent who gets a customer from another one: what was said, promised and left open.

Made when the agent is connected, and anew when the transcript of the contact before is complete: the agents may have
spoken with each other, and with the customer, until then. In the words that are there, because nobody waits for a model
at this moment; it cites no utterances, because those before are not the new agent's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.after_call.extract import extracted, sums_up
from sotto.after_call.parts.spoken import promises
from sotto.after_call.stored_call import Call, FeedbackReader, stored_call
from sotto.after_call.summarise import Summaries
from sotto.call.contact import Contact, ContactReader, ContactStatus
from sotto.call.events import AgentConnected, Event
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.consent.kept import Consents
from sotto.consent.rules import is_withdrawal
from sotto.core.clock import Clock
from sotto.generation.guard import commits
from sotto.guidance.stored_call import StoredCall
from sotto.realtime.channel import handover_note_message
from sotto.realtime.panel_publisher import PanelPublisher

MOST_LINES = {
    SummaryPart.REASON: 1,
    SummaryPart.REQUEST: 2,
    SummaryPart.DONE: 2,
    SummaryPart.PROMISE: 2,
    SummaryPart.OUTCOME: 2,
    SummaryPart.OPEN: 3,
}
"""Of each part, in the order in which they are read."""
MOST_CONTACTS = 12
"""Connect allows eleven transfers of a contact."""


class KnownContacts(ContactReader, Protocol):
    def contacts_of_conversation(self, tenant: str, conversation_id: str) -> Sequence[Contact]: ...


@dataclass(frozen=True, slots=True)
class HandoverPorts:
    contacts: KnownContacts
    consents: Consents
    calls: StoredCall
    feedback: FeedbackReader
    notes: Summaries
    panel: PanelPublisher
    clock: Clock


def hand_over(event: Event, ports: HandoverPorts) -> list[CallSummary]:
    """The notes that ``event`` asks for, as they are stored: none for a first contact, and none where nothing was said
    or may be kept. Twice is as good as once. Raises StorageUnavailable."""
    about = ports.contacts.contact(event.tenant, event.contact_id)
    if about is None:
        return []
    chain = ports.contacts.contacts_of_conversation(about.tenant, about.conversation_id)
    for_whom = [about] if isinstance(event, AgentConnected) else [each for each in chain if _follows(each, about)]
    made = (_note(each, chain, ports) for each in for_whom if _waits_for_one(each))
    return [note for note in made if note is not None]


def _follows(contact: Contact, about: Contact) -> bool:
    return contact.previous_contact_id == about.contact_id


def _waits_for_one(contact: Contact) -> bool:
    return contact.agent is not None and contact.status is not ContactStatus.ENDED


def _note(contact: Contact, chain: Sequence[Contact], ports: HandoverPorts) -> CallSummary | None:
    earlier = _before(contact, chain)
    if not earlier or any(_is_withdrawn(each, ports) for each in (*earlier, contact)):
        return None
    calls = [stored_call(each, ports.calls, ports.feedback) for each in earlier]
    lines = tuple(_shortest(_binding(_joined(calls))))
    if not lines:
        return None
    note = CallSummary(
        contact.tenant,
        contact.contact_id,
        lines,
        Origin.QUOTED,
        model="",
        through_seq=sum(len(call.utterances) for call in calls),
        made_at_ms=int(ports.clock.now_ms()),
        made_at_call_ms=0,
    )
    stored = ports.notes.store(note)
    if stored is not None:
        ports.panel.publish([handover_note_message(stored)], what="summary")
    return stored


def _before(contact: Contact, chain: Sequence[Contact]) -> list[Contact]:
    """The contacts by way of which the customer came, the first one first."""
    known = {each.contact_id: each for each in chain}
    found: list[Contact] = []
    while contact.previous_contact_id in known and len(found) < MOST_CONTACTS:
        contact = known[contact.previous_contact_id]
        if contact in found:
            break
        found.append(contact)
    return found[::-1]


def _is_withdrawn(contact: Contact, ports: HandoverPorts) -> bool:
    latest = ports.consents.latest(contact.tenant, contact.contact_id)
    return latest is not None and is_withdrawal(latest)


def _joined(calls: Sequence[Call]) -> Call:
    """As one call; the checklist is the last one's, because it goes on from contact to contact."""
    return Call(
        utterances=[each for call in calls for each in call.utterances],
        annotations=[each for call in calls for each in call.annotations],
        checklist=calls[-1].checklist,
        followed={each for call in calls for each in call.followed},
        started_at_ms=calls[-1].started_at_ms,
    )


def _binding(call: Call) -> list[SummaryLine]:
    """What a summary says, without what binds nobody; each promise is on it, alone or in the words on the outcome."""
    lines = [line for line in extracted(call) if _holds(line)]
    return [*lines, *(each for each in promises(call) if not any(each.text in line.text for line in lines))]


def _holds(line: SummaryLine) -> bool:
    """A summary ends with the agent's last words where nothing was promised; they bind nobody."""
    return line.part is not SummaryPart.OUTCOME or commits(line.text) or sums_up(line.text)


def _shortest(lines: Iterable[SummaryLine]) -> Iterable[SummaryLine]:
    held = [replace(line, rests_on=()) for line in lines]
    promised = {line.text for line in held if line.part is SummaryPart.PROMISE}
    found = [line for line in held if line.part is SummaryPart.PROMISE or line.text not in promised]
    for part, most in MOST_LINES.items():
        of_part = [line for line in found if line.part is part]
        # What was promised last holds; of tasks the first is the most urgent.
        yield from of_part[:most] if part is SummaryPart.OPEN else of_part[-most:]
