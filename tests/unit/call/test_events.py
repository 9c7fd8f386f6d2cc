"""Unit: the catalogue of events, and what outside consumers are promised of it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from functions.specs import everything
from sotto.call import schemas
from sotto.call.after_call_work import AfterCallWork, Choice, Disposition, RankedCode
from sotto.call.contact import Contact, Speaker
from sotto.call.contact_facts import ContactFacts
from sotto.call.correction import Correction, CorrectionKind
from sotto.call.envelope import Envelope, NotAnEvent, event_from
from sotto.call.events import (
    CATALOGUE,
    AgentConnected,
    AlertDigest,
    AlertRaised,
    AppealLodged,
    CallNoted,
    CallSketched,
    ConsentWithdrawn,
    ContactMeasured,
    ConversationEnded,
    ConversationErased,
    ConversationStarted,
    CorrectionGiven,
    CrmFiled,
    DispositionChosen,
    DispositionSuggested,
    Event,
    FeedbackGiven,
    MomentNoticed,
    OutcomeKnown,
    PersonChosen,
    RecordingAvailable,
    RecordingMissing,
    RecordingRedacted,
    ReviewClosed,
    ScorecardReady,
    SummaryReady,
    TranscriptCompleted,
    UtteranceCommitted,
    WorkflowDecided,
    WorkflowEnded,
    WorkflowStarted,
    WorkflowWaiting,
)
from sotto.call.feedback import FeedbackAction, FeedbackEntry
from sotto.call.review import Review, ReviewState
from sotto.call.sketch import CallSketch
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.core.resources import EVENT_SOURCE

NOW_MS = 1_790_000_000_123
SECRET = "my sister is ill"
CHOSEN = AfterCallWork(
    "bank",
    "c1",
    disposition=Disposition(
        (RankedCode("saved", SECRET, 0.9),), "saved", "v1", Choice("saved", SECRET, "emma", NOW_MS)
    ),
    version=4,
)
CONTACT = Contact("bank", "c1", "arn", "stream", NOW_MS, agent="emma", attributes={"note": SECRET}, version=3)
EVENTS: tuple[Event, ...] = (
    ConversationStarted.of(CONTACT),
    AgentConnected.of(CONTACT, at_ms=NOW_MS),
    UtteranceCommitted.of(
        Utterance("bank", "c1", "customer-00001000", 7, Speaker.CUSTOMER, 1, 2, SECRET), at_ms=NOW_MS
    ),
    TranscriptCompleted.of("bank", "c1", last_seq=7, at_ms=NOW_MS),
    ConversationEnded.of(CONTACT, at_ms=NOW_MS),
    SummaryReady.of(
        CallSummary("bank", "c1", (SummaryLine(SummaryPart.OVERVIEW, SECRET),), Origin.MODEL, "m", 7, NOW_MS, 9, 2)
    ),
    DispositionSuggested.of(CHOSEN, at_ms=NOW_MS),
    DispositionChosen.of(CHOSEN),
    ContactMeasured.of(ContactFacts("bank", "c1", "c0", NOW_MS)),
    FeedbackGiven.of(FeedbackEntry("bank", "c1", "a-1", "emma", FeedbackAction.RATED, NOW_MS, reason=SECRET)),
    CorrectionGiven.of(
        Correction("bank", "c1", "a-1", "u-1", "emma", CorrectionKind.BETTER_WORDS, NOW_MS, words=SECRET)
    ),
    ScorecardReady.of("bank", "c1", form="every_call", version=2, at_ms=NOW_MS),
    AppealLodged.of("bank", "c1", form="every_call", version=2, at_ms=NOW_MS),
    RecordingAvailable.of("bank", "c1", recording="r-1", version=1, at_ms=NOW_MS),
    RecordingMissing.of("bank", "c1", recording="none", version=1, at_ms=NOW_MS),
    RecordingRedacted.of("bank", "c1", recording="r-1", version=3, at_ms=NOW_MS),
    CrmFiled.of("bank", "c1", "crm", 2, NOW_MS),
    PersonChosen.of("bank", "c1", "crm", 3, NOW_MS),
    OutcomeKnown.of("bank", "c1", "case_closed", NOW_MS),
    ReviewClosed.of(Review("bank", "c1", ReviewState.CHANGED, NOW_MS - 5, by="sue", at_ms=NOW_MS, version=2)),
    ConsentWithdrawn.of("bank", "c1", decided_at_ms=NOW_MS),
    MomentNoticed("bank", "c1", "a-3", 3, NOW_MS),
    CallSketched.of(CallSketch("bank", "c1", "v1", 3, 1, 0.5, 2.5, "", {"lost_card": 2}, through_seq=7), at_ms=NOW_MS),
    AlertRaised.of("bank", "alert-1", rule="rule-1", number=2, at_ms=NOW_MS),
    AlertDigest.of("bank", "digest-1", alerts=3, at_ms=NOW_MS),
    CallNoted.of("bank", "c1", note="0f", at_ms=NOW_MS),
    WorkflowStarted.of("bank", "c1", run="wf_1", version=1, at_ms=NOW_MS),
    WorkflowWaiting.of("bank", "c1", run="wf_1", version=4, at_ms=NOW_MS),
    WorkflowDecided.of("bank", "c1", run="wf_1", version=5, at_ms=NOW_MS),
    WorkflowEnded.of("bank", "c1", run="wf_1", version=6, at_ms=NOW_MS),
    ConversationErased.of("bank", "c1", asked_by=NOW_MS, at_ms=NOW_MS + 20_000),
)


def of_type(event: Event) -> str:
    return event.TYPE


def test_there_is_an_example_here_of_every_type() -> None:
    assert {type(event) for event in EVENTS} == set(CATALOGUE)
    assert len({kind.TYPE for kind in CATALOGUE}) == len(CATALOGUE)


@pytest.mark.parametrize("event", EVENTS, ids=of_type)
def test_an_event_arrives_as_it_was_written_and_fits_its_published_schema(event: Event) -> None:
    carried = Envelope.of(event).model_dump()
    assert event_from({"detail-type": event.TYPE, "detail": carried}) == event
    schema = schemas.schema_of(type(event))
    jsonschema.validate(carried, schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("event", EVENTS, ids=of_type)
def test_an_event_holds_no_text_and_nobodys_name(event: Event) -> None:
    carried = " ".join(Envelope.of(event).model_dump().values())
    assert SECRET not in carried and "emma" not in carried


@pytest.mark.parametrize("event", EVENTS, ids=of_type)
def test_the_same_event_has_the_same_id_and_any_other_another(event: Event) -> None:
    assert replace(event).id == event.id
    assert len({each.id for each in EVENTS}) == len(EVENTS)
    for other in ({"tenant": "garage"}, {"contact_id": "c2"}, {"record": "else"}, {"number": event.number + 1}):
        assert replace(event, **other).id != event.id  # type: ignore[arg-type]


def test_the_schemas_beside_the_code_are_those_of_the_code() -> None:
    """Else: ``make schemas``. A change that a consumer would misread is a new version."""
    found = {path: path.read_text() for path in schemas.FOLDER.glob("*.json")}
    assert found == schemas.files()


@pytest.mark.parametrize(
    ("delivered", "wrong"),
    [
        ({}, "detail: missing"),
        ({"detail": {}}, "wrong or missing: id: missing; type: missing; schema_version"),
        ({"detail": {**Envelope.of(EVENTS[0]).model_dump(), "number": SECRET}}, "wrong or missing: number"),
        ({"detail": {**Envelope.of(EVENTS[0]).model_dump(), "type": "call.dreamt"}}, "not in this catalogue"),
        ({"detail": {**Envelope.of(EVENTS[0]).model_dump(), "schema_version": "2"}}, "not in this catalogue"),
        ({"detail": {**Envelope.of(EVENTS[0]).model_dump(), "occurred_at": SECRET}}, "occurred_at"),
    ],
)
def test_what_is_no_event_is_refused_by_field_and_without_values(delivered: dict[str, object], wrong: str) -> None:
    with pytest.raises(NotAnEvent, match=re.escape(wrong)) as refused:
        event_from(delivered)
    assert SECRET not in str(refused.value)


def test_a_consumer_ignores_what_a_newer_writer_adds() -> None:
    carried = Envelope.of(EVENTS[0]).model_dump() | {"channel": "chat"}
    assert event_from({"detail": carried}) == EVENTS[0]


def test_the_pipe_carries_every_field_of_the_envelope_and_rules_know_every_type_they_ask_for() -> None:
    (pipe,) = everything().pipes
    assert set(pipe.fields) == set(Envelope.model_fields)
    (bus,) = everything().buses
    asked = {kind for rule in everything().rules_of(bus) for kind in rule.pattern["detail-type"]}
    assert asked <= {kind.TYPE for kind in CATALOGUE}
    assert all(rule.pattern["source"] == [EVENT_SOURCE] for rule in everything().rules_of(bus))


def test_events_are_written_where_their_records_are_and_nowhere_else() -> None:
    """Those who write them are listed here so that a new one is looked at."""
    writers = sorted(
        str(path.relative_to("sotto"))
        for path in Path("sotto").rglob("*.py")
        if re.search(r"import (outbox_(item|write)|VersionedItem)", path.read_text())
    )
    assert writers == [
        "after_call/adapters/dynamodb_reviews.py",
        "after_call/adapters/dynamodb_summaries.py",
        "after_call/adapters/dynamodb_work.py",
        "alerts/adapters/dynamodb_alerts.py",
        "api/adapters/dynamodb_corrections.py",
        "api/adapters/dynamodb_feedback.py",
        "aws/versioned_item.py",
        "consent/adapters/dynamodb_consents.py",
        "contacts/adapters/dynamodb_contacts.py",
        "contacts/adapters/dynamodb_erasures.py",
        "contacts/adapters/dynamodb_facts.py",
        "filing/adapters/dynamodb_filings.py",
        "filing/adapters/dynamodb_notes.py",
        "filing/adapters/dynamodb_outcomes.py",
        "guidance/adapters/dynamodb_conversations.py",
        "learning/adapters/dynamodb_sketches.py",
        "recordings/adapters/dynamodb_recordings.py",
        "scorecards/adapters/dynamodb_evaluations.py",
        "transcription/adapters/dynamodb_leases.py",
        "workflows/adapters/dynamodb_runs.py",
    ]
