"""Contract: what is announced after a call is enough to index it and to count it, by whoever subscribes: an event's
detail, and the records that it leads to, read as the tenant. Nothing else is given to these consumers."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from sotto.after_call.adapters.dynamodb_reviews import DynamoReviews
from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries
from sotto.after_call.adapters.dynamodb_work import DynamoWork
from sotto.aws import keys
from sotto.aws.table import Table
from sotto.call.after_call_work import AfterCallWork, Choice, Disposition, RankedCode
from sotto.call.envelope import event_from
from sotto.call.events import (
    DispositionChosen,
    DispositionSuggested,
    Event,
    ReviewClosed,
    ScorecardReady,
    SummaryReady,
)
from sotto.call.review import Review, ReviewState
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.scorecards.adapters.dynamodb_evaluations import DynamoEvaluations
from sotto.scorecards.evaluation import Kind, standing
from tests.contract.ports.evaluations_contract import any_evaluation
from tests.fakes.retention import KeptUntil

NOW_MS = 1_790_000_000_000
TEXT = "They want to leave."
SUMMARY = CallSummary(
    "bank", "c1", (SummaryLine(SummaryPart.REASON, TEXT, ("u1",)),), Origin.QUOTED, "", 4, NOW_MS, 19_000
)
REVIEWED = replace(SUMMARY, origin=Origin.EDITED, edited_by="sue", made_at_ms=NOW_MS + 7)
CLOSED = Review("bank", "c1", ReviewState.CHANGED, NOW_MS, by="sue", at_ms=NOW_MS + 8, version=1)
SUGGESTED = AfterCallWork(
    "bank", "c1", disposition=Disposition((RankedCode("saved", "Customer stays", 0.8),), "saved", "v1"), version=1
)
CHOSEN = replace(
    SUGGESTED,
    disposition=replace(SUGGESTED.disposition, choice=Choice("closed", "Account closed", "emma", NOW_MS + 5)),  # type: ignore[type-var]
    version=2,
)


@pytest.fixture
def delivered(table: Table) -> list[Event]:
    """Everything written after a call, as the outbox carries it: an item's strings, as the detail of an event."""
    DynamoSummaries(table, KeptUntil()).store(SUMMARY)
    DynamoSummaries(table, KeptUntil()).edit(REVIEWED, before=replace(SUMMARY, version=1))
    evaluations = DynamoEvaluations(table, KeptUntil())
    evaluations.append(any_evaluation(), after=0)
    evaluations.append(any_evaluation(kind=Kind.CALIBRATION, by="tom"), after=1)
    evaluations.append(any_evaluation(kind=Kind.REVIEW, by="sue", at_ms=NOW_MS + 7, rests_on=1), after=2)
    reviews = DynamoReviews(table, KeptUntil())
    reviews.replace(CLOSED, expected_version=0, event=ReviewClosed.of(CLOSED))
    work = DynamoWork(table, KeptUntil())
    work.replace(SUGGESTED, expected_version=0, event=DispositionSuggested.of(SUGGESTED, at_ms=NOW_MS))
    work.replace(CHOSEN, expected_version=1, event=DispositionChosen.of(CHOSEN))
    items = table.between(keys.of_contact("bank", "c1"), keys.EVENT, f"{keys.EVENT}~")
    details = [{name: value for name, value in item.items() if isinstance(value, str)} for item in items]
    assert TEXT not in json.dumps(details) and "sue" not in json.dumps(details)
    return [event_from({"source": "sotto", "detail-type": each["type"], "detail": each}) for each in details]


def test_a_summary_can_be_indexed_from_its_event(delivered: list[Event], table: Table) -> None:
    first, ready = (each for each in delivered if isinstance(each, SummaryReady))
    assert (first.number, ready.number) == (1, 2), "which of two that come in any order is the later one"
    kept = DynamoSummaries(table, KeptUntil()).summary(ready.tenant, ready.contact_id)
    assert kept is not None and kept.version == ready.number
    document: dict[str, Any] = {
        "id": f"{ready.tenant}#{ready.contact_id}#{ready.record}",
        "version": ready.number,
        "text": [line.text for line in kept.lines],
        "utterances": [each for line in kept.lines for each in line.rests_on],
    }
    assert document == {"id": "bank#c1#summary", "version": 2, "text": [TEXT], "utterances": ["u1"]}


def test_dispositions_can_be_counted_from_their_events_alone_and_once_however_often_they_come(
    delivered: list[Event],
) -> None:
    facts = {
        each.id: (each.TYPE, each.record, each.tenant, each.occurred_at_ms)
        for each in (*delivered, *delivered)
        if isinstance(each, DispositionSuggested | DispositionChosen)
    }
    assert Counter((kind, code) for kind, code, _, _ in facts.values()) == {
        ("disposition.suggested", "saved"): 1,
        ("disposition.chosen", "closed"): 1,
    }
    assert {at_ms for *_, at_ms in facts.values()} == {NOW_MS, NOW_MS + 5}


def test_whether_agents_agree_with_suggestions_can_be_counted(delivered: list[Event], table: Table) -> None:
    (chosen,) = (each for each in delivered if isinstance(each, DispositionChosen))
    work = DynamoWork(table, KeptUntil()).work(chosen.tenant, chosen.contact_id)
    assert work is not None and work.disposition is not None and work.version >= chosen.number
    assert (work.disposition.suggested, chosen.record) == ("saved", "closed")


def test_a_scorecard_can_be_counted_from_its_event_and_the_last_version_stands(
    delivered: list[Event], table: Table
) -> None:
    ready = sorted((each for each in delivered if isinstance(each, ScorecardReady)), key=lambda each: each.number)
    assert [(each.record, each.number, each.occurred_at_ms) for each in ready] == [
        ("every_call", 1, NOW_MS),
        ("every_call", 3, NOW_MS + 7),
    ], "calibrations stand for nothing"
    versions = DynamoEvaluations(table, KeptUntil()).versions(ready[-1].tenant, ready[-1].contact_id, ready[-1].record)
    stands = standing(versions)
    assert stands is not None and stands.version == ready[-1].number
    rows = [
        {"form": stands.form, "form_version": stands.form_version, "question": each.question, "value": each.value}
        for each in stands.answers
    ]
    assert stands.total.percentage is not None and [row["question"] for row in rows] == ["greet", "recap", "why"]


def test_how_reviews_end_can_be_counted_from_their_events_alone(delivered: list[Event]) -> None:
    closed = {each.id: each for each in (*delivered, *delivered) if isinstance(each, ReviewClosed)}
    assert [(each.record, each.occurred_at_ms) for each in closed.values()] == [("changed", NOW_MS + 8)]
