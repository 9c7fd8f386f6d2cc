"""Contacts and who is talking to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table, Write
from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import AgentConnected, ConversationStarted, Event
from sotto.contacts.start import ContactChanged
from sotto.core.validation import silent

_contact = silent(Contact)


class DynamoContacts:
    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def record(self, contact: Contact) -> bool:
        """Store a new contact; False when it was there already. Raises StorageUnavailable."""
        writes: list[Write] = [(self._item(contact), "attribute_not_exists(pk)", {})]
        writes += [outbox_write(event) for event in started_events(contact)]
        writes += [(self._placed(contact, *place, whole), None, {}) for place, whole in _places(contact).items()]
        try:
            self._table.put_all(writes)
        except ConditionFailed as error:
            if not error.which:
                raise StorageUnavailable("the contact was recorded by another in the same moment") from error
            return False
        return True

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.CONTACT)
        return _contact.validate_json(item["body"]) if item else None

    def replace(self, contact: Contact, *, expected_version: int, events: Sequence[Event] = ()) -> None:
        """Store a changed contact, its place in its agent's and its team's lists and ``events`` in one transaction.

        Raises ContactChanged.
        """
        before = self.contact(contact.tenant, contact.contact_id)
        now, places = _places(contact), _places(before) if before else {}
        writes: list[Write] = [(self._item(contact), "version = :expected", {"expected": expected_version})]
        writes += map(outbox_write, events)
        writes += [(self._placed(contact, *place, whole), None, {}) for place, whole in now.items()]
        try:
            self._table.put_all(writes, [place for place in places if place not in now])
        except ConditionFailed as error:
            raise ContactChanged(f"contact version {expected_version} is no longer current") from error

    def contacts_of(self, tenant: str, agent: str) -> list[Contact]:
        """Contacts assigned to an agent that have not ended."""
        held = self._contacts_at(tenant, self._table.between(keys.of_agent(tenant, agent), " ", "~"))
        return [each for each in held if each.agent == agent and each.status is not ContactStatus.ENDED]

    def last_of(self, tenant: str, agent: str, limit: int = 10) -> list[Contact]:
        """An agent's contacts that have ended, the latest first."""
        pk = keys.of_agents_past(tenant, agent)
        return self._contacts_at(tenant, self._table.between(pk, " ", "~", limit, backwards=True))

    def _contacts_at(self, tenant: str, items: Iterable[Mapping[str, Any]]) -> list[Contact]:
        """Items whose sort key ends with a contact's id."""
        found = (self.contact(tenant, item["sk"].rpartition("#")[2]) for item in items)
        return [contact for contact in found if contact is not None]

    def live_of_team(self, tenant: str, team: str, limit: int = 100) -> list[Contact]:
        """Contacts that an agent of ``team`` is talking to. One query: the list holds each contact as it is now."""
        found = self._table.between(keys.of_team(tenant, team), " ", "~", limit)
        return [_contact.validate_json(item["body"]) for item in found]

    def open_contacts(self, tenant: str, *, after: Contact | None, limit: int) -> list[Contact]:
        """Those that have not ended, the oldest first."""
        first = keys.of_past(after.media_started_at_ms, after.contact_id) + " " if after else " "
        found = self._contacts_at(tenant, self._table.between(keys.of_open(tenant), first, "~", limit))
        return [each for each in found if each.status is not ContactStatus.ENDED]

    def contacts_of_conversation(self, tenant: str, conversation_id: str) -> list[Contact]:
        """All that are recorded, by the start of their media. Only contacts after the first are listed."""
        listed = self._table.between(keys.of_conversation(tenant, conversation_id), " ", "~")
        ids = [conversation_id, *(item["sk"] for item in listed)]
        found = (self.contact(tenant, contact_id) for contact_id in dict.fromkeys(ids))
        return sorted((each for each in found if each is not None), key=lambda each: each.media_started_at_ms)

    def _item(self, contact: Contact) -> dict[str, Any]:
        return {
            "pk": keys.of_contact(contact.tenant, contact.contact_id),
            "sk": keys.CONTACT,
            "version": contact.version,
            "body": _contact.dump_json(contact).decode(),
            "expires_at": self._retention.expires_at(contact.tenant),
        }

    def _placed(self, contact: Contact, pk: str, sk: str, whole: bool) -> dict[str, Any]:
        place = {"pk": pk, "sk": sk, "expires_at": self._retention.expires_at(contact.tenant)}
        return self._item(contact) | place if whole else place


def started_events(contact: Contact) -> list[Event]:
    """Of a contact that is recorded; one that begins in a whisper flow has its agent already."""
    if contact.agent is None:
        return [ConversationStarted.of(contact)]
    at_ms = contact.connected_at_ms or contact.media_started_at_ms
    return [ConversationStarted.of(contact), AgentConnected.of(contact, at_ms=at_ms)]


def _places(contact: Contact) -> dict[tuple[str, str], bool]:
    """The lists that the contact is in, by key; whether the item there holds the contact as it is."""
    tenant, contact_id, agent, team = contact.tenant, contact.contact_id, contact.agent, contact.team
    by_time = keys.of_past(contact.media_started_at_ms, contact_id)
    places: dict[tuple[str, str], bool] = {}
    if contact.initial_contact_id:
        places[keys.of_conversation(tenant, contact.conversation_id), contact_id] = False
    if contact.imported:  # no panel lists what nobody has just had
        return places
    if contact.status is ContactStatus.ENDED:
        return {**places, (keys.of_agents_past(tenant, agent), by_time): False} if agent is not None else places
    places[keys.of_open(tenant), by_time] = False
    if agent is not None:
        places[keys.of_agent(tenant, agent), contact_id] = False
        if contact.status is ContactStatus.CONNECTED and team:
            places[keys.of_team(tenant, team), contact_id] = True
    return places
