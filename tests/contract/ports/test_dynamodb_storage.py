"""Contract tests: what is particular to records in DynamoDB, as moto emulates it. What holds of every store is in the
ports' contracts."""

from __future__ import annotations

import json
from dataclasses import replace

from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries
from sotto.api.adapters.dynamodb_feedback import DynamoFeedback
from sotto.api.adapters.dynamodb_follows import DynamoFollows
from sotto.api.adapters.dynamodb_questions import DynamoQuestions
from sotto.aws import keys
from sotto.aws.audit_log import DynamoAuditLog
from sotto.aws.table import Table
from sotto.call.contact import Contact
from sotto.call.feedback import FeedbackAction, FeedbackEntry, Rating
from sotto.call.summary import SummaryPart
from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
from sotto.core.audit import AuditAction, AuditEntry
from sotto.core.clock import SystemClock
from sotto.guidance.adapters.dynamodb_conversations import DynamoConversations
from sotto.inference.adapters.dynamodb_comparisons import DynamoComparisons
from sotto.inference.comparison import Comparison, ShadowAnswer
from tests.contract.ports.call_records_contracts import any_question, any_summary
from tests.contract.ports.conversations_contract import any_annotation, any_conversation
from tests.fakes.retention import KeptUntil

CONTACT = Contact("bank", "c1", "arn", "stream", 1_790_000_000_000)


def test_who_looked_into_a_call_stays_on_record(table: Table) -> None:
    audit = DynamoAuditLog(table, KeptUntil())
    follows = DynamoFollows(table, KeptUntil(), audit)
    follows.record("bank", "c1", "sue", 1_790_000_000_000)
    follows.record("bank", "c1", "joe", 1_790_000_900_000)
    assert list(audit.entries("bank", 1_790_000_000_000, 1_790_000_900_001)) == [
        AuditEntry("bank", "sue", AuditAction.LOOKED_INTO, "contact/c1", 1_790_000_000_000),
        AuditEntry("bank", "joe", AuditAction.LOOKED_INTO, "contact/c1", 1_790_000_900_000),
    ]
    assert follows.has_followed("bank", "c1", "sue", 1_790_000_000_000)
    assert not follows.has_followed("bank", "c1", "sue", 1_790_000_000_001)
    assert not follows.has_followed("bank", "c2", "sue", 0)


def test_every_record_has_an_expiry(table: Table) -> None:
    DynamoContacts(table, KeptUntil()).record(CONTACT)
    DynamoConversations(table, KeptUntil(), SystemClock()).save(
        "bank", "c1", any_conversation(1), [any_annotation(1)], expected_version=0
    )
    DynamoSummaries(table, KeptUntil()).store(any_summary(4))
    items = list(table.between(keys.of_contact("bank", "c1"), " ", "~"))
    assert [item["sk"].partition("#")[0] for item in items] == [
        "annotation",
        "contact",
        "event",
        "event",
        "event",
        "state",
        "summary",
    ]
    expiries = {item["sk"].partition("#")[0]: item["expires_at"] for item in items}
    assert expiries.pop("event") == 1_790_000_000 + 86_400
    assert set(expiries.values()) == {1_790_604_800}


def test_comparisons_lie_by_version_and_the_same_one_counts_once(table: Table) -> None:
    kept = DynamoComparisons(table, KeptUntil())
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


def test_questions_are_stored_with_the_call_oldest_first(table: Table) -> None:
    questions = DynamoQuestions(table, KeptUntil())
    asked = [any_question(at_ms, question=f"asked at {at_ms}") for at_ms in (20, 10)]
    for each in asked:
        questions.record(each)
    assert questions.questions("bank", "c1") == asked[::-1]


def test_feedback_is_read_as_an_earlier_release_stored_it(table: Table) -> None:
    body = '{"contact_id":"c1","annotation_id":"a","rated_at_ms":2.0,"verdict":"DOWN","reason":"too late"}'
    table.put({"pk": keys.of_contact("bank", "c1"), "sk": keys.of_feedback("a"), "body": body})
    feedback = DynamoFeedback(table, KeptUntil())
    assert [(each.rating, each.reason) for each in feedback.feedback("bank", "c1")] == [(Rating.DOWN, "too late")]
    now = feedback.record(FeedbackEntry("bank", "c1", "a", "emma", FeedbackAction.ACKNOWLEDGED, 3.0))
    assert (now.rating, now.acknowledged_at_ms) == (Rating.DOWN, 3.0)


def test_a_summary_is_read_as_an_earlier_release_stored_it(table: Table) -> None:
    parts = ("told", "agreed", "open")
    body = {
        "tenant": "bank", "contact_id": "c1", "origin": "model", "model": "m", "through_seq": 4, "made_at_ms": 1,
        "made_at_call_ms": 2, "version": 1, "lines": [{"part": part, "text": "x", "rests_on": []} for part in parts],
    }  # fmt: skip
    table.put({"pk": keys.of_contact("bank", "c1"), "sk": keys.SUMMARY, "body": json.dumps(body)})
    found = DynamoSummaries(table, KeptUntil()).summary("bank", "c1")
    assert found is not None
    assert [line.part for line in found.lines] == [SummaryPart.OVERVIEW, SummaryPart.OUTCOME, SummaryPart.OPEN]
