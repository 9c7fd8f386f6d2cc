"""What a written sentence gets wrong about the utterances that it cites: a lost "not", another figure, another name,
the other speaker. Pure, and by words: it sees what is there, not what is meant.

Each fault has a score from 0 to 1, and counts from its threshold on (``objection``), which was chosen on texts of their
own: ``sotto bench summary`` says how many planted errors are found, and how many sound sentences are suspected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import groupby

from sotto.after_call.check.polarity import contradicted
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.core.content_words import content_words
from sotto.recognition.number_spelling import spelled


class Fault(StrEnum):
    NEGATION = "negation"
    FIGURE = "figure"
    NAME = "name"
    SPEAKER = "speaker"


THRESHOLDS: Mapping[Fault, float] = {
    Fault.NEGATION: 0.1,
    Fault.FIGURE: 0.5,
    Fault.NAME: 0.5,
    Fault.SPEAKER: 0.2,
}
_CUSTOMER = r"customer|caller|client|patient|member|user|passenger|kund(?:e|in)|anrufer(?:in)?"
_AGENT = r"agent|representative|adviser|advisor|doctor|colleague|employee|assistant|mitarbeiter(?:in)?"
_SUBJECT = re.compile(rf"^\W*(?:the|der|die|a)?\s*(?:(?P<customer>{_CUSTOMER})|(?P<agent>{_AGENT}))\b", re.IGNORECASE)
_WAS_GIVEN = re.compile(
    r"^\W*(?:the\s+)?\w+\s+(?:was|is|has been|were|got)\s+"
    r"(?:told|informed|asked|offered|advised|given|promised|assured|reminded)\b",
    re.IGNORECASE,
)
"""Then the other one spoke."""
_FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*")
_GROUPED = re.compile(r",(?=\d{3}\b)")
_PARTS = re.compile(r"[.,:/-]")
_HARDLY_NUMBERS = frozenset("one first second ein eine einen oh o".split())
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][a-zà-ÿ]+(?:['’-][A-Z]?[a-z]+)?\b")
_ROLE = re.compile(rf"\b(?:{_CUSTOMER}|{_AGENT})(?:['’]s)?\b", re.IGNORECASE)
_REPORTING = re.compile(
    r"\b(?:said|says|told|tells|mention\w*|explain\w*|report\w*|not(?:e|es|ed)|ask\w*|want\w*|confirm\w*|stat(?:e|es|ed)|that)\b",
    re.IGNORECASE,
)


def objection(sentence: str, cited: Sequence[Utterance], language: str = "en") -> Fault | None:
    """The gravest fault of a sentence, or None. ``cited``: the utterances that it rests on; without any there is
    nothing to compare it with. ``language``: a primary tag."""
    found = faults(sentence, cited, language)
    over = {fault: score / THRESHOLDS[fault] for fault, score in found.items() if score >= THRESHOLDS[fault]}
    return max(over, key=lambda fault: over[fault], default=None)


def faults(sentence: str, cited: Sequence[Utterance], language: str = "en") -> dict[Fault, float]:
    """Each fault's score, 0 where there is no sign of it."""
    if not cited:
        return dict.fromkeys(Fault, 0.0)
    evidence = "\n".join(each.text for each in cited)
    claim = _ROLE.sub(" ", _REPORTING.sub(" ", sentence))
    return {
        Fault.NEGATION: contradicted(_ROLE.sub(" ", sentence), [each.text for each in cited]),
        Fault.FIGURE: _unknown_figures(sentence, evidence, language),
        Fault.NAME: _unknown_names(sentence, evidence) if language == "en" else 0.0,  # German writes every noun so
        Fault.SPEAKER: _other_speaker(sentence, claim, cited),
    }


def _unknown_figures(sentence: str, evidence: str, language: str) -> float:
    """A date or a time is one figure; a day or a month out of one may stand alone."""
    there = set(_written(evidence)) | set(_spoken(evidence, language))
    parts = {part.lstrip("0") for each in there if _PARTS.search(each) for part in _PARTS.split(each)}
    own = [*_written(sentence), *_spoken(sentence, language)]
    known = (each in there or (len(each) <= 2 and each in parts) for each in own)
    return 0.0 if all(known) else 1.0


def _written(text: str) -> list[str]:
    return [_GROUPED.sub("", each).lstrip("0") or "0" for each in _FIGURE.findall(text)]


def _spoken(text: str, language: str) -> list[str]:
    """Digits of each number that is spoken in words; "one" alone is as often no number."""
    found = []
    for (start, end), words in groupby(spelled(text, language), key=lambda word: (word.start, word.end)):
        digits = "".join(word.text for word in words if word.text.isdigit()).lstrip("0")
        as_written = text[start:end].lower()
        if digits and not any(each.isdigit() for each in as_written) and as_written not in _HARDLY_NUMBERS:
            found.append(digits)
    return found


def _unknown_names(sentence: str, evidence: str) -> float:
    there = set(re.findall(r"[^\W\d_]+", evidence.lower()))
    names = [name for name in _NAME.findall(sentence) if not _ROLE.fullmatch(name) and name != "I"]
    return 1.0 if any(name.lower().replace("’", "'").split("'")[0] not in there for name in names) else 0.0


def _other_speaker(sentence: str, claim: str, cited: Sequence[Utterance]) -> float:
    """By how much more of the sentence stands in the other one's words than in those of whom it names first."""
    subject = _SUBJECT.search(sentence)
    if subject is None:
        return 0.0
    named = Speaker.CUSTOMER if subject["customer"] else Speaker.AGENT
    if _WAS_GIVEN.search(sentence):
        named = Speaker.AGENT if named is Speaker.CUSTOMER else Speaker.CUSTOMER
    words = set(content_words(claim))
    own = _held(words, [each for each in cited if each.speaker is named])
    other = _held(words, [each for each in cited if each.speaker not in (named, Speaker.SYSTEM)])
    return max(0.0, other - own)


def _held(words: set[str], by: Sequence[Utterance]) -> float:
    shares = [len(words & set(content_words(each.text))) / len(words) for each in by] if words else []
    return max(shares, default=0.0)
