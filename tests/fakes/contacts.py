"""Contacts in memory, with the rules of the stored ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sotto.aws import keys
from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import AgentConnected, ConversationStarted, Event
from sotto.contacts.start import ContactChanged


class ContactsInMemory:
    """``events``: in the order in which they were stored. ``meanwhile``: what somebody else does just before each of
    the next replacements."""

    def __init__(self, *contacts: Contact) -> None:
        self.events: list[Event] = []
        self.meanwhile: list[Callable[[], object]] = []
        self._stored: dict[str, Contact] = {}
        for contact in contacts:
            self.put(contact)

    @property
    def all(self) -> list[Contact]:
        return list(self._stored.values())

    def put(self, contact: Contact) -> None:
        """As if it had always been there."""
        self._stored[keys.of_contact(contact.tenant, contact.contact_id)] = contact

    def record(self, contact: Contact) -> bool:
        if self.contact(contact.tenant, contact.contact_id) is not None:
            return False
        self.put(contact)
        self.events.append(ConversationStarted.of(contact))
        if contact.agent is not None:
            at_ms = contact.connected_at_ms or contact.media_started_at_ms
            self.events.append(AgentConnected.of(contact, at_ms=at_ms))
        return True

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        return self._stored.get(keys.of_contact(tenant, contact_id))

    def replace(self, contact: Contact, *, expected_version: int, events: Sequence[Event] = ()) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        known = self.contact(contact.tenant, contact.contact_id)
        if known is None or known.version != expected_version:
            raise ContactChanged(f"contact version {expected_version} is no longer current")
        self.put(contact)
        self.events += events

    def contacts_of(self, tenant: str, agent: str) -> list[Contact]:
        keys.of_agent(tenant, agent)
        ours = [each for each in self._in_order(tenant) if each.agent == agent]
        return [each for each in ours if each.status is not ContactStatus.ENDED]

    def last_of(self, tenant: str, agent: str, limit: int = 10) -> list[Contact]:
        keys.of_agents_past(tenant, agent)
        ours = [each for each in self._in_order(tenant) if each.agent == agent and each.status is ContactStatus.ENDED]
        latest_first = sorted(ours, key=lambda each: (each.media_started_at_ms, each.contact_id), reverse=True)
        return latest_first[:limit]

    def live_of_team(self, tenant: str, team: str, limit: int = 100) -> list[Contact]:
        keys.of_team(tenant, team)
        ours = [each for each in self._in_order(tenant) if each.team == team and each.agent]
        return [each for each in ours if each.status is ContactStatus.CONNECTED][:limit]

    def open_contacts(self, tenant: str, *, after: Contact | None, limit: int) -> list[Contact]:
        keys.of_open(tenant)
        ours = [each for each in self._in_order(tenant) if each.status is not ContactStatus.ENDED]
        oldest_first = sorted(ours, key=_by_time)
        return [each for each in oldest_first if after is None or _by_time(each) > _by_time(after)][:limit]

    def contacts_of_conversation(self, tenant: str, conversation_id: str) -> list[Contact]:
        keys.of_conversation(tenant, conversation_id)
        ours = [each for each in self._in_order(tenant) if each.conversation_id == conversation_id]
        return sorted(ours, key=lambda each: each.media_started_at_ms)

    def _in_order(self, tenant: str) -> list[Contact]:
        ours = [each for each in self._stored.values() if each.tenant == tenant]
        return sorted(ours, key=lambda each: each.contact_id)


def _by_time(contact: Contact) -> tuple[int, str]:
    return contact.media_started_at_ms, contact.contact_id
