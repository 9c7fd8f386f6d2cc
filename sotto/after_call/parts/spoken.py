"""What a summary quotes by what is spoken: promises with who made them and for when, what was tried, key facts, and how
the mood went. English and German."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from sotto.after_call.parts.due import due
from sotto.after_call.stored_call import Call
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Speaker
from sotto.call.summary import SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.core.content_words import content_words
from sotto.tenants.article_text import sentences

MOST_PROMISES = 4
MOST_TRIED = 3
MOST_FACTS = 4
FEWEST_WORDS = 3
LONGEST = 240
_PROMISE = re.compile(
    r"\b(?:i|we)(?:['’]ll| will| am going to| are going to|['’](?:m|re) going to)\b"
    r"(?! (?:be honest|say|have to ask|need to ask))"
    r"|\byou(?:['’]ll| will) (?:get|receive|hear|have|be (?:refunded|contacted|called|credited))\b"
    r"|\b(?:it|that|the [\w-]+(?: [\w-]+)?)(?:['’]ll| will)"
    r" (?:be (?:back|sent|refunded|there|with you|on|done|ready)|arrive|come|reach)\b"
    r"|\b(?:ich|wir) (?:werden?|schicken?|senden?|rufen?|melden?)\b|\bsie (?:bekommen|erhalten)\b",
    re.IGNORECASE,
)
_NO_PROMISE = re.compile(
    r"\b(?:if|unless|would|could|might|maybe|perhaps|wenn|falls|vielleicht)\b|\bthink about\b"
    r"|\b(?:will|['’]ll) (?:just )?"
    r"(?:check|look|see|take a look|ask|need|have to|be with you in a moment|put you|help)\b",
    re.IGNORECASE,
)
"""A condition, and what is done while they speak."""
_TRIED = re.compile(
    r"\b(?:i|we)(?:['’]ve| have)? (?:already |just )?"
    r"(?:tried|restarted|reset|reinstalled|rebooted|checked|called|written|asked|looked)\b"
    r"|\b(?:did|does|has)(?:n['’]t| not) (?:help|work|change anything|fix)\b|\bstill (?:does|is|do)(?:n['’]t| not)\b"
    r"|\b(?:ich|wir) (?:habe|haben) (?:schon|bereits|es)\b.*\b"
    r"(?:versucht|probiert|angerufen|geschrieben|gefragt)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"[$£€]\s?\d|\b\d+(?:[.,]\d+)*\b|\b(?:hundred|thousand|percent|dollars?|pounds?|euros?|prozent|hundert|tausend)\b"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)


def promises(call: Call) -> list[SummaryLine]:
    """The latest sentences in which somebody commits to something, with who, and the day where they name one."""
    day = _spoken_on(call)
    found = [
        SummaryLine(SummaryPart.PROMISE, _short(text), (each.id,), each.speaker, due(text, day))
        for each, text in _stated(call.utterances)
        if _PROMISE.search(text) and not _NO_PROMISE.search(text)
    ]
    return _each_once(found)[-MOST_PROMISES:]


def tried(call: Call) -> list[SummaryLine]:
    found = [
        SummaryLine(SummaryPart.TRIED, _short(text), (each.id,))
        for each, text in _stated(call.utterances, fewest=1)
        if _TRIED.search(text)
    ]
    return _each_once(found)[:MOST_TRIED]


def facts(call: Call, others: Iterable[SummaryLine]) -> list[SummaryLine]:
    """Sentences with a figure or a date that no other line holds."""
    there = " ".join(line.text for line in others)
    found = [
        SummaryLine(SummaryPart.FACT, _short(text), (each.id,))
        for each, text in _stated(call.utterances)
        if _FIGURE.search(text) and _short(text) not in there
    ]
    return _each_once(found)[-MOST_FACTS:]


def sentiment_course(call: Call) -> list[SummaryLine]:
    """How the customer's mood went, as the tenant's own moments noticed it: negative, neutral, positive, by name."""
    signs: list[tuple[str, str]] = []
    for each in call.annotations:
        sign = next((sign for sign in ("negative", "neutral", "positive") if sign in each.name), None)
        if each.kind is AnnotationKind.MOMENT and sign and (not signs or signs[-1][0] != sign):
            signs.append((sign, each.evidence[0].utterance_id if each.evidence else each.utterance_id or ""))
    if not signs:
        return []
    rests_on = tuple(dict.fromkeys(id for _, id in signs if id))
    return [SummaryLine(SummaryPart.SENTIMENT, ", then ".join(sign for sign, _ in signs), rests_on)]


def _stated(utterances: Sequence[Utterance], *, fewest: int = FEWEST_WORDS) -> Iterable[tuple[Utterance, str]]:
    """Sentences of people that are no questions and say something."""
    for each in utterances:
        if each.speaker is not Speaker.SYSTEM:
            for text in sentences(each.text):
                if not text.endswith("?") and len(set(content_words(text))) >= fewest:
                    yield each, text


def _each_once(lines: Iterable[SummaryLine]) -> list[SummaryLine]:
    return list({line.text: line for line in lines}.values())


def _spoken_on(call: Call) -> date | None:
    """In UTC: a tenant's clock may be a day apart around midnight."""
    if call.started_at_ms is None:
        return None
    return datetime.fromtimestamp(call.started_at_ms / 1000, UTC).date()


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + "…"
