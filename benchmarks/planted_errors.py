"""Sentences as a summary writes them, each with the utterances that it cites, sound and with one planted error.

A sound sentence reports one utterance's sentence ("I moved my flight to May 20" becomes "The customer said that they
moved their flight to May 20"), with words left out and exchanged as writers do, and cites the utterances around it as
well. The errors: a "not" dropped, a figure changed, a name exchanged, the speaker exchanged. Everything is drawn by a
seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.summary_texts import Conversation
from sotto.after_call.check.faults import Fault
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.core.content_words import content_words
from sotto.tenants.article_text import sentences

NAMES = "Oliver Hannah Marcus Priya Gustav Leila Boston Denver Lisbon Oslo Karl Naomi Berlin Felix Irene Dublin".split()
FEWEST, MOST = 5, 30
_NOT = re.compile(
    r"\b(?P<verb>do|does|did|is|are|was|were|has|have|had|would|could|should|wo|ca)n['’]t\b"
    r"|\b(?P<can>cannot)\b|\bnot\b ?",
    re.I,
)
_WHOLE = {"wo": "will", "ca": "can"}
_LISTED = re.compile(r"\*\*|\b\d+[.!]?$|^[-#\d]")
"""Out of a list that an assistant wrote: nobody speaks so."""
_NUMBER = re.compile(r"\b\d{1,3}(?:,\d{3})+\b|\b\d+\b")
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][a-z]{2,}\b")
_LEADING = re.compile(
    r"^(?:(?:um|uh|so|well|okay|ok|yes|yeah|no|right|and|but|sure|thank you|thanks|hi|hello)\b[,.! ]*)+", re.I
)
_EXCHANGED = (
    ("really ", ""), ("just ", ""), ("actually ", ""), ("about ", "around "), ("help", "assistance"),
    ("need to", "have to"), ("booked", "reserved"), ("currently ", ""), ("a lot of", "much"),
    ("unable to", "not able to"), ("won't", "will not"),
    ("don't", "do not"), ("didn't", "did not"), ("can't", "cannot"), ("isn't", "is not"), ("haven't", "have not"),
)  # fmt: skip
_PERSONS = (
    (r"\bI['’]m\b", "they are"), (r"\bI['’]ve\b", "they have"), (r"\bI['’]ll\b", "they will"),
    (r"\bI['’]d\b", "they would"), (r"\bI am\b", "they are"), (r"\bI was\b", "they were"), (r"\bI\b", "they"),
    (r"\bmy\b", "their"), (r"\bme\b", "them"),
    (r"\bmyself\b", "themselves"), (r"\bwe\b", "they"), (r"\bour\b", "their"), (r"\byour\b", "the other one's"),
    (r"\byou['’]re\b", "the other one is"), (r"\byou\b", "the other one"),
)  # fmt: skip
_SAID = ("said that", "explained that", "mentioned that", "reported that", "stated that")
_TOLD = ("said that", "explained that", "told the customer that", "confirmed that")


@dataclass(frozen=True, slots=True)
class Written:
    """``fault``: the planted one; None where the sentence is sound."""

    sentence: str
    cited: tuple[Utterance, ...]
    fault: Fault | None = None


def written(conversations: Iterable[Conversation], *, seed: int, most_each: int = 25) -> Iterator[Written]:
    """Sound sentences, and after each the errors that can be planted in it."""
    draw = random.Random(seed)
    for conversation in conversations:
        places = [
            (at, text)
            for at, each in enumerate(conversation.utterances)
            for text in sentences(each.text)
            if not _LISTED.search(text)
            and FEWEST <= len(text.split()) <= MOST
            and not text.endswith("?")
            and len(set(content_words(text))) >= 3
        ]
        for at, text in draw.sample(places, min(most_each, len(places))):
            yield from _sound_and_planted(conversation.utterances, at, text, draw)


def _sound_and_planted(utterances: Sequence[Utterance], at: int, text: str, draw: random.Random) -> Iterator[Written]:
    cited = tuple(utterances[max(0, at - 1) : at + 2]) if draw.random() < 0.5 else (utterances[at],)
    speaker = utterances[at].speaker
    said = _reworded(_LEADING.sub("", text).rstrip(".!") or text, draw)
    verb = draw.choice(_SAID if speaker is Speaker.CUSTOMER else _TOLD)
    sound = _reported(speaker, verb, said)
    yield Written(sound, cited)
    if (dropped := _NOT.sub(_affirmed, said, count=1)) != said:
        yield Written(_reported(speaker, verb, dropped), cited, Fault.NEGATION)
    if numbers := _NUMBER.findall(said):
        old = draw.choice(numbers)
        yield Written(sound.replace(old, _another(old, draw), 1), cited, Fault.FIGURE)
    if names := [name for name in _NAME.findall(said) if name not in ("The", "They")]:
        old = draw.choice(names)
        new = draw.choice([name for name in NAMES if name != old])
        yield Written(re.sub(rf"\b{re.escape(old)}\b", new, sound), cited, Fault.NAME)
    other = Speaker.AGENT if speaker is Speaker.CUSTOMER else Speaker.CUSTOMER
    yield Written(_reported(other, draw.choice(_SAID), said), cited, Fault.SPEAKER)


def _reported(speaker: Speaker, verb: str, said: str) -> str:
    for pattern, instead in _PERSONS:
        said = re.sub(pattern, instead, said)
    first = said[:1].lower() + said[1:] if not re.match(r"[A-Z][a-z]+ [A-Z]|[A-Z]{2}", said) else said
    return f"The {speaker.value} {verb} {first}."


def _reworded(text: str, draw: random.Random) -> str:
    for old, new in _EXCHANGED:
        if draw.random() < 0.5:
            text = text.replace(old, new)
    parts = text.split(", ")
    if len(parts) > 2 and draw.random() < 0.4:
        del parts[draw.randrange(1, len(parts))]
    return ", ".join(parts)


def _affirmed(found: re.Match[str]) -> str:
    if found["can"]:
        return "can"
    verb = found["verb"]
    return _WHOLE.get(verb.lower(), verb) if verb else ""


def _another(number: str, draw: random.Random) -> str:
    digits = [digit for digit in number if digit.isdigit()]
    at = draw.randrange(len(digits))
    digits[at] = draw.choice([each for each in "123456789" if each != digits[at]])
    fresh = iter(digits)
    return "".join(next(fresh) if each.isdigit() else each for each in number)
