"""English numbers, letters and alphabets."""

from __future__ import annotations

from random import Random

from benchmarks.private_templates.speech.tongue import Tongue

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def number(n: int) -> str:
    if n < 20:
        return _ONES[n]
    if n < 100:
        return f"{_TENS[n // 10 - 2]} {_ONES[n % 10]}" if n % 10 else _TENS[n // 10 - 2]
    if n < 1000:
        return f"{_ONES[n // 100]} hundred" + (f" and {number(n % 100)}" if n % 100 else "")
    rest = n % 1000
    return f"{_ONES[n // 1000]} thousand" + ((" and " if rest < 100 else " ") + number(rest) if rest else "")


def year(rng: Random, n: int) -> str:
    if n < 2000:
        short = number(n % 100) if n % 100 > 9 else f"oh {_ONES[n % 100]}"
        return short if rng.random() < 0.3 else f"{number(n // 100)} {short}"
    if n < 2010:
        return f"two thousand and {_ONES[n % 10]}" if n % 10 else "two thousand"
    return rng.choice((f"twenty {number(n % 100)}", f"two thousand and {number(n % 100)}"))


def _repeated(rng: Random, word: str, times: int) -> str:
    return f"{'double' if times == 2 else rng.choice(('triple', 'treble'))} {word}"


_NATO = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec "
            "romeo sierra tango uniform victor whiskey xray yankee zulu"
        ).split(),
        strict=True,
    )
)
_HOMELY = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            "apple bob cat dog egg freddie george harry ink jug king lemon mother nobody orange peter queen "
            "robert sugar tommy umbrella victory water xylophone yellow zebra"
        ).split(),
        strict=True,
    )
)

ENGLISH = Tongue(
    digits=(("zero", "oh", "oh"), *((word,) for word in _ONES[1:10])),
    number=number,
    year=year,
    letter_names={"Z": "zed", "H": "aitch", "W": "double u"},
    alphabets=(_NATO, _HOMELY),
    links=("for", "for", "as in"),
    fillers=("um", "uh", "er", "then", "and then", "hang on"),
    corrections=("no sorry", "sorry", "i mean", "no wait", "oh no"),
    repeated=_repeated,
    plus="plus",
    at=("at",),
    dot="dot",
    dash=("dash", "hyphen"),
    underscore=("underscore",),
    joint="and",
)
