"""Finds the utterances of a call that a question is about, by their words, by what was noticed in them, and by what
they mean.

Okapi BM25 (Robertson and Zaragoza, 2009) over some hundred short texts; no index outlives the question.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from sotto.after_call.stored_call import Call
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.core.content_words import content_words

K1, B = 1.2, 0.6
COVERED = 0.3
"""Share of a question's words, weighed by rarity, that an utterance must hold. A judgement: of three words one is
enough, of two common and a rare one the rare one."""
PART_OF_A_WORD = 5
"""Words this long also match inside a longer one: compounds."""

MEANT, ABOVE_OTHERS = 0.4, 0.25
"""Likeness from which an utterance is about a question whatever its words, and by how much it must exceed that of the
call's middle one: in a language that the encoder does not know, everything is like everything."""

_GERMAN = (
    "aber alle als also am an auch auf aus bei bin bis bitte da dann das dass dem den denn der des die dies diese doch"
    " du ein eine einem einen einer eines er es etwas für gab gegeben geht gibt hab habe haben hat hatte hier ich ihm"
    " ihn ihr ihre im in ist ja kann kein keine mal man mehr mein meine mich mir mit nach nicht noch nun nur ob oder"
    " schon sehr sein seine sich sie sind so um und uns unser vom von vor war waren warum was welche wem wen wenn wer"
    " werden wie wieviel wir wird wo wohin worum wurde zu zum zur über"
)
_ABOUT_THE_CALL = (
    "agent anything ask asked call caller called calling claim customer did discuss discussed exactly happen happened"
    " mention mentioned much many name named person problem promise promised reason said say saying speak spoke spoken"
    " summary talk talked tell tells told topic want wanted wants agree agreed offer offered thing something concern"
    " issue need needed why has does will would should long us get got ever end ended outcome happens next"
    " agenten agentin anliegen anruf anrufer anrufgrund besprochen erwähnt gefragt gesagt gespräch grund kunde kunden"
    " kundin möchte passiert problem sagt sagte sagen thema vereinbart versprochen wollen wollte will zugesagt"
    " zusammenfassung"
)
_TELL_NOTHING = frozenset(content_words(f"{_GERMAN} {_ABOUT_THE_CALL}"))
"""Words that every question about a call is made of: they say nothing about where the answer stands. English words of
no meaning are left out by ``content_words``."""


@dataclass(frozen=True, slots=True)
class FoundUtterance:
    """``score`` compares utterances of one question only."""

    utterance: Utterance
    score: float


def found_in(question: str, call: Call, likeness: Mapping[str, float] | None = None) -> list[FoundUtterance]:
    """Best first; none when the call has nothing of what is asked. ``likeness``: utterance's id -> cosine with the
    question, of those for which it is known."""
    likeness = likeness or {}
    by_words = {each.utterance.id: each.score for each in _found_by_words(question, call)}
    middle = median(likeness.values()) if likeness else 0.0
    meant = {each for each, like in likeness.items() if like >= max(MEANT, middle + ABOVE_OTHERS)}
    best = max(by_words.values(), default=1.0)
    found = [
        FoundUtterance(each, by_words.get(each.id, 0.0) / best + likeness.get(each.id, 0.0))
        for each in call.utterances
        if each.id in by_words or each.id in meant
    ]
    return sorted(found, key=lambda each: (-each.score, each.utterance.seq))


def _found_by_words(question: str, call: Call) -> list[FoundUtterance]:
    asked = asked_words(question)
    if not asked or not call.utterances:
        return []
    texts = _indexed(call)
    holds = [{word: _times(word, text) for word in asked} for text in texts]
    rarity = {word: _rarity(sum(1 for each in holds if each[word]), len(texts)) for word in asked}
    whole, length = sum(rarity.values()), sum(map(len, texts)) / len(texts) or 1.0
    found = []
    for utterance, text, times in zip(call.utterances, texts, holds, strict=True):
        covered = sum(rarity[word] for word in asked if times[word]) / whole
        if covered >= COVERED:
            norm = K1 * (1 - B + B * len(text) / length)
            score = sum(rarity[word] * n * (K1 + 1) / (n + norm) for word, n in times.items() if n)
            found.append(FoundUtterance(utterance, covered * score))
    return found


def with_replies(found: Sequence[Utterance], call: Call) -> list[Utterance]:
    """In the order of the call; a question is followed by what the other one answered."""
    wanted = {each.id for each in found}
    shown = []
    for each, after in pairwise([*call.utterances, None]):
        if each is not None and each.id in wanted:
            shown.append(each)
            if after is not None and each.text.rstrip().endswith("?") and after.speaker is not each.speaker:
                shown.append(after)
    return list({each.id: each for each in shown}.values())


def asked_words(question: str) -> list[str]:
    """What it names; none where it is about nothing but the call itself: "What did the customer want?" """
    return [word for word in dict.fromkeys(content_words(question)) if word not in _TELL_NOTHING]


def _indexed(call: Call) -> list[Counter[str]]:
    """The words of each utterance, with those of the moments and tasks that rest on it. A suggestion is nothing that
    was said or happened."""
    texts = {each.id: Counter(content_words(each.text)) for each in call.utterances}
    noticed = [each for each in call.annotations if each.kind is AnnotationKind.MOMENT]
    notes = [(each.utterance_id, each.show.get("title", ""), each.name) for each in noticed]
    notes += [(item.done_by, item.title, item.name) for item in call.checklist if item.state == "done"]
    for utterance_id, title, name in notes:
        if utterance_id in texts:
            texts[utterance_id].update(content_words(f"{title} {name.replace('_', ' ')}"))
    return [texts[each.id] for each in call.utterances]


def _times(word: str, text: Counter[str]) -> int:
    if text[word]:
        return text[word]
    return int(any(_shares(word, other) for other in text))


def _shares(word: str, other: str) -> bool:
    return (len(word) >= PART_OF_A_WORD and word in other) or (len(other) >= PART_OF_A_WORD and other in word)


def _rarity(containing: int, texts: int) -> float:
    return math.log(1 + (texts - containing + 0.5) / (containing + 0.5))


def speaker_named(question: str) -> Speaker | None:
    """Whose words are asked for: "What did the customer say about ...?" None when neither or both are named."""
    words = set(question.lower().replace("?", " ").split())
    customer = bool(words & {"customer", "caller", "kunde", "kundin", "anrufer", "she", "he", "they"})
    agent = bool(words & {"agent", "i", "we", "ich", "wir"})
    if customer == agent:
        return None
    return Speaker.CUSTOMER if customer else Speaker.AGENT
