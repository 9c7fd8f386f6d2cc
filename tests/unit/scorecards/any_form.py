"""Builders for the tests of scorecards."""

from __future__ import annotations

from typing import Any

from sotto.call.annotation import Evidence
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.guidance.conversation import Occurrence
from sotto.scorecards.answers import Answer, How, Standing
from sotto.scorecards.judge.call_facts import CallFacts
from sotto.tenants.playbook import Moment, Phrases, Playbook, PlaybookSet
from sotto.tenants.scorecards.form import AutomaticAnswer, Form, Option, Question, ScoringMode, Section

AGENT, CUSTOMER = Speaker.AGENT, Speaker.CUSTOMER
YES_OR_NO = (Option(ref="yes", text="Yes", score=10), Option(ref="no", text="No", score=0))


def any_question(ref: str = "greet", **changes: Any) -> Question:
    given: dict[str, Any] = {"ref": ref, "title": ref, "options": YES_OR_NO, "not_applicable": True}
    return Question(**given | changes)


def any_form(*questions: Question, **changes: Any) -> Form:
    given: dict[str, Any] = {
        "name": "every_call",
        "title": "Every call",
        "sections": (Section(ref="all", title="All", items=questions or (any_question(),)),),
    }
    return Form(**given | changes)


def two_sections(mode: ScoringMode, one: tuple[Question, ...], two: tuple[Question, ...], **weights: Any) -> Form:
    sections = (
        Section(ref="first", title="First", items=one, weight=weights.get("first")),
        Section(ref="second", title="Second", items=two, weight=weights.get("second")),
    )
    return any_form(mode=mode, sections=sections)


def answered(ref: str, value: str = "yes") -> Answer:
    return Answer(ref, Standing.ANSWERED, value, How.PERSON, 1.0)


def not_applicable(ref: str) -> Answer:
    return Answer(ref, Standing.NOT_APPLICABLE)


def of(*answers: Answer) -> dict[str, Answer]:
    return {answer.question: answer for answer in answers}


def spoken(*turns: tuple[Speaker, int, str]) -> tuple[Utterance, ...]:
    """(who, at which second, what); each takes two seconds; the ids are u1, u2, ..."""
    return tuple(
        Utterance("bank", "c1", f"u{n}", n, who, at_s * 1000, at_s * 1000 + 2_000, text)
        for n, (who, at_s, text) in enumerate(turns, 1)
    )


def any_call(*turns: tuple[Speaker, int, str], **changes: Any) -> CallFacts:
    utterances = spoken(*turns)
    first = next((each.start_ms for each in utterances if each.speaker is AGENT), None)
    given: dict[str, Any] = {"language": "en-US", "utterances": utterances, "agent_connected_ms": first}
    return CallFacts(**given | changes)


def happened(at_s: int, utterance_id: str, confidence: float = 0.9) -> Occurrence:
    return Occurrence(at_s * 1000, at_s * 1000 + 2_000, (Evidence(utterance_id),), confidence)


def any_playbook(**moments: tuple[str, ...]) -> Playbook:
    """Moment -> its phrases, whoever speaks them."""
    made = tuple(Moment(name=name, when=Phrases(phrases=phrases)) for name, phrases in moments.items())
    return Playbook(sets=(PlaybookSet(name="conduct", moments=made),))


def by_phrases(*phrases: str, **changes: Any) -> AutomaticAnswer:
    return AutomaticAnswer(phrases=phrases, **changes)
