"""Which part of every call a question is about, where it names nothing particular; and whether it is about a call at
all."""

from __future__ import annotations

import re
from enum import StrEnum

from sotto.after_call.extract import extracted, sums_up
from sotto.after_call.stored_call import Call
from sotto.api.ask.search import asked_words
from sotto.call.summary import SummaryPart
from sotto.call.utterance import Utterance
from sotto.core.content_words import content_words
from sotto.generation.guard import commits


class Aspect(StrEnum):
    """A part of every call."""

    REASON = "reason"
    OUTCOME = "outcome"
    WHOLE = "whole"


_OUTCOME = frozenset(
    content_words(
        "agree agreed agreement promise promised commit committed offer offered outcome result end ended finish next"
        " decide decided conclude solve solved resolve resolved settle stay stayed keep kept leave left happy"
        " satisfied vereinbart vereinbarung versprochen zugesagt angeboten ergebnis ausgegangen ausgang ende endete"
        " weiter entschieden gelöst geklärt bleibt geblieben bleiben zufrieden"
    )
)
_REASON = frozenset(
    content_words(
        "why reason want wanted wants call called calling problem issue concern need needed about"
        " warum wieso weshalb grund anrufgrund anliegen will wollte möchte problem worum"
    )
)
_PARTY = (
    r"(?:(?:the|our|this|der|die|unser|unsere)\s+)?"
    r"(?:customer|caller|client|agent|colleague|kunde|kundin|anrufer|anruferin|agentin)"
)
_OF_THE_CALL = re.compile(
    rf"\b(?:did|had|was|were)\s+(?:{_PARTY}|he|she|they|we|i)\b"
    rf"|\b(?:has|hat|hatte|war|wollte|sagte|ist)\s+(?:{_PARTY}|he|she|er)\b"
    r"|\b(?:habe\s+ich|haben\s+wir|hatten\s+wir)\b"
    r"|\b(?:on|in|during)\s+th(?:is|e)\s+call\b|\bin\s+diesem\s+gespräch\b",
    re.IGNORECASE,
)


def aspect_of(question: str) -> Aspect | None:
    """None where the question names something particular, to be looked for."""
    if not question.strip() or asked_words(question):
        return None
    words = set(content_words(question)) | set(re.findall(r"\w+", question.lower()))
    if words & _OUTCOME:
        return Aspect.OUTCOME
    return Aspect.REASON if words & _REASON else Aspect.WHOLE


def may_ask_for_the_outcome(question: str) -> bool:
    """Whether all that it names is how calls end: "Did the customer stay?" """
    words = asked_words(question)
    return bool(words) and set(words) <= _OUTCOME


def is_about_the_call(question: str) -> bool:
    """Whether the call alone can answer: who speaks did or said something. No article knows what the customer did."""
    return aspect_of(question) is not None or bool(_OF_THE_CALL.search(question))


def utterances_on(aspect: Aspect, call: Call) -> list[Utterance]:
    """In the order of the call; none where the call has not come to it yet."""
    lines = extracted(call)
    outcome = {one for line in lines if line.part is SummaryPart.OUTCOME for one in line.rests_on}
    reason = {one for line in lines if line.part is SummaryPart.REASON for one in line.rests_on}
    agreed = [each for each in call.utterances if each.id in outcome and (sums_up(each.text) or commits(each.text))]
    opening = [each for each in call.utterances if each.id in reason]
    match aspect:
        case Aspect.OUTCOME:
            return agreed
        case Aspect.REASON:
            return opening
        case Aspect.WHOLE:
            return list({each.id: each for each in (*opening, *agreed)}.values())
