"""What the panel may read: contacts and conversations, joined."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from sotto.aws.keys import BadKey
from sotto.call.annotation import Annotation, ChecklistItem
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.guidance.deliver import Conversation


class StoredContacts(Protocol):
    def contact(self, tenant: str, contact_id: str) -> Contact | None: ...

    def contacts_of(self, tenant: str, agent: str) -> Sequence[Contact]: ...

    def last_of(self, tenant: str, agent: str) -> Sequence[Contact]: ...

    def live_of_team(self, tenant: str, team: str) -> Sequence[Contact]:
        """Raises BadKey for a name that cannot be a key."""
        ...


class StoredConversations(Protocol):
    def conversation(self, tenant: str, contact_id: str) -> Conversation | None: ...

    def risks(self, tenant: str, contact_id: str) -> Sequence[Annotation]: ...

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]: ...

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]: ...

    def annotation(self, tenant: str, contact_id: str, annotation_id: str) -> Annotation | None: ...

    def checklist(self, tenant: str, contact_id: str) -> Sequence[ChecklistItem]: ...


class ConversationView:
    """A ConversationReader."""

    def __init__(self, contacts: StoredContacts, conversations: StoredConversations) -> None:
        self._contacts = contacts
        self._conversations = conversations

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        return self._contacts.contact(tenant, contact_id)

    def contacts_of(self, tenant: str, agent: str) -> Sequence[Contact]:
        """Contacts assigned to ``agent`` that have not ended."""
        return self._contacts.contacts_of(tenant, agent)

    def last_contacts_of(self, tenant: str, agent: str) -> Sequence[Contact]:
        """The last that ``agent`` had and that have ended, the latest first."""
        return self._contacts.last_of(tenant, agent)

    def live_contacts(self, tenant: str, teams: Collection[str]) -> Sequence[Contact]:
        """Contacts that an agent of one of ``teams`` is talking to, at most 100 of a team."""
        return [contact for team in sorted(teams) for contact in self._live_of(tenant, team)]

    def _live_of(self, tenant: str, team: str) -> Sequence[Contact]:
        try:
            return self._contacts.live_of_team(tenant, team)
        except BadKey:
            # The identity provider's groups are more than our teams; one that cannot be a key has no contacts.
            return []

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
        return self._conversations.conversation(tenant, contact_id)

    def risks(self, tenant: str, contact_id: str) -> Sequence[Annotation]:
        return self._conversations.risks(tenant, contact_id)

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]:
        return self._conversations.utterances(tenant, contact_id, after_seq, limit)

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]:
        return self._conversations.annotations(tenant, contact_id, after_seq, limit)

    def annotation(self, tenant: str, contact_id: str, annotation_id: str) -> Annotation | None:
        return self._conversations.annotation(tenant, contact_id, annotation_id)

    def checklist(self, tenant: str, contact_id: str) -> Sequence[ChecklistItem]:
        return self._conversations.checklist(tenant, contact_id)
