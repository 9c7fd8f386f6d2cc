"""Call: what the sample calls wrote into the outbox, and what its consumers made of it."""

from __future__ import annotations

import json

import pytest

from sotto.aws.sealed_table import SealedTable
from sotto.aws.table import Table
from sotto.call.annotation import AnnotationKind
from sotto.call.events import CATALOGUE
from tests.call.conftest import Played, Stack

pytestmark = pytest.mark.call

Calls = dict[tuple[str, str], Played]
OF_EVERY_CALL = {
    "conversation.started", "agent.connected", "utterance.committed", "transcript.completed", "conversation.ended",
    "summary.ready", "scorecard.ready", "contact.measured", "moment.noticed",
}  # fmt: skip
OF_SOME = {
    "call.sketched", "disposition.suggested", "recording.available", "recording.redacted", "crm.filed",
    "workflow.started", "workflow.waiting",
}  # fmt: skip
"""Of calls whose end is likely enough, that were recorded, whose tenant has a system of record, and in which something
was promised or complained about."""


def _tenant(stack: Stack, played: Played) -> str:
    return next(name for name in stack.sotto.books if name.startswith(played.events[0]["tenant"]))


def items(stack: Stack, played: Played) -> list[dict[str, object]]:
    table = SealedTable(
        stack.sotto.engineer("dynamodb"), "sotto-contacts", stack.sotto.root.data_keys, stack.sotto.clock
    )
    return list(table.between(f"{_tenant(stack, played)}#{played.contact_id}", " ", "~"))


def test_every_call_leaves_each_settled_fact_once_in_the_outbox(sample_calls: Calls, stack: Stack) -> None:
    for played in sample_calls.values():
        events = [each for each in items(stack, played) if str(each["sk"]).startswith("event#")]
        types = {str(each["type"]) for each in events}
        assert types - OF_SOME == OF_EVERY_CALL
        assert {kind.TYPE for kind in CATALOGUE} >= OF_EVERY_CALL
        committed = sorted(int(str(each["number"])) for each in events if each["type"] == "utterance.committed")
        assert committed == list(range(1, len(played.of("utterance")) + 1))
        assert len({each["id"] for each in events}) == len(events)
        noticed = [each["record"] for each in events if each["type"] == "moment.noticed"]
        annotations = stack.sotto.root.conversations.annotations(_tenant(stack, played), played.contact_id, 0, 2_000)
        moments = [each.id for each in annotations if each.kind is AnnotationKind.MOMENT and not each.is_fact]
        assert sorted(noticed) == sorted(moments)


def test_a_summary_of_every_call_was_made_from_the_bus(sample_calls: Calls, stack: Stack) -> None:
    for played in sample_calls.values():
        (summary,) = [each for each in items(stack, played) if each["sk"] == "summary"]
        assert json.loads(str(summary["body"]))["through_seq"] == len(played.of("utterance"))


def test_publishing_is_in_the_audit_log(stack: Stack) -> None:
    table = Table(stack.sotto.engineer("dynamodb"), "sotto-audit")
    pages = table._client.get_paginator("scan").paginate(TableName="sotto-audit")
    actions = {item["action"]["S"] for page in pages for item in page["Items"]}
    assert {"book_published", "release_published"} <= actions


def test_the_work_after_every_call_was_done_and_some_ends_were_suggested(sample_calls: Calls, stack: Stack) -> None:
    suggested = {}
    for played in sample_calls.values():
        (work,) = [json.loads(str(each["body"])) for each in items(stack, played) if each["sk"] == "after-call"]
        outcomes = {each["step"]: each["outcome"] for each in work["steps"]}
        assert outcomes["summarise_call"] == "done" and "failed" not in outcomes.values()
        assert "pending" not in outcomes.values()
        suggested[played.name] = work["disposition"]["suggested"]
    assert suggested["bank_card"] in ("card_replaced", "dispute_opened"), "it ended with both"
