"""Conversations in memory, with the rules of the stored ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sotto.api.panel.conversation_view import ConversationView
from sotto.aws import keys
from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.guidance.deliver import Conversation, ConversationBusy
from tests.fakes.contacts import ContactsInMemory

Numbered = TypeVar("Numbered", Utterance, Annotation)


@dataclass
class ConversationsInMemory:
    """A ConversationReader, and what deliveries write to. Tests may fill the lists themselves.

    ``all_items``: checklists by (tenant, contact). ``meanwhile``: what somebody else does just before each of the next
    saves. ``saves``: those that were not refused.
    """

    all_contacts: list[Contact] = field(default_factory=list)
    all_utterances: list[Utterance] = field(default_factory=list)
    all_annotations: list[Annotation] = field(default_factory=list)
    all_items: dict[tuple[str, str], list[ChecklistItem]] = field(default_factory=dict)
    states: dict[str, Conversation] = field(default_factory=dict)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    saves: int = 0

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
        return self.states.get(keys.of_contact(tenant, contact_id))

    def save(
        self,
        tenant: str,
        contact_id: str,
        conversation: Conversation,
        annotations: Sequence[Annotation],
        *,
        expected_version: int,
    ) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        known = self.conversation(tenant, contact_id)
        taken = {each.seq for each in _page(self.all_annotations, tenant, contact_id)}
        if (known.version if known else 0) != expected_version or any(each.seq in taken for each in annotations):
            raise ConversationBusy(f"version {expected_version} of the conversation is no longer current")
        self.states[keys.of_contact(tenant, contact_id)] = conversation
        self.all_annotations += annotations
        self.all_items[tenant, contact_id] = list(conversation.checklist)
        self.saves += 1

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]:
        return _page(self.all_utterances, tenant, contact_id, after_seq)[:limit]

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]:
        return _page(self.all_annotations, tenant, contact_id, after_seq)[:limit]

    def annotation(self, tenant: str, contact_id: str, annotation_id: str) -> Annotation | None:
        mine = _page(self.all_annotations, tenant, contact_id)
        return next((each for each in mine if each.id == annotation_id), None)

    def risks(self, tenant: str, contact_id: str) -> Sequence[Annotation]:
        mine = _page(self.all_annotations, tenant, contact_id)
        return [each for each in mine if each.kind is AnnotationKind.MOMENT and each.severity == "high"]

    def checklist(self, tenant: str, contact_id: str) -> Sequence[ChecklistItem]:
        keys.of_contact(tenant, contact_id)
        return self.all_items.get((tenant, contact_id), [])

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        return self._view.contact(tenant, contact_id)

    def contacts_of(self, tenant: str, agent: str) -> Sequence[Contact]:
        return self._view.contacts_of(tenant, agent)

    def last_contacts_of(self, tenant: str, agent: str) -> Sequence[Contact]:
        return self._view.last_contacts_of(tenant, agent)

    def live_contacts(self, tenant: str, teams: Collection[str]) -> Sequence[Contact]:
        return self._view.live_contacts(tenant, teams)

    @property
    def _view(self) -> ConversationView:
        return ConversationView(ContactsInMemory(*self.all_contacts), self)


def _page(items: list[Numbered], tenant: str, contact_id: str, after_seq: int = 0) -> list[Numbered]:
    pk = keys.of_contact(tenant, contact_id)
    mine = [each for each in items if keys.of_contact(each.tenant, each.contact_id) == pk and each.seq > after_seq]
    return sorted(mine, key=lambda each: each.seq)
