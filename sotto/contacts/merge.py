"""What a contact event adds to what is known of a contact.

Contact events are best effort: late, doubled, out of order, missing. So an event is not a step but a set of facts, each
with the time that Connect gives it, and of two facts the later one holds. Merging is idempotent, commutative and
associative: whatever the order in which events arrive, the contact ends as it would in the reference order
(INITIATED, QUEUED, CONNECTED_TO_AGENT, DISCONNECTED, COMPLETED), and as each event holds all that was known when it was
made, one that is lost is made up for by any that came after it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sotto.call.contact import Contact, ContactStatus
from sotto.sources.connect.contact_event import ContactEvent

TeamOf = Callable[[str], str | None]
NameOf = Callable[[str], str | None]


def merged(contact: Contact, event: ContactEvent, *, team_of: TeamOf, queue_name: NameOf) -> Contact:
    """The contact with the event's facts in it; the same object where nothing changes. ``queue_name`` of an ARN, None
    for a queue that nobody knows: policies by queue then do not match, and nothing else is lost."""
    changed = _with_chain(contact, event)
    changed = _with_queue(changed, event, queue_name)
    changed = _with_agent(changed, event, team_of)
    changed = _with_end(changed, event)
    changed = replace(changed, status=_status(changed))
    return contact if changed == contact else replace(changed, version=contact.version + 1)


def _with_chain(contact: Contact, event: ContactEvent) -> Contact:
    initial = event.initial_contact_id if event.initial_contact_id != contact.contact_id else None
    previous = event.previous_contact_id if event.previous_contact_id != contact.contact_id else None
    return replace(
        contact,
        initial_contact_id=contact.initial_contact_id or initial or "",
        previous_contact_id=contact.previous_contact_id or previous,
    )


def _with_queue(contact: Contact, event: ContactEvent, queue_name: NameOf) -> Contact:
    if event.queue_arn is None:
        return contact
    known, new = (
        (contact.enqueued_at_ms or 0.0, contact.queue_arn or ""),
        (event.enqueued_at_ms or 0.0, event.queue_arn),
    )
    if new < known:
        return contact
    name = queue_name(event.queue_arn)
    if name is None and event.queue_arn == contact.queue_arn:
        name = contact.queue  # a flow has said it
    at_ms = event.enqueued_at_ms or contact.enqueued_at_ms
    return replace(contact, queue_arn=event.queue_arn, queue=name, enqueued_at_ms=at_ms)


def _with_agent(contact: Contact, event: ContactEvent, team_of: TeamOf) -> Contact:
    """An agent who is only called, and has not accepted, is named in events too: without a time of connection."""
    at_ms = event.connected_at_ms
    if at_ms is None and event.kind == "CONNECTED_TO_AGENT":
        at_ms = event.occurred_at_ms or contact.media_started_at_ms
    if event.agent is None or at_ms is None:
        return contact
    if (at_ms, event.agent) < (contact.connected_at_ms or 0.0, contact.agent or ""):
        return contact
    return replace(contact, agent=event.agent, team=team_of(event.agent), connected_at_ms=at_ms)


def _with_end(contact: Contact, event: ContactEvent) -> Contact:
    """An ended contact stays ended. COMPLETED comes after the agent's work, with the time of the disconnection."""
    if not event.ends:
        return contact
    at_ms = event.disconnected_at_ms or event.occurred_at_ms or float(contact.media_started_at_ms)
    ended_at_ms = at_ms if contact.ended_at_ms is None else min(contact.ended_at_ms, at_ms)
    return replace(contact, ended_at_ms=ended_at_ms)


def _status(contact: Contact) -> ContactStatus:
    if contact.ended_at_ms is not None or contact.status is ContactStatus.ENDED:
        return ContactStatus.ENDED
    return ContactStatus.CONNECTED if contact.connected_at_ms is not None else contact.status
