"""Conversations of the past, in a line each."""

from __future__ import annotations

from typing import Any

from sotto.after_call.stored_call import Call
from sotto.api.insights.recall import CallOf
from sotto.call.annotation import Annotation, AnnotationKind, Evidence
from sotto.call.contact import Contact, Speaker
from sotto.call.summary import SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.insights.insight import DAY_MS
from sotto.insights.past_call import PastCall

NOW_MS = 1_790_000_000_000
"""21 September 2026."""


def contact(contact_id: str, days_ago: int) -> Contact:
    return Contact("bank", contact_id, "i", "s", NOW_MS - days_ago * DAY_MS, agent="emma", team="service")


def spoken(contact_id: str, *texts: str) -> list[Utterance]:
    """``A: `` before a text: the agent's."""
    return [
        Utterance(
            "bank", contact_id, f"u{at}", at, Speaker.AGENT if text.startswith("A: ") else Speaker.CUSTOMER,
            at * 1_000, at * 1_000 + 900, text.removeprefix("A: "),
        )
        for at, text in enumerate(texts, 1)
    ]  # fmt: skip


def call(contact_id: str, days_ago: int, *texts: str, lines: Any = (), moments: Any = ()) -> PastCall:
    return PastCall(contact(contact_id, days_ago), spoken(contact_id, *texts), tuple(lines), tuple(moments))


def asked_of(contact_id: str, days_ago: int, *texts: str) -> CallOf:
    return CallOf(contact(contact_id, days_ago), Call(spoken(contact_id, *texts)))


def line(part: SummaryPart, text: str, *rests_on: str, **more: Any) -> SummaryLine:
    return SummaryLine(part, text, rests_on, **more)


def moment(name: str, severity: str, rests_on: str = "u1", **show: Any) -> Annotation:
    return Annotation(
        "bank", "c1", f"a-{name}", 1, AnnotationKind.MOMENT, name, 1, rests_on, 0.83, severity,
        {"title": name.replace("_", " ").capitalize(), **show}, (Evidence(rests_on),),
    )  # fmt: skip
