"""Finds the answer to a question over all conversations with a customer, in the words that are there; or finds that it
is not in them.

What is found is an answer only if it is of the kind that is asked for (expected.py) and holds most of what the question
names, weighed by how rare it is among the customer's utterances; where it means nearly the same, less is enough. A
question about something that nobody spoke of names a word that is in none of them, and such a word weighs most.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sotto.after_call.stored_call import Call
from sotto.api.ask.search import PART_OF_A_WORD, asked_words, speaker_named
from sotto.api.insights.expected import expected, holds
from sotto.api.insights.synonyms import ALIKE
from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.core.content_words import content_words

COVERED = 0.65
"""Share of a question's words, weighed by rarity, that an utterance must hold to answer it by words alone."""
COVERED_AND_MEANT, MEANT = 0.5, 0.4
"""The same with a cosine of at least ``MEANT``."""
SAME_MATTER, SAME_MEANING = 0.5, 0.3
"""From which on what was spoken later is about what the best answer is about."""
MOST_ANSWERS = 3
OTHER_SPEAKER = 0.7
"""What the one who was not asked about said counts this much."""

Place = tuple[str, str]
"""Contact and utterance."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """``at_ms``: Unix epoch."""

    contact: Contact
    utterance: Utterance
    at_ms: int


@dataclass(frozen=True, slots=True)
class Answer:
    """``earlier``: what was said of the same matter before, the newest first."""

    stands: Spoken
    earlier: tuple[Spoken, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """``matched``: words of the question; ``covered``: their share of it. ``like``: cosine, 0 where it is not near."""

    spoken: Spoken
    matched: frozenset[str]
    covered: float
    like: float
    score: float


@dataclass(frozen=True, slots=True)
class CallOf:
    contact: Contact
    call: Call


def answers(question: str, calls: Sequence[CallOf], meant: Mapping[Place, float]) -> tuple[Answer, ...]:
    """Best first; none where the conversations do not hold it. ``meant``: cosines with the question, of those
    utterances that are near it."""
    together, spoken = _together(calls)
    wanted = expected(question)
    every = asked_words(question)
    asked = [word for word in every if word not in wanted.names] or every
    if not asked or not together.utterances:
        return ()
    rarity = _rarities(asked, together)
    likeness = {_joined(*place): cosine for place, cosine in meant.items()}
    speaker = speaker_named(question)
    found: list[_Found] = []
    for at, utterance in enumerate(together.utterances):
        if utterance.text.rstrip().endswith("?") or utterance.speaker is Speaker.SYSTEM:
            continue
        words = _with_what_was_asked(together, at)
        matched = frozenset(word for word in asked if _holds(words, word))
        like = likeness.get(utterance.id, 0.0)
        if not (matched or like) or not holds(wanted.kind, utterance.text, every):
            continue
        covered = sum(rarity[word] for word in matched) / sum(rarity.values())
        score = (covered + like) * (1 if speaker in (None, utterance.speaker) else OTHER_SPEAKER)
        found.append(_Found(spoken[utterance.id], matched, covered, like, score))
    return _standing(found, rarity)


def _answers(each: _Found) -> bool:
    return each.covered >= COVERED or (each.covered >= COVERED_AND_MEANT and each.like >= MEANT)


def _standing(found: Sequence[_Found], rarity: Mapping[str, float]) -> tuple[Answer, ...]:
    """Of what answers, the best of the newest conversation; others of it after that; older ones as what it was before.
    What was spoken later by the same person about the same, and is of the kind that is asked for, is newer still."""
    best = [each for each in found if _answers(each)]
    if not best:
        return ()
    top = max(best, key=lambda each: each.score)
    matter = [each for each in found if each is top or _is_same_matter(each, top, rarity)]
    latest_ms = max(each.spoken.contact.media_started_at_ms for each in matter)
    newest = [each for each in matter if each.spoken.contact.media_started_at_ms == latest_ms]
    before = [each for each in matter if each.spoken.contact.media_started_at_ms < latest_ms]
    newest.sort(key=lambda each: -each.score)
    before.sort(key=lambda each: -each.spoken.at_ms)
    earlier = tuple(each.spoken for each in before[:MOST_ANSWERS])
    return (Answer(newest[0].spoken, earlier), *(Answer(each.spoken) for each in newest[1:MOST_ANSWERS]))


def _is_same_matter(each: _Found, top: _Found, rarity: Mapping[str, float]) -> bool:
    if each.spoken.utterance.speaker is not top.spoken.utterance.speaker:
        return False
    shared = sum(rarity[word] for word in each.matched & top.matched)
    of_top = sum(rarity[word] for word in top.matched)
    return bool(shared) and shared >= SAME_MATTER * of_top and (_answers(each) or each.like >= SAME_MEANING)


def _together(calls: Sequence[CallOf]) -> tuple[Call, dict[str, Spoken]]:
    """As one call, in the order of time; ids say which call is meant."""
    utterances: list[Utterance] = []
    spoken: dict[str, Spoken] = {}
    for each in sorted(calls, key=lambda each: (each.contact.media_started_at_ms, each.contact.contact_id)):
        contact_id, started_at_ms = each.contact.contact_id, each.contact.media_started_at_ms
        for one in each.call.utterances:
            id = _joined(contact_id, one.id)
            utterances.append(replace(one, id=id, seq=len(utterances) + 1))
            spoken[id] = Spoken(each.contact, one, started_at_ms + int(one.start_ms))
    return Call(utterances), spoken


def _joined(contact_id: str, utterance_id: str) -> str:
    return f"{contact_id}#{utterance_id}"


def _with_what_was_asked(together: Call, at: int) -> frozenset[str]:
    """The words of an utterance and, where it answers a question, those of the question."""
    utterance = together.utterances[at]
    words = set(content_words(utterance.text))
    if at:
        before = together.utterances[at - 1]
        is_reply = before.contact_id == utterance.contact_id and before.speaker is not utterance.speaker
        if is_reply and before.text.rstrip().endswith("?"):
            words |= set(content_words(before.text))
    return frozenset(words)


def _rarities(asked: Sequence[str], together: Call) -> Mapping[str, float]:
    texts = [frozenset(content_words(each.text)) for each in together.utterances]
    counts = {word: sum(1 for text in texts if _holds(text, word)) for word in asked}
    return {word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for word, n in counts.items()}


def _covered(asked: Sequence[str], rarity: Mapping[str, float], text: frozenset[str]) -> float:
    return sum(rarity[word] for word in asked if _holds(text, word)) / sum(rarity.values())


def _holds(text: frozenset[str], word: str) -> bool:
    if word in text or ALIKE.get(word, frozenset()) & text:
        return True
    return any(
        (len(word) >= PART_OF_A_WORD and word in other) or (len(other) >= PART_OF_A_WORD and other in word)
        for other in text
    )
