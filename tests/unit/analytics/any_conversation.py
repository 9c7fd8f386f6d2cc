"""A conversation of two contacts, and its records, for tests to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sotto.analytics.facts.records import ContactRecords, ScoredAnswer, ScoredForm
from sotto.call.after_call_work import AfterCallWork, Choice, Disposition, StepOutcome, StepProgress
from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.contact_facts import ContactFacts
from sotto.call.feedback import Feedback, Rating
from sotto.call.sketch import CallSketch
from sotto.call.utterance import Utterance

STARTED_MS = 1_795_996_800_000
"""2026-11-30 00:00 UTC, a Monday."""


def contact(contact_id: str = "c1", **fields: Any) -> Contact:
    known: dict[str, Any] = {
        "tenant": "bank",
        "contact_id": contact_id,
        "instance_arn": "arn",
        "stream_arn": "arn",
        "media_started_at_ms": STARTED_MS,
        "queue": "cards",
        "agent": "emma",
        "team": "service",
        "status": ContactStatus.ENDED,
        "connected_at_ms": STARTED_MS + 10_000,
        "ended_at_ms": STARTED_MS + 190_000,
    }
    return Contact(**(known | fields))


def utterance(seq: int, speaker: Speaker, start_ms: int, end_ms: int, text: str = "my secret word") -> Utterance:
    return Utterance("bank", "c1", f"u{seq}", seq, speaker, start_ms, end_ms, text)


def annotation(seq: int, kind: AnnotationKind, name: str, **fields: Any) -> Annotation:
    known: dict[str, Any] = {"at_ms": seq * 10_000, "utterance_id": None, "confidence": 0.9, "latency_ms": 120.0}
    return Annotation("bank", "c1", f"a{seq}", seq, kind, name, **(known | fields))


def measured(contact_id: str = "c1", **fields: Any) -> ContactFacts:
    known = {"was_answered": True, "queue_ms": 8_000, "talk_ms": 150_000, "hold_ms": 20_000, "holds": 1}
    return ContactFacts("bank", contact_id, "c1", 1, **(known | {"after_contact_work_ms": 30_000} | fields))  # type: ignore[arg-type]


def records(**fields: Any) -> ContactRecords:
    known: dict[str, Any] = {
        "contact": contact(),
        "measured": measured(),
        "utterances": (
            utterance(1, Speaker.AGENT, 0, 10_000),
            utterance(2, Speaker.CUSTOMER, 8_000, 20_000),
            utterance(3, Speaker.AGENT, 30_000, 40_000),
        ),
        "annotations": (
            annotation(1, AnnotationKind.MOMENT, "sentiment_negative", severity="high"),
            annotation(2, AnnotationKind.ACTION, "offer_card"),
            annotation(3, AnnotationKind.ACTION, "calm_down"),
            annotation(4, AnnotationKind.ACTION, "calm_down", show={"withdraws": "a3", "because": "done"}),
            annotation(5, AnnotationKind.MOMENT, "sentiment_positive"),
        ),
        "checklist": (
            ChecklistItem("conduct", "greet", "Greet", "done", "u1"),
            ChecklistItem("conduct", "recap", "Recap", "missed"),
        ),
        "feedback": (Feedback("c1", "a2", acknowledged_at_ms=STARTED_MS + 25_000, rated_at_ms=1, rating=Rating.UP),),
        "work": AfterCallWork(
            "bank",
            "c1",
            (StepProgress("summarise_call", StepOutcome.DONE, STARTED_MS + 195_000),),
            Disposition((), "card_replaced", "b1", Choice("card_replaced", "Card", "emma", 1)),
        ),
        "scores": (
            ScoredForm("every_call", "v1", False, 80.0, False, 1.0, (ScoredAnswer("q1", "answered", "y", "rules", 1),)),
        ),
        "sketch": CallSketch("bank", "c1", "v1", 3, 1, 1.5, 2.2, "AAAA", {"card_lost": 2}, (0, 3), through_seq=7),
    }
    return ContactRecords(**(known | fields))


def transferred() -> list[ContactRecords]:
    """Two legs, the second of another team."""
    second = contact("c2", initial_contact_id="c1", team="retention", agent="liam")
    second = replace(second, media_started_at_ms=STARTED_MS + 200_000, ended_at_ms=STARTED_MS + 300_000)
    return [
        records(measured=measured(next_contact_id="c2")),
        ContactRecords(second, measured("c2", queue_ms=2_000)),
    ]
