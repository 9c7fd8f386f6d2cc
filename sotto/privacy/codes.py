"""Letters and digits read out or spelled: postcodes, document numbers, names letter by letter."""

from __future__ import annotations

from collections.abc import Iterator

from sotto.privacy.number_words import REPEATS, SOUND_ALIKES, TEENS, TENS, UNITS
from sotto.privacy.tokens import Token
from sotto.privacy.vocabulary import words_of

_SPELLING_WORDS = words_of(
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november",
    "oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu zed zee bee",
    "cee dee gee jay kay ell em en pee queue cue ar are ess tee tea you vee ex why see sea oh double space",
    "capital",
)
_NUMBER_WORDS = frozenset({*UNITS, *TEENS, *TENS, *SOUND_ALIKES, *REPEATS})
_BETWEEN = frozenset({",", "-", ".", "and", "um", "uh", "er", "then", "space", "dash"})


def spelled_runs(tokens: list[Token], text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, pieces) of each stretch of letters, digits and spelling words; offsets in the source."""
    first: int | None = None
    last = pieces = 0
    at = 0
    while at < len(tokens):
        step = _piece_at(tokens, at, text)
        if step:
            first = at if first is None else first
            last, pieces = at + step - 1, pieces + 1
            at += step
            continue
        if first is not None and not (tokens[at].text in _BETWEEN and at - last <= 2):
            yield tokens[first].start, tokens[last].end, pieces
            first, pieces = None, 0
        at += 1
    if first is not None:
        yield tokens[first].start, tokens[last].end, pieces


def _piece_at(tokens: list[Token], at: int, text: str) -> int:
    """How many tokens the piece at ``at`` takes: one, three for "t for tommy", none when it is an ordinary word."""
    token = tokens[at]
    word = token.text
    if len(word) == 1 and word.isalpha() and at + 2 < len(tokens) and tokens[at + 1].text in ("for", "as"):
        follows = tokens[at + 2].text
        if follows.startswith(word) and len(follows) > 1:
            return 3
    is_code = any(c.isdigit() for c in word) or (len(word) == 1 and word.isalpha())
    shouted = 2 <= len(word) <= 4 and text[token.start : token.end].isupper() and word.isalpha()
    return 1 if is_code or shouted or word in _SPELLING_WORDS or word in _NUMBER_WORDS else 0


def is_code_like(text: str) -> bool:
    """Whether a stretch can be a code: it has a digit (written or said) or is spelled letter by letter."""
    words = text.lower().split()
    return any(any(c.isdigit() for c in w) or w in UNITS for w in words) or sum(len(w) == 1 for w in words) >= 2
