"""Amazon Connect's API, asked about one contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sotto.aws.connect_api import ConnectApi, instance_id
from sotto.call.contact import Contact
from sotto.sources.connect.contact_event import ContactEvent


class ConnectInstanceContacts:
    def __init__(self, connect: ConnectApi) -> None:
        self._connect = connect

    def attributes(self, contact: Contact) -> Mapping[str, str] | None:
        if contact.imported:
            return None
        answer = self._connect.ask(
            "GetContactAttributes",
            InstanceId=instance_id(contact.instance_arn),
            InitialContactId=contact.conversation_id,
        )
        if answer is None:
            return None
        return {str(name): str(value) for name, value in (answer.get("Attributes") or {}).items()}

    def described(self, contact: Contact) -> ContactEvent | None:
        answer = self._description(contact)
        return None if answer is None else _event(contact, answer.get("Contact") or {})

    def caller(self, contact: Contact) -> str | None:
        endpoint = ((self._description(contact) or {}).get("Contact") or {}).get("CustomerEndpoint") or {}
        number = endpoint.get("Address")
        return number if endpoint.get("Type") == "TELEPHONE_NUMBER" and number else None

    def _description(self, contact: Contact) -> Mapping[str, Any] | None:
        if contact.imported:  # no instance had it
            return None
        return self._connect.ask(
            "DescribeContact", InstanceId=instance_id(contact.instance_arn), ContactId=contact.contact_id
        )


def _event(contact: Contact, found: Mapping[str, Any]) -> ContactEvent:
    queue, agent = found.get("QueueInfo") or {}, found.get("AgentInfo") or {}
    ended_at_ms = _epoch_ms(found.get("DisconnectTimestamp"))
    return ContactEvent(
        kind="DISCONNECTED" if ended_at_ms is not None else "DESCRIBED",
        contact_id=contact.contact_id,
        instance_arn=contact.instance_arn,
        agent=agent.get("Id"),
        queue_arn=f"{contact.instance_arn}/queue/{queue['Id']}" if queue.get("Id") else None,
        connected_at_ms=_epoch_ms(agent.get("ConnectedToAgentTimestamp")),
        initial_contact_id=found.get("InitialContactId"),
        previous_contact_id=found.get("PreviousContactId"),
        initiation_method=found.get("InitiationMethod") or contact.initiation_method,
        enqueued_at_ms=_epoch_ms(queue.get("EnqueueTimestamp")),
        disconnected_at_ms=ended_at_ms,
    )


def _epoch_ms(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp() * 1000
