"""Answers that are letters, digits and dates, however garbled: what a question announces need not look like itself."""

from __future__ import annotations

from collections.abc import Iterator

from sotto.privacy.codes import is_code_like, spelled_runs
from sotto.privacy.dates import date_words
from sotto.privacy.finding import Finding
from sotto.privacy.number_words import UNITS_OF_MEASURE
from sotto.privacy.reading import Reading
from sotto.privacy.rules import Kind

_WITH_LETTERS = frozenset({Kind.POSTCODE, Kind.IDENTITY_DOCUMENT, Kind.ACCOUNT_NUMBER})
_SHORT_ANSWER = 8
"""Words."""
_NEAR = 60
"""Characters between an announcement and what it may announce."""


def codes_in(reading: Reading) -> Iterator[Finding]:
    """Letters and digits where a postcode or a document's number was announced or asked for."""
    expected = reading.expected.kind if reading.expected else None
    if expected not in _WITH_LETTERS and not any(a.kind in _WITH_LETTERS for a in reading.announced):
        return
    for start, end, pieces in spelled_runs(reading.tokens, reading.text):
        before = [a for a in reading.announced if a.strong and a.end <= start and start - a.end <= _NEAR]
        kind = before[-1].kind if before else expected
        if kind in _WITH_LETTERS and is_code_like(reading.text[start:end]):
            strangers = 6 if pieces >= 3 else 1
            if before or reading.is_whole_answer(start, end, strangers):
                yield Finding(kind, start, end)


def answers_in(reading: Reading) -> Iterator[Finding]:
    """A short answer to the question for a date of birth or a code: from its first such word to its last, however
    garbled between."""
    expected = reading.expected
    if not expected or expected.is_complete or any(a.strong for a in reading.announced):
        return
    if expected.kind is Kind.DATE_OF_BIRTH and len(reading.tokens) <= _SHORT_ANSWER:
        words = date_words(reading.tokens)
        after = next((t.text for t in reading.tokens if words and t.start >= words[-1].end), "")
        if words and (after not in UNITS_OF_MEASURE or len(words) > 2):
            yield Finding(Kind.DATE_OF_BIRTH, words[0].start, words[-1].end)
    if expected.kind in _WITH_LETTERS and len(reading.tokens) <= 2 * _SHORT_ANSWER:
        runs = list(spelled_runs(reading.tokens, reading.text))
        if sum(pieces for _, _, pieces in runs) >= 3 or (runs and len(reading.tokens) <= 3 and _is_code(reading, runs)):
            yield Finding(expected.kind, runs[0][0], runs[-1][1])


def _is_code(reading: Reading, runs: list[tuple[int, int, int]]) -> bool:
    return any(len(piece := reading.text[start:end]) == 1 or is_code_like(piece) for start, end, _ in runs)
