"""Names letter by letter: after the name, after what announces one ("that's spelled"), or where one was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sotto.redaction.detectors.spoken.language import Language
from sotto.redaction.detectors.spoken.names.going_on import words_before
from sotto.redaction.detectors.spoken.names.known_names import plain
from sotto.redaction.detectors.spoken.numbers.codes import letter_for_word, spelled_runs
from sotto.redaction.detectors.spoken.reading import Reading
from sotto.redaction.detectors.tokens import Token
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_LETTERS, _LETTERS_SO_FAR = 3, 2
"""That make a spelling; in an interim more of them may come."""
_WORDS_FOR_LETTERS = 4
_PIECES, _TWO = 5, 2
"""That make one where some of them are words, too ("ese", "a")."""
_HYPHENED = re.compile(r"(?<![\w-])[^\W\d_](?:-[^\W\d_]){3,}(?![\w-])")
_SPACED = re.compile(r"(?<![\w'’-])[^\W\d_](?:[ ,.]+[^\W\d_](?![\w'’-])){4,}")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w'-]*)[ ,.:;-]*$")
_NEAR = 40
"""Characters between a name, or what announces one, and its spelling: "that's spelled"."""


def spelled_names(reading: Reading, names: list[Finding]) -> Iterator[Finding]:
    """``names``: what was found already."""
    expected = reading.expected is not None and reading.expected.kind is PrivateKind.NAME
    ends = [name.end for name in names] + [a.end for a in reading.announced if a.kind is PrivateKind.NAME]
    cues = {m.end(): m.start() for m in reading.language.names.spelt.finditer(reading.plain)}
    is_about_a_thing = bool(reading.language.announcing.innocent.search(reading.plain))
    is_of_a_street = reading.expected is not None and reading.expected.kind is PrivateKind.ADDRESS
    is_other = (
        (reading.expected is not None and not expected and not is_of_a_street)
        or is_about_a_thing
        or bool(reading.announced)
    )
    kind = PrivateKind.ADDRESS if is_of_a_street else PrivateKind.NAME
    yield from () if is_other else _letter_by_letter(reading, kind, cues=cues, is_named=expected or is_of_a_street)
    yield from _words_for_letters(reading, 0, kind) if is_of_a_street else ()
    if not expected and not ends and not cues:
        return
    if (expected or cues) and reading.language.spelling.named:  # where letters have names, people spell by words
        yield from _words_for_letters(reading, 0 if expected else min(cues), PrivateKind.NAME)
    enough = _LETTERS_SO_FAR if reading.is_interim else _LETTERS
    for run in spelled_runs(reading.tokens, reading.text, reading.language.numbers, reading.language.spelling):
        is_near = any(0 <= run.start - end <= _NEAR for end in ends)
        cue = cues.get(run.start)
        has_names_of_letters = bool(reading.language.spelling.named)
        is_named = has_names_of_letters and run.pieces >= _PIECES and (expected or cue is not None)
        if (run.letters < enough and not is_named) or run.digits:
            continue
        if expected or is_near or (cue is not None and (run.letters > _LETTERS or is_named)):
            yield Finding(PrivateKind.NAME, run.start, run.end)
            ends.append(run.end)
            if cue is not None and (before := words_before(reading.text, cue, reading.language.names)):
                yield before


def _letter_by_letter(
    reading: Reading, kind: PrivateKind, *, cues: Mapping[int, int], is_named: bool
) -> Iterator[Finding]:
    """ "s-o-w-e-r-b-y", "k wie kaufmann o wie otto". ``is_named``: what is spelled is somebody's or some street's;
    elsewhere the word before its letters must say so, for references are spelled out, too."""
    for start, end, letters in _spelled_out(reading):
        before = list(_spelled_before(reading, start, letters))
        yield from before
        if is_named or before or start in cues:
            yield Finding(kind, start, end)


def _spelled_out(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Where letters stand in a row, and which."""
    if sum(1 for token in reading.tokens if len(token.text) == 1 and token.text.isalpha()) <= _LETTERS:
        return
    for pattern in (_HYPHENED, _SPACED):
        for m in pattern.finditer(reading.plain):
            yield *m.span(), "".join(c for c in m.group() if c.isalpha())
    tokens, spelling = reading.tokens, reading.language.spelling
    if not any(token.text in spelling.like for token in tokens):
        return
    at, first, letters = 0, 0, ""
    while at <= len(tokens):
        step = letter_for_word(tokens, at, spelling)
        if step:
            first, letters = (first if letters else at), letters + tokens[at].text[0]
            at += step
        elif letters and at < len(tokens) and (tokens[at].text in spelling.between or len(tokens[at].text) == 1):
            at += 1
        else:
            if len(letters) > _LETTERS:
                yield tokens[first].start, tokens[at - 1].end, letters
            at, letters = at + 1, ""


def _spelled_before(reading: Reading, start: int, letters: str) -> Iterator[Finding]:
    """ "Abderhalden, A B D E R": the word that these are the letters of."""
    m = _WORD_BEFORE.search(reading.plain, max(0, start - 40), start)
    if m and plain(m[1]).startswith(plain(letters)[:_LETTERS]) and len(m[1]) > _TWO:
        yield Finding(PrivateKind.NAME, *m.span(1))


def _words_for_letters(reading: Reading, since: int, kind: PrivateKind) -> Iterator[Finding]:
    """ "madrid oviedo roma ávila" as an answer: words in a row that make no sentence."""
    language, row = reading.language, list[Token]()
    for token in [*(t for t in reading.tokens if t.start >= since), None]:
        if token is not None and _may_stand_for_a_letter(language, token.text):
            row.append(token)
            continue
        known = sum(_may_spell(reading, each.text) for each in row)
        if len(row) >= _WORDS_FOR_LETTERS and 4 * known >= 3 * len(row):
            yield Finding(kind, row[0].start, row[-1].end)
            yield from _spelled_before(reading, row[0].start, "".join(each.text[0] for each in row))
        row = []


def _may_stand_for_a_letter(language: Language, word: str) -> bool:
    if not word.isalpha() or len(word) == _TWO or word in language.numbers.asides or word in language.hesitation:
        return False
    return word not in language.sentence_words and plain(word) not in language.names.not_names


def _may_spell(reading: Reading, word: str) -> bool:
    """Towns and given names, as spelling alphabets have them."""
    names = reading.language.names.known()
    return (
        len(word) == 1
        or word in reading.language.spelling.letters
        or word in names.places
        or names.possibly(plain(word))
    )
