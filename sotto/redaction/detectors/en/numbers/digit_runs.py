"""Digits in running talk: spoken, written or mixed, joined into runs as a listener would join them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from enum import Enum, auto

from sotto.redaction.detectors.en.numbers.number_words import (
    BRIDGES,
    LONGEST_BRIDGE,
    MAGNITUDES,
    REPEATS,
    SOUND_ALIKES,
    TEENS,
    TENS,
    UNITS,
)
from sotto.redaction.detectors.tokens import Token


class Wording(Enum):
    """How digits were said."""

    SINGLE = auto()
    """One by one: "four", "double five"."""
    PAIR = auto()
    """"forty one", "eleven"."""
    CARDINAL = auto()
    """"four thousand one hundred eleven"."""
    WRITTEN = auto()
    """"4111"."""
    SOUND_ALIKE = auto()
    """"for", "to": a digit only if its neighbours are."""


@dataclass(frozen=True, slots=True)
class Atom:
    """Digits said in one breath. ``first`` and ``last`` are token positions, both inclusive."""

    digits: str
    wording: Wording
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Atoms that belong together; sound-alikes only where real digits keep them company."""

    atoms: tuple[Atom, ...]

    @property
    def first(self) -> int:
        return self.atoms[0].first

    @property
    def last(self) -> int:
        return self.atoms[-1].last

    @property
    def digits(self) -> str:
        return "".join(atom.digits for atom in self.atoms)

    @property
    def certain_digits(self) -> int:
        """How many digits do not depend on taking "to" for "two"."""
        return sum(len(atom.digits) for atom in self.atoms if atom.wording is not Wording.SOUND_ALIKE)

    @property
    def longest_one_by_one(self) -> int:
        """The most digits said singly in a row; a sound-alike inside neither counts nor breaks the row."""
        return _longest_row(atom for atom in self.atoms if atom.wording is not Wording.SOUND_ALIKE)

    @property
    def longest_certain_row(self) -> int:
        """The same, broken by sound-alikes: "two to three" is a range as often as it is 2-2-3."""
        return _longest_row(self.atoms)

    @property
    def is_one_cardinal(self) -> bool:
        return len(self.atoms) == 1 and self.atoms[0].wording is Wording.CARDINAL


def _longest_row(atoms: Iterable[Atom]) -> int:
    longest = row = 0
    for atom in atoms:
        row = row + len(atom.digits) if atom.wording is Wording.SINGLE else 0
        longest = max(longest, row)
    return longest


def runs_of(tokens: list[Token], taken: Set[int] = frozenset(), *, company: int = 3) -> list[DigitRun]:
    """Every run of digits, in order. ``taken`` are token positions that already mean something else (a date);
    ``company`` is how many certain digits make digits of the sound-alikes beside them."""
    return [_trimmed(_with_ohs(atoms), company) for atoms in _joined(_atoms_of(tokens, taken), tokens)]


def _atoms_of(tokens: list[Token], taken: Set[int]) -> list[Atom]:
    atoms: list[Atom] = []
    at = 0
    while at < len(tokens):
        atom = None if at in taken else _atom_at(tokens, at)
        if atom:
            atoms.append(atom)
        at = atom.last + 1 if atom else at + 1
    return atoms


_LOOKS_LIKE = str.maketrans({"o": "0", "l": "1", "i": "1"})
_MISTAKEN = re.compile(r"(?=\w*\d\w*\d)[\doli]*(?:\d|(?<=\d)o)|(?=(?:\w*\d){6})[\doli]+")


def written_digits(word: str) -> str:
    """The digits that ``word`` is written in, a letter taken for one of them put right: "11o1". "2l" and "320i" are
    what they look like."""
    if word.isdecimal():
        return word
    return word.translate(_LOOKS_LIKE) if _MISTAKEN.fullmatch(word) else ""


def _atom_at(tokens: list[Token], at: int) -> Atom | None:
    word = tokens[at].text
    if digits := written_digits(word):
        return Atom(digits, Wording.WRITTEN, at, at)
    if cardinal := _cardinal_at(tokens, at):
        return cardinal
    if word in UNITS:
        return Atom(UNITS[word], Wording.SINGLE, at, at)
    if word in TEENS:
        return Atom(TEENS[word], Wording.PAIR, at, at)
    if word in TENS:
        return _tens_at(tokens, at)
    if word in REPEATS:
        return _repeated_at(tokens, at)
    if word in SOUND_ALIKES:
        return Atom(SOUND_ALIKES[word], Wording.SOUND_ALIKE, at, at)
    return None


def _word(tokens: list[Token], at: int) -> str:
    return tokens[at].text if at < len(tokens) else ""


def _tens_at(tokens: list[Token], at: int) -> Atom:
    tens = TENS[tokens[at].text]
    after = at + 2 if _word(tokens, at + 1) == "-" else at + 1
    unit = UNITS.get(_word(tokens, after), "0")
    if unit == "0":
        return Atom(tens, Wording.PAIR, at, at)
    return Atom(tens[0] + unit, Wording.PAIR, at, after)


