"""Contract: contacts, conversations and feedback in DynamoDB, as moto emulates it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries
from sotto.api.adapters.dynamodb_feedback import DynamoFeedback
from sotto.api.adapters.dynamodb_follows import DynamoFollows
from sotto.api.adapters.dynamodb_questions import DynamoQuestions
from sotto.api.panel.conversation_view import ConversationView
from sotto.api.panel.conversations import AskedQuestion, Subject
from sotto.aws import keys
from sotto.aws.audit_log import DynamoAuditLog
from sotto.aws.table import Table
from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.feedback import FeedbackAction, FeedbackEntry, Rating
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
from sotto.contacts.follow import ContactChanged
from sotto.core.audit import AuditAction, AuditEntry
from sotto.guidance.adapters.dynamodb_conversations import DynamoConversations
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation, ConversationBusy
from sotto.inference.adapters.dynamodb_comparisons import DynamoComparisons
from sotto.inference.comparison import Comparison, ShadowAnswer
from sotto.transcription.adapters.dynamodb_leases import DynamoLeases
from sotto.transcription.lease.lease import Takeover

CONTACT = Contact("bank", "c1", "arn", "stream", 1_790_000_000_000)


class ForAWeek:
    def expires_at(self, tenant: str) -> int:
        return 1_790_604_800


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName="contacts",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        )
        yield Table(client, "contacts")


def annotation(seq: int, **changed: Any) -> Annotation:
    made = Annotation(
        "bank", "c1", f"id-{seq}", seq, AnnotationKind.MOMENT, "cancel_risk", 1_000 * seq, "customer-1", 0.9
    )
    return replace(made, **changed)


def conversation(version: int) -> Conversation:
    return Conversation(ConversationState("bank", "c1", annotation_seq=version), version=version)


def test_a_contact_is_recorded_once(table: Table) -> None:
    contacts = DynamoContacts(table, ForAWeek())
    assert contacts.record(CONTACT) is True
    assert contacts.record(replace(CONTACT, queue="another")) is False
    assert contacts.contact("bank", "c1") == CONTACT


def test_a_changed_contact_needs_the_version_it_was_read_at(table: Table) -> None:
    contacts = DynamoContacts(table, ForAWeek())
    contacts.record(CONTACT)
    connected = replace(CONTACT, agent="emma", status=ContactStatus.CONNECTED, version=1)
    contacts.replace(connected, expected_version=0)
    with pytest.raises(ContactChanged):
        contacts.replace(replace(connected, agent="liam"), expected_version=0)
    assert contacts.contacts_of("bank", "emma") == [connected]
    assert contacts.contacts_of("bank", "liam") == []


def test_after_a_transfer_only_the_new_agent_has_the_contact(table: Table) -> None:
    contacts = DynamoContacts(table, ForAWeek())
    contacts.record(CONTACT)
    contacts.replace(replace(CONTACT, agent="emma", version=1), expected_version=0)
    contacts.replace(replace(CONTACT, agent="liam", version=2), expected_version=1)
    view = ConversationView(contacts, DynamoConversations(table, ForAWeek()))
    assert view.contacts_of("bank", "emma") == []
    assert [each.contact_id for each in view.contacts_of("bank", "liam")] == ["c1"]


def connected(version: int, **changed: Any) -> Contact:
    live = replace(CONTACT, agent="emma", team="retention", status=ContactStatus.CONNECTED, version=version)
    return replace(live, **changed)


def test_a_call_is_listed_with_its_team_from_the_agents_answer_to_its_end(table: Table) -> None:
    contacts = DynamoContacts(table, ForAWeek())
    contacts.record(CONTACT)
    assert contacts.live_of_team("bank", "retention") == []
    contacts.replace(connected(1), expected_version=0)
    assert contacts.live_of_team("bank", "retention") == [connected(1)]
    contacts.replace(connected(2, status=ContactStatus.ENDED), expected_version=1)
    assert contacts.live_of_team("bank", "retention") == []
    assert list(table.between(keys.of_team("bank", "retention"), " ", "~")) == []


def test_a_call_that_goes_to_another_team_leaves_the_list_of_the_first(table: Table) -> None:
    contacts = DynamoContacts(table, ForAWeek())
    contacts.record(CONTACT)
    contacts.replace(connected(1), expected_version=0)
    contacts.replace(connected(2, agent="liam", team="service"), expected_version=1)
    with pytest.raises(ContactChanged):
        contacts.replace(connected(2), expected_version=1)
    view = ConversationView(contacts, DynamoConversations(table, ForAWeek()))
    assert view.live_contacts("bank", {"retention"}) == []
    assert [each.agent for each in view.live_contacts("bank", {"retention", "service"})] == ["liam"]
    assert view.live_contacts("garage", {"service"}) == []


def test_a_group_of_the_identity_provider_that_can_be_no_team_of_ours_has_no_calls(table: Table) -> None:
    view = ConversationView(DynamoContacts(table, ForAWeek()), DynamoConversations(table, ForAWeek()))
    assert view.live_contacts("bank", {"retention#c1", ""}) == []


def test_moments_of_high_severity_are_found_without_reading_the_others(table: Table) -> None:
    conversations = DynamoConversations(table, ForAWeek())
    grave = [annotation(2, severity="high"), annotation(4, severity="high")]
    others = [annotation(1), annotation(3, severity="high", kind=AnnotationKind.ACTION)]
    conversations.save("bank", "c1", conversation(1), [*others, *grave], expected_version=0)
    assert conversations.risks("bank", "c1") == grave
    assert len(conversations.annotations("bank", "c1", 0, 10)) == 4


def test_who_looked_into_a_call_stays_on_record(table: Table) -> None:
    audit = DynamoAuditLog(table, ForAWeek())
    follows = DynamoFollows(table, ForAWeek(), audit)
    follows.record("bank", "c1", "sue", 1_790_000_000_000)
    follows.record("bank", "c1", "joe", 1_790_000_900_000)
    assert list(audit.entries("bank", 1_790_000_000_000, 1_790_000_900_001)) == [
        AuditEntry("bank", "sue", AuditAction.LOOKED_INTO, "contact/c1", 1_790_000_000_000),
        AuditEntry("bank", "joe", AuditAction.LOOKED_INTO, "contact/c1", 1_790_000_900_000),
    ]
    assert follows.has_followed("bank", "c1", "sue", 1_790_000_000_000)
    assert not follows.has_followed("bank", "c1", "sue", 1_790_000_000_001)
    assert not follows.has_followed("bank", "c2", "sue", 0)


def test_state_and_annotations_are_stored_together_or_not_at_all(table: Table) -> None:
    conversations = DynamoConversations(table, ForAWeek())
    conversations.save("bank", "c1", conversation(1), [annotation(1), annotation(2)], expected_version=0)
    with pytest.raises(ConversationBusy):
        conversations.save("bank", "c1", conversation(1), [annotation(3)], expected_version=0)
    assert [each.seq for each in conversations.annotations("bank", "c1", 0, 10)] == [1, 2]
    assert conversations.conversation("bank", "c1") == conversation(1)


def test_gaps_are_filled_page_by_page_in_order(table: Table) -> None:
    conversations = DynamoConversations(table, ForAWeek())
    conversations.save("bank", "c1", conversation(1), [annotation(n) for n in range(1, 13)], expected_version=0)
    assert [each.seq for each in conversations.annotations("bank", "c1", 3, 4)] == [4, 5, 6, 7]
    assert [each.seq for each in conversations.annotations("bank", "c1", 7, 100)] == [8, 9, 10, 11, 12]


def test_one_tenant_never_sees_anothers_items(table: Table) -> None:
    conversations = DynamoConversations(table, ForAWeek())
    conversations.save("bank", "c1", conversation(1), [annotation(1)], expected_version=0)
    assert conversations.annotations("garage", "c1", 0, 10) == []
    assert conversations.conversation("garage", "c1") is None


@pytest.mark.parametrize(("tenant", "contact_id"), [("bank#c1", "x"), ("", "x"), ("bank", ""), ("bank", "a#b")])
def test_an_id_that_could_reach_another_key_is_refused(table: Table, tenant: str, contact_id: str) -> None:
    with pytest.raises(keys.BadKey):
        DynamoContacts(table, ForAWeek()).contact(tenant, contact_id)


def test_every_record_has_an_expiry(table: Table) -> None:
    DynamoContacts(table, ForAWeek()).record(CONTACT)
    DynamoConversations(table, ForAWeek()).save("bank", "c1", conversation(1), [annotation(1)], expected_version=0)
    items = list(table.between(keys.of_contact("bank", "c1"), " ", "~"))
    assert [item["sk"].partition("#")[0] for item in items] == ["annotation", "contact", "event", "state"]
    expiries = {item["sk"].partition("#")[0]: item["expires_at"] for item in items}
    assert expiries.pop("event") == 1_790_000_000 + 86_400
    assert set(expiries.values()) == {1_790_604_800}


def test_of_each_response_the_latest_stands(table: Table) -> None:
    feedback = DynamoFeedback(table, ForAWeek())
    feedback.record(FeedbackEntry("bank", "c1", "a", "emma", FeedbackAction.ACKNOWLEDGED, 1.0))
    feedback.record(FeedbackEntry("bank", "c1", "a", "emma", FeedbackAction.RATED, 2.0, Rating.DOWN, "too late"))
    now = feedback.record(FeedbackEntry("bank", "c1", "a", "emma", FeedbackAction.RATED, 3.0, Rating.UP))
    assert (now.acknowledged_at_ms, now.rated_at_ms, now.rating, now.reason) == (1.0, 3.0, Rating.UP, None)
    assert list(feedback.feedback("bank", "c1")) == [now]


def test_feedback_is_read_as_an_earlier_release_stored_it(table: Table) -> None:
    body = '{"contact_id":"c1","annotation_id":"a","rated_at_ms":2.0,"verdict":"DOWN","reason":"too late"}'
    table.put({"pk": keys.of_contact("bank", "c1"), "sk": keys.of_feedback("a"), "body": body})
    feedback = DynamoFeedback(table, ForAWeek())
    assert [(each.rating, each.reason) for each in feedback.feedback("bank", "c1")] == [(Rating.DOWN, "too late")]
    now = feedback.record(FeedbackEntry("bank", "c1", "a", "emma", FeedbackAction.ACKNOWLEDGED, 3.0))
    assert (now.rating, now.acknowledged_at_ms) == (Rating.DOWN, 3.0)


def test_an_utterance_comes_back_as_it_went_in(table: Table) -> None:
    said = Utterance("bank", "c1", "customer-1", 1, Speaker.CUSTOMER, 10, 20, "my number is [card number]")

    leases = DynamoLeases(table, ForAWeek())
    lease = leases.take("bank", "c1", Takeover("w", 1), now_ms=0)
    assert lease is not None
    leases.commit(lease, said, lease.checkpoint)
    assert DynamoConversations(table, ForAWeek()).utterances("bank", "c1", 0, 10) == [said]


def test_comparisons_lie_by_version_and_the_same_one_counts_once(table: Table) -> None:
    kept = DynamoComparisons(table, ForAWeek())
    one = Comparison(
        "id-1", "bank", "intent", ShadowAnswer("v1", ("buy",), 0.9, 12.0), ShadowAnswer("v2", ("sell",), 0.8, 9.0)
    )
    other = replace(one, id="id-2", shadow=one.live, failure="ModelLate")
    for comparison in (one, replace(one, tenant="garage"), one, replace(other, shadow=one.shadow)):
        kept.store(comparison)
    assert list(kept.all("bank", "intent", "v2")) == [one, replace(other, shadow=one.shadow)]
    assert list(kept.all("garage", "intent", "v2")) == [replace(one, tenant="garage")]
    assert list(kept.all("bank", "intent", "v1")) == []
    stored = table.get(keys.of_comparisons("bank", "intent", "v2"), "id-1")
    assert stored is not None and stored["expires_at"] == 1_790_604_800


def summary(through_seq: int, origin: Origin = Origin.QUOTED, text: str = "They want to leave.") -> CallSummary:
    lines = (SummaryLine(SummaryPart.REASON, text, ("customer-1",)),)
    return CallSummary("bank", "c1", lines, origin, "", through_seq, 1_790_000_000_000, 4_000)


def test_a_summary_is_replaced_by_one_that_rests_on_more_or_that_a_model_wrote(table: Table) -> None:
    summaries = DynamoSummaries(table, ForAWeek())
    assert summaries.summary("bank", "c1") is None
    kept = [
        summaries.store(each)
        for each in (
            summary(4),
            summary(4),
            summary(4, text="They may leave."),
            summary(4, Origin.MODEL),
            summary(4),
            summary(3, Origin.MODEL),
            summary(6),
        )
    ]
    assert [each and (each.version, each.through_seq) for each in kept] == [
        (1, 4), None, (2, 4), (3, 4), None, None, (4, 6),
    ]  # fmt: skip
    assert summaries.summary("bank", "c1") == kept[-1]
    assert summaries.summary("garage", "c1") is None
    item = table.get(keys.of_contact("bank", "c1"), keys.SUMMARY)
    assert item is not None and item["expires_at"] == ForAWeek().expires_at("bank")


def test_a_summary_is_read_as_an_earlier_release_stored_it(table: Table) -> None:
    parts = ("told", "agreed", "open")
    body = {
        "tenant": "bank", "contact_id": "c1", "origin": "model", "model": "m", "through_seq": 4, "made_at_ms": 1,
        "made_at_call_ms": 2, "version": 1, "lines": [{"part": part, "text": "x", "rests_on": []} for part in parts],
    }  # fmt: skip
    table.put({"pk": keys.of_contact("bank", "c1"), "sk": keys.SUMMARY, "body": json.dumps(body)})
    found = DynamoSummaries(table, ForAWeek()).summary("bank", "c1")
    assert found is not None
    assert [line.part for line in found.lines] == [SummaryPart.OVERVIEW, SummaryPart.OUTCOME, SummaryPart.OPEN]


def test_questions_are_kept_with_the_call_and_counted_by_subject_and_time(table: Table) -> None:
    questions = DynamoQuestions(table, ForAWeek())
    for at_ms, subject in ((10, Subject.CALL), (20, Subject.CALL), (20, Subject.KNOWLEDGE)):
        questions.record(AskedQuestion("bank", "c1", "ann", at_ms, subject, "fees", 2))
    assert questions.asked_since("bank", "c1", Subject.CALL, 15) == 1
    assert questions.asked_since("bank", "c1", Subject.CALL, 0) == 2
    assert questions.asked_since("bank", "c2", Subject.CALL, 0) == 0
    assert [each.question for each in questions.questions("bank", "c1")] == ["fees"] * 3
