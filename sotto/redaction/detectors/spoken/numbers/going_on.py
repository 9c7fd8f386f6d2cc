"""Numbers in writing that go on beyond what their form shows."""

from __future__ import annotations

from collections.abc import Set
from itertools import pairwise

from sotto.redaction.detectors.spoken.numbers.codes import SpellingWords
from sotto.redaction.detectors.spoken.numbers.digit_runs import Atom, DigitRun, Wording, runs_of
from sotto.redaction.detectors.spoken.reading import Reading
from sotto.redaction.finding import Finding

_LONG = 12
"""Digits of the shortest account number with a country's letters before it."""
_SHORT = 6
"""Digits of a document's number."""
_COUNTRIES = frozenset("de at ch es gb fr it nl be ie pt lu li".split())


def going_on(apart: list[Finding], reading: Reading, taken: Set[int]) -> list[Finding]:
    """The rest of a number in writing, before or after a word: "4 1 1 1 ... no 2 5 7 4", "double oh 3 5 3"."""
    if not apart:
        return []
    rest: list[Finding] = []
    for run in runs_of(reading.tokens, reading.language.numbers, taken):
        for one, two in pairwise(run.atoms):
            first, second = (_place_of(atom, reading) for atom in (one, two))
            between = reading.plain[first[0] if one.wording is not Wording.WRITTEN else first[1] : second[1]]
            if not any(character.isalpha() for character in between):
                continue
            for found in apart:
                if found.overlaps(*first) and not found.overlaps(*second):
                    rest.append(Finding(found.kind, second[0], _place_of(run.atoms[-1], reading)[1]))
                elif found.overlaps(*second) and not found.overlaps(*first):
                    rest.append(Finding(found.kind, _place_of(run.atoms[0], reading)[0], first[1]))
    return rest


def _place_of(atom: Atom, reading: Reading) -> tuple[int, int]:
    return reading.tokens[atom.first].start, reading.tokens[atom.last].end


def country_before(start: int, run: DigitRun, reading: Reading) -> int:
    """Where the letters of an IBAN or of a document begin that stand before its digits: "d e", "e ese", "P B"."""
    if len(run.digits) < _SHORT:
        return start
    spelling = reading.language.spelling
    at = run.first
    if len(run.digits) < _LONG:
        while at > 0 and run.first - at < 3 and _is_letter(reading.tokens[at - 1].text, spelling):
            at -= 1
        return reading.tokens[at].start
    for _ in range(2):
        word = reading.tokens[at - 1].text if at > 0 else ""
        is_name = word in spelling.named or word in spelling.letters
        is_letter = (len(word) == 1 and word.isalpha()) or is_name or (len(word) == 2 and word in _COUNTRIES)
        if not is_letter:
            break
        at -= 1
        if word in _COUNTRIES and word not in spelling.named:
            break
    return reading.tokens[at].start if run.first - at == 2 or reading.tokens[at].text in _COUNTRIES else start


def _is_letter(word: str, spelling: SpellingWords) -> bool:
    return len(word) == 1 and word.isalpha() and word not in spelling.words_of_one_letter
