"""The rows of one contact: Connect's sums, speech, moments, actions, checklist, quality forms, steps, sketches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sotto.analytics.facts.records import ContactRecords
from sotto.analytics.facts.tables import Row
from sotto.call.annotation import Annotation, AnnotationKind, Withdrawal
from sotto.call.contact import ContactStatus, Speaker
from sotto.call.feedback import Feedback, Rating

Rows = Iterator[tuple[str, Row]]
"""``(fact, row)``, without the columns that all facts have."""


def contact_rows(of: ContactRecords) -> Rows:
    named = {"contact": of.contact.contact_id}
    of_it = (_contact, _speech, _noticed, _checklist, _scores, _steps, _sketch)
    for fact, row in (each for rows in of_it for each in rows(of)):
        yield fact, named | row


def _contact(of: ContactRecords) -> Iterator[tuple[str, dict[str, Any]]]:
    contact, measured = of.contact, of.measured
    row: dict[str, Any] = {
        "initiation": contact.initiation_method,
        "is_over": contact.status is ContactStatus.ENDED,
        "measured": measured is not None,
        "answered": contact.agent is not None,
        "transferred": False,
    }
    if measured is not None:
        row |= {
            "disconnect_reason": measured.disconnect_reason,
            "answered": measured.was_answered,
            "transferred": measured.next_contact_id is not None,
            "queue_s": measured.queue_ms / 1000,
            "talk_s": measured.talk_ms / 1000,
            "hold_s": measured.hold_ms / 1000,
            "holds": measured.holds,
            "longest_hold_s": measured.longest_hold_ms / 1000,
            "after_work_s": measured.after_contact_work_ms / 1000,
            "handle_s": measured.handle_ms / 1000,
        }
    yield "contact", row


def _speech(of: ContactRecords) -> Iterator[tuple[str, dict[str, Any]]]:
    for speaker in Speaker:
        spoken = [each for each in of.utterances if each.speaker is speaker]
        if not spoken:
            continue
        lengths = [max(0, each.end_ms - each.start_ms) / 1000 for each in spoken]
        yield (
            "speech",
            {
                "speaker": speaker.value,
                "utterances": len(spoken),
                "words": sum(len(each.text.split()) for each in spoken),
                "speech_s": round(sum(lengths), 3),
                "longest_s": max(lengths),
                "confidence": sum(each.confidence for each in spoken) / len(spoken),
                "masked": sum(len(each.private) for each in spoken),
            },
        )


def _noticed(of: ContactRecords) -> Iterator[tuple[str, dict[str, Any]]]:
    withdrawn = {
        str(each.show["withdraws"]): str(each.show.get("because", ""))
        for each in of.annotations
        if "withdraws" in each.show
    }
    feedback = {each.annotation_id: each for each in of.feedback}
    for each in of.annotations:
        shown = {"at_s": each.at_ms / 1000, "latency_ms": each.latency_ms, "policy": each.policy}
        if each.kind is AnnotationKind.MOMENT:
            named = {"moment": each.name, "severity": each.severity, "confidence": each.confidence}
            yield "moment", named | shown
        elif "withdraws" not in each.show:
            yield "action", {"action": each.name} | shown | _answered(each, feedback, withdrawn, of)


def _answered(
    action: Annotation, feedback: Mapping[str, Feedback], withdrawn: Mapping[str, str], of: ContactRecords
) -> dict[str, Any]:
    """Used: the agent says so, or it was withdrawn because it was done."""
    given = feedback.get(action.id)
    because = withdrawn.get(action.id)
    times = [at for at in (given.acknowledged_at_ms, given.dismissed_at_ms) if at is not None] if given else []
    after_s = (min(times) - of.contact.media_started_at_ms - action.at_ms) / 1000 if times else None
    return {
        "used": (given is not None and given.acknowledged_at_ms is not None) or because == Withdrawal.DONE,
        "dismissed": given is not None and given.dismissed_at_ms is not None,
        "replaced": because == Withdrawal.REPLACED,
        "rated": given is not None and given.rating is not None,
        "rated_up": given is not None and given.rating is Rating.UP,
        "answered_after_s": after_s if after_s is not None and after_s >= 0 else None,
    }


def _checklist(of: ContactRecords) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in of.checklist:
        state = {"state": each.state, "done": each.state == "done", "missed": each.state == "missed"}
        yield "checklist", {"checklist": each.checklist, "item": each.name} | state


def _scores(of: ContactRecords) -> Iterator[tuple[str, dict[str, Any]]]:
    for form in of.scores:
        named = {"form": form.form, "form_version": form.form_version}
        yield (
            "evaluation",
            named
            | {
                "by_person": form.by_person,
                "score_pct": form.score_pct,
                "automatic_fail": form.automatic_fail,
                "determined": form.determined,
            },
        )
        for answer in form.answers:
            yield (
                "answer",
                named
                | {
                    "question": answer.question,
                    "standing": answer.standing,
                    "value": answer.value,
                    "answered_by": answer.answered_by,
                    "confidence": answer.confidence,
                    "full_marks": answer.full_marks,
                },
            )


def _steps(of: ContactRecords) -> Iterator[tuple[str, dict[str, Any]]]:
    ended_ms = of.contact.ended_at_ms
    for each in of.work.steps if of.work is not None else ():
        # What is imported years later was not late.
        after_s = (each.at_ms - ended_ms) / 1000 if ended_ms is not None and not of.contact.imported else None
        late = after_s if after_s is not None and after_s >= 0 else None
        yield "step", {"step": each.step, "outcome": each.outcome.value, "after_end_s": late}


def _sketch(of: ContactRecords) -> Iterator[tuple[str, dict[str, Any]]]:
    """A row for the call, which drift is found by, and one for each intent."""
    found = of.sketch
    if found is None:
        return
    spoken = [each for each in of.utterances if each.speaker is Speaker.CUSTOMER]
    yield (
        "understanding",
        {
            "model_version": found.version,
            "utterances": found.utterances,
            "unanswered": found.none,
            "doubt": found.doubt,
            "right": found.right,
            "unrecognised": round(sum(1 - each.confidence for each in spoken), 4),
            "sure": " ".join(map(str, found.sure)),
            "labels": " ".join(f"{label}:{count}" for label, count in found.labels.items()),
            "meaning": found.meaning,
        },
    )
    for label, count in found.labels.items():
        yield "intent", {"intent": label, "utterances": count}
