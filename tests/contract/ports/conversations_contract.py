"""What every store of conversations must do, as a class of tests to inherit.

A subclass gives ``conversations`` and ``commit``, which stores an utterance as the audio worker does (fixtures).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import pytest

from sotto.api.panel.conversation_view import StoredConversations
from sotto.aws.keys import BadKey
from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation, ConversationBusy
from sotto.guidance.deliver import Conversations as GuidedConversations
from tests.contract.ports.bad_ids import for_each_bad_id

Commit = Callable[[Utterance], None]


class Conversations(GuidedConversations, StoredConversations, Protocol): ...


def any_annotation(seq: int, **changed: Any) -> Annotation:
    made = Annotation(
        "bank", "c1", f"id-{seq}", seq, AnnotationKind.MOMENT, "cancel_risk", 1_000 * seq, "customer-1", 0.9
    )
    return replace(made, **changed)


def any_utterance(seq: int, **changed: Any) -> Utterance:
    made = Utterance("bank", "c1", f"customer-{seq}", seq, Speaker.CUSTOMER, seq * 10, seq * 10 + 5, f"text {seq}")
    return replace(made, **changed)


def any_conversation(version: int, **changed: Any) -> Conversation:
    made = Conversation(ConversationState("bank", "c1", annotation_seq=version), version=version)
    return replace(made, **changed)


def saved(conversations: Conversations, *annotations: Annotation, version: int = 1) -> None:
    conversations.save("bank", "c1", any_conversation(version), annotations, expected_version=version - 1)


class ConversationsContract:
    def test_of_a_call_on_which_nothing_was_guided_there_is_nothing(self, conversations: Conversations) -> None:
        assert conversations.conversation("bank", "c1") is None
        assert list(conversations.annotations("bank", "c1", 0, 10)) == []
        assert list(conversations.checklist("bank", "c1")) == []
        assert conversations.annotation("bank", "c1", "id-1") is None

    def test_state_checklist_and_annotations_come_back_as_they_were_saved(self, conversations: Conversations) -> None:
        items = (ChecklistItem("duties", "greeting", "Greet", "done"),)
        conversation = any_conversation(1, checklist=items)
        conversations.save("bank", "c1", conversation, [any_annotation(1)], expected_version=0)
        assert conversations.conversation("bank", "c1") == conversation
        assert tuple(conversations.checklist("bank", "c1")) == items
        assert conversations.annotation("bank", "c1", "id-1") == any_annotation(1)

    @pytest.mark.parametrize("expected_version", [0, 2])
    def test_a_save_needs_the_version_that_was_read_and_else_stores_nothing(
        self, conversations: Conversations, expected_version: int
    ) -> None:
        saved(conversations, any_annotation(1), any_annotation(2))
        with pytest.raises(ConversationBusy):
            conversations.save(
                "bank", "c1", any_conversation(3), [any_annotation(3)], expected_version=expected_version
            )
        assert [each.seq for each in conversations.annotations("bank", "c1", 0, 10)] == [1, 2]
        assert conversations.conversation("bank", "c1") == any_conversation(1)

    def test_a_conversation_that_was_never_saved_has_no_version_to_expect(self, conversations: Conversations) -> None:
        with pytest.raises(ConversationBusy):
            saved(conversations, any_annotation(1), version=2)
        assert conversations.conversation("bank", "c1") is None

    def test_an_annotation_is_never_overwritten(self, conversations: Conversations) -> None:
        saved(conversations, any_annotation(1))
        with pytest.raises(ConversationBusy):
            saved(conversations, any_annotation(2), any_annotation(1, name="other"), version=2)
        assert list(conversations.annotations("bank", "c1", 0, 10)) == [any_annotation(1)]
        assert conversations.conversation("bank", "c1") == any_conversation(1)

    def test_annotations_come_page_by_page_by_rising_seq(self, conversations: Conversations) -> None:
        saved(conversations, *map(any_annotation, range(12, 0, -1)))
        assert [each.seq for each in conversations.annotations("bank", "c1", 3, 4)] == [4, 5, 6, 7]
        assert [each.seq for each in conversations.annotations("bank", "c1", 7, 100)] == [8, 9, 10, 11, 12]

    def test_utterances_come_page_by_page_by_rising_seq(self, conversations: Conversations, commit: Commit) -> None:
        for seq in range(12, 0, -1):
            commit(any_utterance(seq))
        assert list(conversations.utterances("bank", "c1", 3, 2)) == [any_utterance(4), any_utterance(5)]
        assert [each.seq for each in conversations.utterances("bank", "c1", 9, 100)] == [10, 11, 12]

    def test_moments_of_high_severity_are_the_risks_by_rising_seq(self, conversations: Conversations) -> None:
        grave = [any_annotation(2, severity="high"), any_annotation(4, severity="high")]
        others = [any_annotation(1), any_annotation(3, severity="high", kind=AnnotationKind.ACTION)]
        saved(conversations, *others, *reversed(grave))
        assert list(conversations.risks("bank", "c1")) == grave
        assert len(conversations.annotations("bank", "c1", 0, 10)) == 4

    def test_contacts_and_tenants_have_conversations_of_their_own(
        self, conversations: Conversations, commit: Commit
    ) -> None:
        saved(conversations, any_annotation(1, severity="high"))
        commit(any_utterance(1))
        for of in (("garage", "c1"), ("bank", "c10"), ("bank", "c")):
            assert conversations.conversation(*of) is None
            assert list(conversations.annotations(*of, 0, 10)) == list(conversations.risks(*of)) == []
            assert list(conversations.utterances(*of, 0, 10)) == []
            assert conversations.annotation(*of, "id-1") is None

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, conversations: Conversations, tenant: str, contact_id: str
    ) -> None:
        of = (tenant, contact_id)
        for reach in (conversations.conversation, conversations.risks, conversations.checklist):
            with pytest.raises(BadKey):
                reach(*of)
        for page in (conversations.utterances, conversations.annotations):
            with pytest.raises(BadKey):
                page(*of, 0, 10)
        with pytest.raises(BadKey):
            conversations.annotation(*of, "id-1")
        with pytest.raises(BadKey):
            conversations.save(*of, any_conversation(1), [], expected_version=0)
