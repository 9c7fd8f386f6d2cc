"""Digits in running talk: spoken, written or mixed, joined into runs as a listener would join them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from enum import Enum, auto

from sotto.redaction.detectors.spoken.numbers.number_grammar import Spelt, spelt_from
from sotto.redaction.detectors.spoken.numbers.number_words import LONGEST_BRIDGE, NumberWords
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


def runs_of(
    tokens: list[Token], words: NumberWords, taken: Set[int] = frozenset(), *, company: int = 3
) -> list[DigitRun]:
    """Every run of digits, in order. ``taken`` are token positions that already mean something else (a date);
    ``company`` is how many certain digits make digits of the sound-alikes beside them."""
    joined = _joined(_atoms_of(tokens, words, taken), tokens, words.bridges)
    return [_trimmed(_with_ohs(atoms, tokens), tokens, company) for atoms in joined]


def _atoms_of(tokens: list[Token], words: NumberWords, taken: Set[int]) -> list[Atom]:
    atoms: list[Atom] = []
    at = 0
    while at < len(tokens):
        atom = None if at in taken else _atom_at(tokens, at, words)
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


def _atom_at(tokens: list[Token], at: int, words: NumberWords) -> Atom | None:
    word = tokens[at].text
    if digits := written_digits(word):
        return _many(tokens, at, at + 1, digits, words) or Atom(digits, Wording.WRITTEN, at, at)
    if may_begin_a_number(word, words) and (atom := _spoken_at(tokens, at, words)):
        return atom
    if word in words.repeats:
        return _repeated(tokens, at, at + 1, words.repeats[word], words)
    if word in words.sound_alikes:
        return Atom(words.sound_alikes[word], Wording.SOUND_ALIKE, at, at)
    return None


def may_begin_a_number(word: str, words: NumberWords) -> bool:
    return (
        words.is_small(word)
        or word in words.hundreds
        or word in words.alone
        or word in words.one_before
        or word in words.unit_first
        or len(words.parts_of(word)) > 1
    )


def _spoken_at(tokens: list[Token], at: int, words: NumberWords) -> Atom | None:
    """One number in words; where it ends within a compound, all the numbers of the compound."""
    spelt = spelt_from(tokens, at, words)
    if (first := spelt.parts[0]) in words.repeats and len(spelt.parts) > 1 and not spelt.ends[0]:
        return _in_a_compound(spelt, at, words.repeats[first])
    read = _number_in(spelt, 0)
    if read is None:
        return None
    digits, wording, after = read
    while not spelt.ends[after - 1] and (further := _number_in(spelt, after)):
        digits, wording, after = digits + further[0], Wording.PAIR, further[2]
    while after < len(spelt.parts) and not spelt.ends[after - 1] and spelt.parts[after] in words.joins:
        after += 1  # "vierund", before a hesitation
    if not spelt.ends[after - 1]:
        return None
    last = at + spelt.ends[after - 1] - 1
    if len(digits) == 1 and (many := _many(tokens, at, last + 1, digits, words)):
        return many
    return Atom(digits, wording, at, last)


def _number_in(spelt: Spelt, i: int) -> tuple[str, Wording, int] | None:
    if cardinal := spelt.cardinal(i):
        return str(cardinal[0]), Wording.CARDINAL, cardinal[1]
    if small := spelt.below_hundred(i):
        return small[0], Wording.SINGLE if len(small[0]) == 1 else Wording.PAIR, small[1]
    return None


def _in_a_compound(spelt: Spelt, at: int, times: int) -> Atom | None:
    """ "doppelsieben"."""
    digit = spelt.words.units.get(spelt.at(1))
    return Atom(digit * times, Wording.SINGLE, at, at) if digit and spelt.ends[1] else None


def _many(tokens: list[Token], at: int, after: int, times: str, words: NumberWords) -> Atom | None:
    """ "zwei mal die sieben", "tres veces cero", "dos ceros"."""
    if times not in ("2", "3", "4"):
        return None
    word = _word(tokens, after)
    if word in words.plurals:
        return Atom(words.plurals[word] * int(times), Wording.SINGLE, at, after)
    return _repeated(tokens, at, after + 1, int(times), words) if word in words.times else None


def _word(tokens: list[Token], at: int) -> str:
    return tokens[at].text if at < len(tokens) else ""


def _repeated(tokens: list[Token], first: int, at: int, times: int, words: NumberWords) -> Atom | None:
    """ "double five", "triple oh", "double 5", "doppel-sieben"; None for "double room"."""
    while _word(tokens, at) in words.repeat_joins:
        at += 1
    word = _word(tokens, at)
    digit = (
        words.units.get(word) or words.sound_alikes.get(word) or (word if len(word) == 1 and word.isdecimal() else None)
    )
    # "double to"/"double for" would swallow ordinary words; nothing but a nought is called "oh" after "double".
    if digit is None or (word in words.sound_alikes and digit != "0"):
        return None
    return Atom(digit * times, Wording.SINGLE, first, at)


def _joined(atoms: list[Atom], tokens: list[Token], bridges: Set[str]) -> list[list[Atom]]:
    joined: list[list[Atom]] = []
    for atom in atoms:
        if joined and _bridged(tokens, joined[-1][-1].last + 1, atom.first, bridges):
            joined[-1].append(atom)
        else:
            joined.append([atom])
    return joined


def _bridged(tokens: list[Token], first: int, end: int, bridges: Set[str]) -> bool:
    return end - first <= LONGEST_BRIDGE and all(token.text in bridges for token in tokens[first:end])


def _with_ohs(atoms: list[Atom], tokens: list[Token]) -> list[Atom]:
    """An "oh" that touches a digit is a nought: nobody says "oh" there for another reason often enough to matter."""
    atoms = list(atoms)
    for order in (range(len(atoms)), range(len(atoms) - 1, -1, -1)):
        for i in order:
            if (
                atoms[i].wording is Wording.SOUND_ALIKE
                and atoms[i].digits == "0"
                and _touches_a_digit(atoms, i, tokens)
            ):
                atoms[i] = replace(atoms[i], wording=Wording.SINGLE)
    return atoms


def _touches_a_digit(atoms: list[Atom], i: int, tokens: list[Token]) -> bool:
    beside = [atoms[j] for j in (i - 1, i + 1) if 0 <= j < len(atoms)]
    return any(a.wording is not Wording.SOUND_ALIKE and _touch(a, atoms[i], tokens) for a in beside)


def _touch(one: Atom, other: Atom, tokens: list[Token]) -> bool:
    """Whether nothing stands between two atoms but a comma: "six, five, oh"."""
    first, second = (one, other) if one.first < other.first else (other, one)
    return all(token.text == "," for token in tokens[first.last + 1 : second.first])


def _trimmed(atoms: list[Atom], tokens: list[Token], company: int) -> DigitRun:
    """Without the sound-alikes at either end, unless enough digits stand beside them to make digits of them."""
    certain = [i for i, atom in enumerate(atoms) if atom.wording is not Wording.SOUND_ALIKE]
    if not certain:
        return DigitRun(tuple(atoms))
    first, last = certain[0], certain[-1]
    if sum(len(atoms[i].digits) for i in certain) >= company:
        while first > 0 and _keeps_company(atoms[first], atoms[first - 1], tokens):
            first -= 1
        while last + 1 < len(atoms) and _keeps_company(atoms[last], atoms[last + 1], tokens):
            last += 1
    return DigitRun(tuple(atoms[first : last + 1]))


def _keeps_company(atom: Atom, neighbour: Atom, tokens: list[Token]) -> bool:
    """A recogniser that writes "9725" would have written the next digit too, so "9725 to" ends before "to"."""
    return _touch(atom, neighbour, tokens) and not (atom.wording is Wording.WRITTEN and len(atom.digits) > 1)
