"""Contacts and who is talking to whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table, Write
from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import ConversationStarted, Event
from sotto.contacts.follow import ContactChanged
from sotto.core.validation import silent

_contact = silent(Contact)


class DynamoContacts:
    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def record(self, contact: Contact) -> bool:
        """Store a new contact; False when it was there already. Raises StorageUnavailable."""
        started = outbox_write(ConversationStarted.of(contact))
        try:
            self._table.put_all([(self._item(contact), "attribute_not_exists(pk)", {}), started])
        except ConditionFailed as error:
            if not error.which:
                raise StorageUnavailable("the contact was recorded by another in the same moment") from error
            return False
        return True

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.CONTACT)
        return _contact.validate_json(item["body"]) if item else None

    def replace(self, contact: Contact, *, expected_version: int, events: Sequence[Event] = ()) -> None:
        """Store a changed contact, its assignment, its place in its team's list and ``events`` in one transaction.

        Raises ContactChanged.
        """
        before = self.contact(contact.tenant, contact.contact_id)
        listed, left = _listed(contact), before and _listed(before)
        writes: list[Write] = [(self._item(contact), "version = :expected", {"expected": expected_version})]
        writes += map(outbox_write, events)
        if contact.agent:
            writes.append((self._assignment(contact), None, {}))
        if listed:
            writes.append((self._item(contact) | {"pk": listed, "sk": contact.contact_id}, None, {}))
        try:
            self._table.put_all(writes, [(left, contact.contact_id)] if left and left != listed else [])
        except ConditionFailed as error:
            raise ContactChanged(f"contact version {expected_version} is no longer current") from error

    def contacts_of(self, tenant: str, agent: str, limit: int = 25) -> list[Contact]:
        """Contacts assigned to an agent, ended ones included until they expire."""
        pk = keys.of_agent(tenant, agent)
        held = [self.contact(tenant, item["sk"]) for item in self._table.between(pk, " ", "~", limit)]
        return [contact for contact in held if contact is not None and contact.agent == agent]

    def live_of_team(self, tenant: str, team: str, limit: int = 100) -> list[Contact]:
        """Contacts that an agent of ``team`` is talking to. One query: the list holds each contact as it is now."""
        found = self._table.between(keys.of_team(tenant, team), " ", "~", limit)
        return [_contact.validate_json(item["body"]) for item in found]

    def _item(self, contact: Contact) -> dict[str, Any]:
        return {
            "pk": keys.of_contact(contact.tenant, contact.contact_id),
            "sk": keys.CONTACT,
            "version": contact.version,
            "body": _contact.dump_json(contact).decode(),
            "expires_at": self._retention.expires_at(contact.tenant),
        }

    def _assignment(self, contact: Contact) -> dict[str, Any]:
        assert contact.agent is not None
        return {
            "pk": keys.of_agent(contact.tenant, contact.agent),
            "sk": contact.contact_id,
            "expires_at": self._retention.expires_at(contact.tenant),
        }


def _listed(contact: Contact) -> str | None:
    """The list of live calls that the contact is in, by its key."""
    is_live = contact.status is ContactStatus.CONNECTED and contact.team and contact.agent
    return keys.of_team(contact.tenant, contact.team) if is_live and contact.team else None