def _repeated_at(tokens: list[Token], at: int) -> Atom | None:
    """ "double five", "triple oh", "double 5"; None for "double room"."""
    times, word = REPEATS[tokens[at].text], _word(tokens, at + 1)
    digit = UNITS.get(word) or SOUND_ALIKES.get(word) or (word if len(word) == 1 and word.isdecimal() else None)
    # "double to"/"double for" would swallow ordinary words; nothing but a nought is called "oh" after "double".
    if digit is None or (word in SOUND_ALIKES and digit != "0"):
        return None
    return Atom(digit * times, Wording.SINGLE, at, at + 1)


def _cardinal_at(tokens: list[Token], at: int) -> Atom | None:
    """A number with "hundred", "thousand"... in it, read as far as the grammar of numbers allows."""
    total = 0
    end = at
    limit = 10**12
    while True:
        group = _below_thousand(tokens, end if end == at else _past_and(tokens, end))
        if group is None:
            break
        value, after, has_hundred = group
        scale = MAGNITUDES.get(_word(tokens, after), 0)
        if scale >= 1_000 and scale < limit:
            total, end, limit = total + value * scale, after + 1, scale
            continue
        if end == at and not has_hundred:
            return None
        total, end = total + value, after
        break
    return Atom(str(total), Wording.CARDINAL, at, end - 1) if end > at else None


def _past_and(tokens: list[Token], at: int) -> int:
    return at + 1 if _word(tokens, at) == "and" else at


def _below_thousand(tokens: list[Token], at: int) -> tuple[int, int, bool] | None:
    """(value, position after, whether "hundred" was said) of "one hundred (and) eleven", "forty one", "a hundred"."""
    small = _below_hundred(tokens, at)
    if small is None and _word(tokens, at) == "a" and _word(tokens, at + 1) in MAGNITUDES:
        small = (1, at + 1)
    if small is None:
        return None
    value, after = small
    if _word(tokens, after) != "hundred":
        return value, after, False
    rest = _below_hundred(tokens, _past_and(tokens, after + 1))
    if rest is None:
        return value * 100, after + 1, True
    return value * 100 + rest[0], rest[1], True


def _below_hundred(tokens: list[Token], at: int) -> tuple[int, int] | None:
    word = _word(tokens, at)
    if word in TENS:
        pair = _tens_at(tokens, at)
        return int(pair.digits), pair.last + 1
    digits = TEENS.get(word) or UNITS.get(word) or (word if word.isdecimal() and len(word) <= 3 else None)
    return (int(digits), at + 1) if digits else None


def _joined(atoms: list[Atom], tokens: list[Token]) -> list[list[Atom]]:
    joined: list[list[Atom]] = []
    for atom in atoms:
        if joined and _bridged(tokens, joined[-1][-1].last + 1, atom.first):
            joined[-1].append(atom)
        else:
            joined.append([atom])
    return joined


def _bridged(tokens: list[Token], first: int, end: int) -> bool:
    return end - first <= LONGEST_BRIDGE and all(token.text in BRIDGES for token in tokens[first:end])


def _with_ohs(atoms: list[Atom]) -> list[Atom]:
    """An "oh" that touches a digit is a nought: nobody says "oh" there for another reason often enough to matter."""
    atoms = list(atoms)
    for order in (range(len(atoms)), range(len(atoms) - 1, -1, -1)):
        for i in order:
            if atoms[i].wording is Wording.SOUND_ALIKE and atoms[i].digits == "0" and _touches_a_digit(atoms, i):
                atoms[i] = replace(atoms[i], wording=Wording.SINGLE)
    return atoms


def _touches_a_digit(atoms: list[Atom], i: int) -> bool:
    beside = [atoms[j] for j in (i - 1, i + 1) if 0 <= j < len(atoms)]
    return any(
        a.wording is not Wording.SOUND_ALIKE and (a.last + 1 == atoms[i].first or atoms[i].last + 1 == a.first)
        for a in beside
    )


def _trimmed(atoms: list[Atom], company: int) -> DigitRun:
    """Without the sound-alikes at either end, unless enough digits stand beside them to make digits of them."""
    certain = [i for i, atom in enumerate(atoms) if atom.wording is not Wording.SOUND_ALIKE]
    if not certain:
        return DigitRun(tuple(atoms))
    first, last = certain[0], certain[-1]
    if sum(len(atoms[i].digits) for i in certain) >= company:
        while first > 0 and _keeps_company(atoms[first], atoms[first - 1]):
            first -= 1
        while last + 1 < len(atoms) and _keeps_company(atoms[last], atoms[last + 1]):
            last += 1
    return DigitRun(tuple(atoms[first : last + 1]))


def _keeps_company(atom: Atom, neighbour: Atom) -> bool:
    """A recogniser that writes "9725" would have written the next digit too, so "9725 to" ends before "to"."""
    touches = atom.last + 1 == neighbour.first or neighbour.last + 1 == atom.first
    return touches and not (atom.wording is Wording.WRITTEN and len(atom.digits) > 1)
