"""A conversation goes on in another contact: after a transfer, a conference, a callback.

A transfer opens a new contact of the same conversation. Where its flow starts guidance, it has a stream of its own.
Where it does not, the customer's audio goes on in the stream that was started before ("until a Stop media streaming
block is invoked, even if the contact is passed to another flow"): then the new contact is recorded when its agent is
connected, and its worker takes the stream over where the worker of the contact before has stopped. A chat has no
stream: its new contact is recorded so that the agent who took it over is guided from the first message on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from sotto.call.contact import Channel, Contact, ContactReader, ContactStatus
from sotto.sources.connect.contact_event import ContactEvent

TRANSFERS = frozenset({"TRANSFER", "QUEUE_TRANSFER"})
"""Initiation methods of contacts that get the customer from another one. A callback dials anew, a supervisor who
listens in (MONITOR) serves nobody, and whoever is called outside (EXTERNAL_OUTBOUND) is no agent."""


class ConversationContacts(Protocol):
    def contacts_of_conversation(self, tenant: str, conversation_id: str) -> Sequence[Contact]:
        """All that are recorded, ended ones too, by the start of their media. Raises StorageUnavailable."""
        ...


def before(contact: Contact, contacts: ContactReader) -> Contact | None:
    """The contact that this one follows in its conversation, as far as one is recorded."""
    for contact_id in (contact.previous_contact_id, contact.initial_contact_id):
        if contact_id and (found := contacts.contact(contact.tenant, contact_id)) is not None:
            return found
    return None


def following(contact: Contact, earlier: Contact) -> Contact:
    """``contact`` as the one after ``earlier``. Where both have one stream, it is read once."""
    shares = bool(contact.stream_arn) and contact.stream_arn == earlier.stream_arn
    return replace(
        contact,
        initial_contact_id=earlier.conversation_id,
        previous_contact_id=earlier.contact_id,
        previous_started_at_ms=earlier.media_started_at_ms,
        customer=contact.customer or earlier.customer,
        continues=(earlier.contact_id, *earlier.continues) if shares else (),
    )


def taken_over(event: ContactEvent, tenant: str, contacts: ContactReader) -> Contact | None:
    """The contact that ``event`` tells of, in the stream of the one before, or as its chat; None where it takes over
    from none of ours, or nobody would be guided."""
    channel = {each.value.upper(): each for each in Channel}.get(event.channel)
    if event.kind != "CONNECTED_TO_AGENT" or channel is None or event.initiation_method not in TRANSFERS:
        return None
    unknown = Contact(
        tenant,
        event.contact_id,
        event.instance_arn,
        stream_arn="",
        media_started_at_ms=0,
        initiation_method=event.initiation_method,
        initial_contact_id=event.initial_contact_id or "",
        previous_contact_id=event.previous_contact_id,
        channel=channel,
    )
    earlier = before(unknown, contacts)
    if earlier is None or earlier.channel is not channel or not (earlier.stream_arn or earlier.is_written):
        return None
    # Not from the end of the contact before, whose event may come earlier or later than this one.
    begins_ms = event.connected_at_ms or event.occurred_at_ms or 0.0
    known = replace(
        unknown,
        stream_arn=earlier.stream_arn,
        media_started_at_ms=int(max(begins_ms, earlier.media_started_at_ms)),
        language=earlier.language,
        attributes=earlier.attributes,
    )
    return following(known, earlier)


def may_read(contact: Contact, contacts: ContactReader) -> bool:
    """Whether a worker may start: a stream that is shared has one reader, the contact before until it has ended. A chat
    has nothing to read."""
    if contact.is_written:
        return False
    if not contact.continues:
        return True
    earlier = contacts.contact(contact.tenant, contact.continues[0])
    return earlier is None or earlier.status is ContactStatus.ENDED


def waiting_for(ended: Contact, contacts: ConversationContacts) -> list[Contact]:
    """Those that go on in its stream now."""
    found = contacts.contacts_of_conversation(ended.tenant, ended.conversation_id)
    return [
        each for each in found if each.continues[:1] == (ended.contact_id,) and each.status is not ContactStatus.ENDED
    ]
