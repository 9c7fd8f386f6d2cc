"""Ways of reading out a code: digits and letters one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from random import Random

from benchmarks.private_templates.speech.tongue import Spoken, Token, Tongue, words

Groups = Sequence[str]


def speak_code(groups: Groups, way: str, rng: Random, tongue: Tongue) -> Spoken:
    """``groups`` of A-Z and 0-9 as they are written on the card or letter. ``way`` is one of WAYS."""
    return WAYS[way](groups, rng, tongue)


def some_way(groups: Groups, rng: Random) -> str:
    """Weighted as people and recognisers have it; what does not fit a short code is left out."""
    length = sum(map(len, groups))
    ways = ["compact", "grouped", "singles", "singles", "singles"]
    ways += ["doubles"] * (2 if _repeats(groups) else 0)
    ways += ["pairs", "pairs", "mixed", "commas"] if length >= 4 else []
    ways += ["threes", "spaced", "fillers", "corrected", "halting"] if length >= 6 else []
    if any(one.isalpha() for one in "".join(groups)):
        ways += ["alphabet", "alphabet"]
    return rng.choice(ways)


def letter(one: str, rng: Random, tongue: Tongue) -> Spoken:
    """By itself, mostly; its name written out where the language's recognisers do that."""
    if len(tongue.letter_names.get(one, "")) > 1 and rng.random() < (0.6 if len(tongue.letter_names) > 20 else 0.2):
        return words(tongue.letter_names[one])
    return [Token(one)]


def by_alphabet(one: str, rng: Random, tongue: Tongue, *, alphabet: int, link: str, bare: bool) -> Spoken:
    """``B wie Berta``; ``bare``: only the word."""
    word = tongue.alphabets[alphabet].get(one)
    if word is None:
        return letter(one, rng, tongue)
    return [Token(word)] if bare else [Token(one), *words(link, is_value=False), Token(word)]


def repeated(word: str, times: int, rng: Random, tongue: Tongue) -> Spoken:
    """``double four``: it is the four that gives the value away."""
    text = tongue.repeated(rng, word, times)
    how = text.removesuffix(word)
    return [*words(how, is_value=False), *words(word)] if how.endswith(" ") else [Token(text)]


def _single(one: str, rng: Random, tongue: Tongue) -> Spoken:
    return words(tongue.digit(rng, one)) if one.isdigit() else letter(one, rng, tongue)


def _singles(groups: Groups, rng: Random, tongue: Tongue) -> Spoken:
    return [token for one in "".join(groups) for token in _single(one, rng, tongue)]


def _numbers(groups: Groups, rng: Random, tongue: Tongue, size: int) -> Spoken:
    """Runs of digits as numbers of ``size`` digits: forty five, two hundred and thirty four."""
    spoken: Spoken = []
    for is_digit, run in groupby("".join(groups), str.isdigit):
        text = "".join(run)
        if not is_digit:
            spoken += [token for one in text for token in letter(one, rng, tongue)]
            continue
        for begin in range(0, len(text), size):
            piece = text[begin : begin + size]
            if len(piece) == size == 3 and piece[0] != "0":
                spoken += words(tongue.number(int(piece)))
            elif len(piece) == 2:
                spoken += words(tongue.pair(rng, piece))
            else:
                spoken += [token for one in piece for token in _single(one, rng, tongue)]
    return spoken


def _doubles(groups: Groups, rng: Random, tongue: Tongue) -> Spoken:
    spoken: Spoken = []
    for one, run in groupby("".join(groups)):
        left = len(list(run))
        while left > 0:
            times = min(left, 3)
            word = " ".join(token.text for token in _single(one, rng, tongue))
            spoken += repeated(word, times, rng, tongue) if times > 1 else words(word)
            left -= times
    return spoken


def _mixed(groups: Groups, rng: Random, tongue: Tongue) -> Spoken:
    """Half in digits, half in words, as recognisers change their mind."""
    fours = ["".join(groups)[at : at + 4] for at in range(0, len("".join(groups)), 4)]
    spoken: Spoken = []
    for four in fours:
        way = rng.choice(("compact", "singles", "pairs", "compact", "spaced"))
        spoken += WAYS[way]([four], rng, tongue)
    return spoken


