"""Answers that are letters, digits and dates, however garbled: what a question announces need not look like itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sotto.redaction.detectors.spoken.numbers.codes import SpelledRun, spelled_runs
from sotto.redaction.detectors.spoken.numbers.dates import date_words
from sotto.redaction.detectors.spoken.reading import Reading
from sotto.redaction.detectors.tokens import Token
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_WITH_LETTERS = frozenset(
    {
        PrivateKind.POSTCODE,
        PrivateKind.IDENTITY_DOCUMENT,
        PrivateKind.ACCOUNT_NUMBER,
        PrivateKind.SOCIAL_SECURITY,
    }
)
_TINY_ANSWER, _SHORT_ANSWER = 3, 8
"""Words."""
_NEAR = 60
"""Characters between an announcement and what it may announce."""


def _spelled(reading: Reading) -> Iterator[SpelledRun]:
    return spelled_runs(reading.tokens, reading.text, reading.language.numbers, reading.language.spelling)


def codes_in(reading: Reading) -> Iterator[Finding]:
    """Letters and digits where a postcode or a document's number was announced or asked for."""
    expected = reading.expected.kind if reading.expected else None
    if expected not in _WITH_LETTERS and not any(a.kind in _WITH_LETTERS for a in reading.announced):
        return
    for run in _spelled(reading):
        before = [a for a in reading.announced if a.strong and a.end <= run.start and run.start - a.end <= _NEAR]
        kind = before[-1].kind if before else expected
        if kind in _WITH_LETTERS and run.is_evident and (before or _stands_alone(run, reading)):
            yield Finding(kind, run.start, run.end)


def _stands_alone(run: SpelledRun, reading: Reading) -> bool:
    """Hardly anything was said besides, and no sentence."""
    if run.pieces < 3:
        return reading.is_whole_answer(run.start, run.end, strangers=1)
    others = _other_words(reading, [run])
    return len(others) <= 6 and (
        len(others) <= run.digits + run.letters or reading.language.sentence_words.isdisjoint(others)
    )


def answers_in(reading: Reading) -> Iterator[Finding]:
    """A short answer to the question for a date of birth or a code: from its first such word to its last, however
    garbled between."""
    expected = reading.expected
    if not expected or expected.is_complete or any(a.strong for a in reading.announced):
        return
    if expected.kind is PrivateKind.DATE_OF_BIRTH and len(reading.tokens) <= _SHORT_ANSWER:
        words = date_words(reading.tokens, reading.language.dates)
        if words and _may_be_a_date(reading, words):
            yield Finding(PrivateKind.DATE_OF_BIRTH, words[0].start, words[-1].end)
    if expected.kind in _WITH_LETTERS and len(reading.tokens) <= 2 * _SHORT_ANSWER:
        runs = list(_spelled(reading))
        if _is_garbled_code(reading, runs):
            yield Finding(expected.kind, runs[0].start, runs[-1].end)


def _may_be_a_date(reading: Reading, words: list[Token]) -> bool:
    """Not a sentence with such words in it: "may my wife drive?", "I need four new tires"."""
    after = next((t.text for t in reading.tokens if t.start >= words[-1].end), "")
    if after in reading.language.numbers.units_of_measure and len(words) <= 2:
        return False
    if not all(word.text in reading.language.dates.seldom for word in words) or (
        len(words) > 1 and _stand_together(reading, words)
    ):
        return True
    others = [
        t.text
        for t in reading.tokens
        if t not in words and t.text.isalnum() and t.text not in reading.language.dates.before
    ]
    return len(others) <= 1 and reading.language.sentence_words.isdisjoint(others)


def _stand_together(reading: Reading, words: list[Token]) -> bool:
    """With at most one other word between two of them."""
    at = [i for i, token in enumerate(reading.tokens) if token in words]
    return all(later - earlier <= 2 for earlier, later in pairwise(at))


def _is_garbled_code(reading: Reading, runs: list[SpelledRun]) -> bool:
    """Part of a code for certain, and hardly a sentence around it; or nothing but what letters sound like."""
    pieces = sum(run.pieces for run in runs)
    others = _other_words(reading, runs)
    evident = sum(run.digits + run.letters for run in runs)
    if not others and pieces >= (3 if evident else 4):
        return True
    if not evident or len(reading.tokens) <= _TINY_ANSWER:
        return bool(evident)
    few = len(others) <= max(evident, pieces // 2)
    return pieces >= 3 and (few or reading.language.sentence_words.isdisjoint(others))


def _other_words(reading: Reading, runs: list[SpelledRun]) -> list[str]:
    """The words that belong to no run and are not what people put around an answer."""
    outside = (t for t in reading.tokens if not any(run.start <= t.start < run.end for run in runs))
    return [
        token.text for token in outside if token.text.isalnum() and token.text not in reading.language.numbers.asides
    ]


def begun_code(reading: Reading, since: int | None, *, is_answer: bool) -> int | None:
    """Where letters and digits begin that the next words may make a code of. ``since``: the offset from which on one
    is awaited; None: none is. Of an answer also from its first such piece on, while it is no sentence."""
    runs = [] if since is None else [r for r in _spelled(reading) if r.start >= since]
    if not runs:
        return None
    if is_answer and _may_be_garbled(reading, runs):
        return runs[0].start
    return runs[-1].start if runs[-1].end == reading.tokens[-1].end else None


def _may_be_garbled(reading: Reading, runs: list[SpelledRun]) -> bool:
    others = [token.text for token in reading.tokens if token.start >= runs[0].end and token.text.isalnum()]
    others = [word for word in _other_words(reading, runs) if word in others]
    evident = sum(run.digits + run.letters for run in runs)
    return len(others) <= 1 + evident or (
        len(others) <= _TINY_ANSWER and reading.language.sentence_words.isdisjoint(others)
    )
