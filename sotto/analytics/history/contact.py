"""The rows of a synthetic contact, beside that of its conversation."""

from __future__ import annotations

import base64
import random
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sotto.analytics.history.plan import Centre, Subject

Rows = Iterator[tuple[str, dict[str, Any]]]
COSINES = 32
"""Fewer than a shard makes: enough to look at."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a call went. ``first``, ``last``: signs of the customer's mood; ``drift``: what adoption has risen by."""

    skill: float
    talk_s: float
    hold_s: float
    queue_s: float
    after_s: float
    first: int
    last: int
    drift: float
    incident: bool


def contact_facts(centre: Centre, subject: Subject, spoken: Spoken, rng: random.Random) -> Rows:
    yield "contact", _contact(spoken, rng)
    yield from _speech(spoken, rng)
    yield from _noticed(subject, spoken, rng)
    for item, likely in centre.items.items():
        done = rng.random() < min(0.99, max(0.05, likely + 0.12 * spoken.skill))
        missed = not done and rng.random() < 0.5
        state = "done" if done else "missed" if missed else "open"
        yield "checklist", {"checklist": "conduct", "item": item, "state": state, "done": done, "missed": missed}
    yield from _form(centre, spoken, rng)
    yield from _understood(subject, spoken)
    for step, median_s in (("summarise_call", 4.0), ("suggest_disposition", 6.0), ("evaluate_conversation", 9.0)):
        failed = rng.random() < 0.004
        late = round(median_s * rng.lognormvariate(0, 0.5), 2)
        yield "step", {"step": step, "outcome": "failed" if failed else "done", "after_end_s": late}


def _contact(spoken: Spoken, rng: random.Random) -> dict[str, Any]:
    return {
        "initiation": "INBOUND",
        "disconnect_reason": "CUSTOMER_DISCONNECT" if rng.random() < 0.7 else "AGENT_DISCONNECT",
        "is_over": True,
        "measured": True,
        "answered": True,
        "transferred": False,
        "queue_s": spoken.queue_s,
        "talk_s": spoken.talk_s,
        "hold_s": spoken.hold_s,
        "holds": int(spoken.hold_s > 0),
        "longest_hold_s": spoken.hold_s,
        "after_work_s": spoken.after_s,
        "handle_s": round(spoken.talk_s + spoken.hold_s + spoken.after_s, 1),
    }


def _speech(spoken: Spoken, rng: random.Random) -> Rows:
    for speaker, share in (("agent", 0.46), ("customer", 0.38)):
        speech_s = spoken.talk_s * share * rng.uniform(0.85, 1.15)
        yield (
            "speech",
            {
                "speaker": speaker,
                "utterances": max(1, round(speech_s / 5)),
                "words": round(speech_s * rng.gauss(2.5, 0.2)),
                "speech_s": round(speech_s, 1),
                "longest_s": round(speech_s * rng.uniform(0.1, 0.3), 1),
                "confidence": round(min(1.0, rng.gauss(0.93, 0.03)), 3),
                "masked": int(rng.random() < 0.3),
            },
        )


def _noticed(subject: Subject, spoken: Spoken, rng: random.Random) -> Rows:
    noticed = [(name, "info") for name in subject.moments]
    noticed += [("sentiment_negative", "medium")] if spoken.first < 0 else []
    noticed += [("sentiment_positive", "info")] if spoken.last > 0 else []
    for moment, severity in noticed:
        if rng.random() < 0.8:
            yield "moment", {"moment": moment, "severity": severity, "confidence": 0.9, **_shown(spoken, rng)}
    for action in subject.actions:
        used = rng.random() < 0.45 + 0.2 * spoken.skill + spoken.drift
        dismissed = not used and rng.random() < 0.3
        rated = rng.random() < 0.15
        yield (
            "action",
            {
                "action": action,
                "used": used,
                "dismissed": dismissed,
                "replaced": not used and not dismissed and rng.random() < 0.2,
                "rated": rated,
                "rated_up": rated and rng.random() < (0.85 if used else 0.4),
                "answered_after_s": round(rng.lognormvariate(1.6, 0.6), 1) if used or dismissed else None,
                **_shown(spoken, rng),
            },
        )


def _shown(spoken: Spoken, rng: random.Random) -> dict[str, Any]:
    at_s = round(rng.uniform(2, max(3, spoken.talk_s)), 1)
    return {"at_s": at_s, "latency_ms": round(rng.lognormvariate(5.6, 0.35), 1), "policy": "base"}


def _understood(subject: Subject, spoken: Spoken) -> Rows:
    """By lots of its own, so that what else is made up stays as it was."""
    rng = random.Random(f"{subject.disposition} {spoken}")
    count = 1 + round(spoken.talk_s / 60)
    none = sum(rng.random() < 0.15 for _ in range(count))
    doubt = [rng.gammavariate(1.0, 0.35) for _ in range(count)]
    spread = 40 / count**0.5
    meaning = array("b", (max(-127, min(127, round(rng.gauss(0, spread)))) for _ in range(COSINES)))
    labels = {subject.disposition: count - none} if count > none else {}
    yield (
        "understanding",
        {
            "model_version": "synthetic",
            "utterances": count,
            "unanswered": none,
            "doubt": round(sum(doubt), 4),
            "right": round(sum(1 / (1 + each) for each in doubt), 4),
            "unrecognised": round(sum(rng.uniform(0.02, 0.12) for _ in range(count)), 4),
            "sure": " ".join(["0"] * 8 + [str(none), str(count - none)]),
            "labels": " ".join(f"{label}:{number}" for label, number in labels.items()),
            "meaning": base64.b64encode(meaning.tobytes()).decode(),
        },
    )
    for label, number in labels.items():
        yield "intent", {"intent": label, "utterances": number}


def _form(centre: Centre, spoken: Spoken, rng: random.Random) -> Rows:
    named = {"form": centre.form, "form_version": "synthetic"}
    right = 0
    for question in centre.questions:
        is_open = rng.random() < 0.08
        yes = rng.random() < min(0.98, 0.72 + 0.18 * spoken.skill)
        right += int(yes and not is_open)
        answered = {"standing": "open" if is_open else "answered", "value": "" if is_open else "yes" if yes else "no"}
        by = {"answered_by": "nobody" if is_open else "rules", "confidence": 0.0 if is_open else 0.9}
        yield "answer", {**named, "question": question, **answered, **by, "full_marks": None if is_open else yes}
    score = round(100 * right / len(centre.questions), 1)
    yield (
        "evaluation",
        {
            **named,
            "by_person": rng.random() < 0.05,
            "score_pct": score,
            "automatic_fail": rng.random() < 0.01,
            "determined": 0.92,
        },
    )