def _commas(groups: Groups, rng: Random, tongue: Tongue) -> Spoken:
    spoken: Spoken = []
    for one in "".join(groups):
        spoken += [*_single(one, rng, tongue), Token(",", False, glued=True)]
    return spoken[:-1]


def _with_fillers(groups: Groups, rng: Random, tongue: Tongue, inner: str) -> Spoken:
    text = "".join(groups)
    spoken: Spoken = []
    at = 0
    while at < len(text):
        size = rng.choice((2, 3, 3, 4))
        spoken += words(rng.choice(tongue.fillers), is_value=False) if spoken else []
        spoken += WAYS[inner]([text[at : at + size]], rng, tongue)
        at += size
    return spoken


def _corrected(groups: Groups, rng: Random, tongue: Tongue) -> Spoken:
    """One stretch said wrong, the correction, the stretch again."""
    text = "".join(groups)
    places = [at for at, one in enumerate(text) if one.isdigit()]
    if not places:
        return _singles(groups, rng, tongue)
    at = rng.choice(places)
    wrong = rng.choice([one for one in "0123456789" if one != text[at]])
    begin = max(0, at - rng.choice((0, 0, 1, 2)))
    inner = rng.choice(("singles", "singles", "spaced"))
    before = WAYS[inner]([text[:begin]], rng, tongue) if begin else []
    slip = [Token(token.text, False) for token in WAYS[inner]([text[begin:at] + wrong], rng, tongue)]
    again = WAYS[inner]([text[begin:]], rng, tongue)
    if rng.random() < 0.25:  # "nein sieben nicht zwei"
        twice = [Token(token.text, False) for token in _single(wrong, rng, tongue)]
        negation = {"and": "not", "und": "nicht", "y": "no"}[tongue.joint]
        right, rest = WAYS[inner]([text[begin : at + 1]], rng, tongue), text[at + 1 :]
        tail = WAYS[inner]([rest], rng, tongue) if rest else []
        again = [*right, Token(negation, False), *twice, *tail]
    return [*before, *slip, *words(rng.choice(tongue.corrections), is_value=False), *again]


def _alphabet(groups: Groups, rng: Random, tongue: Tongue) -> Spoken:
    alphabet, link = rng.randrange(len(tongue.alphabets)), rng.choice(tongue.links)
    bare = rng.random() < 0.25
    return [
        token
        for one in "".join(groups)
        for token in (
            _single(one, rng, tongue)
            if one.isdigit()
            else by_alphabet(one, rng, tongue, alphabet=alphabet, link=link, bare=bare)
        )
    ]


def _repeats(groups: Groups) -> bool:
    return any(len(list(run)) > 1 for _, run in groupby("".join(groups)))


def _hyphened(groups: Groups, rng: Random, _: Tongue) -> Spoken:
    return [Token(rng.choice(("-", " ")).join(groups))]


WAYS: dict[str, Callable[[Groups, Random, Tongue], Spoken]] = {
    "compact": lambda groups, rng, tongue: [Token("".join(groups))],
    "digits": _hyphened,
    "grouped": lambda groups, rng, tongue: [Token(group) for group in groups],
    "spaced": lambda groups, rng, tongue: [Token(one) for one in "".join(groups)],
    "singles": _singles,
    "words": _singles,
    "pairs": lambda groups, rng, tongue: _numbers(groups, rng, tongue, 2),
    "threes": lambda groups, rng, tongue: _numbers(groups, rng, tongue, 3),
    "doubles": _doubles,
    "mixed": _mixed,
    "commas": _commas,
    "fillers": lambda groups, rng, tongue: _with_fillers(groups, rng, tongue, "singles"),
    "halting": lambda groups, rng, tongue: _with_fillers(groups, rng, tongue, rng.choice(("compact", "pairs"))),
    "corrected": _corrected,
    "alphabet": _alphabet,
    "spelled": _alphabet,
}
