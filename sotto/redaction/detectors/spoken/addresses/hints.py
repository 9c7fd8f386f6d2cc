"""Addresses that do not read "street, number": a corner, a box, "number 5 on Mill Lane", a house or village by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sotto.redaction.detectors.spoken.addresses.tail import AddressWords, tail_end, with_house_letter
from sotto.redaction.detectors.spoken.names.known_names import plain as reading_of
from sotto.redaction.detectors.tokens import Token

_LONGEST, _MOST_LINKING, _NEAR = 3, 3, 6
_MOST_BEFORE, _LONGEST_TOWN = 7, 4

Span = tuple[int, int]
"""First and last token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HintWords:
    """Patterns are matched on plain text and end where the place's name begins."""

    corner: re.Pattern[str]
    joints: frozenset[str]
    """Between the two streets of a corner."""
    box: re.Pattern[str]
    """What the number of a post office box follows; its one group that fits is hidden, too."""
    village: re.Pattern[str]
    """ "a village called"."""
    lives: re.Pattern[str]
    """ "we live in": a street, or a place that is no large town."""
    house: re.Pattern[str]
    """ "the house is called"."""
    house_words: frozenset[str]
    """ "cottage", "villa": of a house's own name."""
    house_word_leads: bool
    """ "Villa Carmen", not "Rose Cottage"."""
    numbered: frozenset[str]
    """ "number", before a house number."""
    linking: frozenset[str]
    """Between a house number and the street behind it: "on", "in der"."""
    before_postcode: re.Pattern[str]
    """What begins where the name of a town ends: "and the postcode is"."""
    parts_before: frozenset[str] = frozenset()
    """Floors and flats that stand before a street."""
    near: frozenset[str] = frozenset()
    """Between a village and a town: "near", "bei"."""
    street_end: Callable[[list[Token], int], int | None]
    """The last token of a street's name that begins at a token, its number left aside."""


def hinted(
    text: str, plain: str, tokens: list[Token], words: AddressWords, hints: HintWords, *, expected: bool
) -> list[Span]:
    found: list[Span] = []
    for m in hints.corner.finditer(plain):
        found += _corner(tokens, _at(tokens, m.end()), words, hints)
    for m in hints.box.finditer(plain):
        found += _box(text, tokens, m, words)
    for m in hints.village.finditer(plain):
        found += _village(text, tokens, _at(tokens, m.end()), words, hints)
    for m in hints.lives.finditer(plain):
        found += _home(text, tokens, _at(tokens, m.end()), words, hints)
    for m in hints.house.finditer(plain):
        found += _house(text, tokens, _at(tokens, m.end()), words, hints)
    for m in hints.before_postcode.finditer(plain):
        found += _town_before(text, tokens, _at(tokens, m.start()), words)
    found += _numbered(text, tokens, words, hints, expected=expected)
    if expected and not found:
        found += _answered(text, tokens, words, hints)
    return found + (_beside(text, tokens, found, words, hints) if found else [])


def _beside(text: str, tokens: list[Token], found: list[Span], words: AddressWords, hints: HintWords) -> list[Span]:
    """Streets without a number in a text that has an address in it."""
    more: list[Span] = []
    at = 0
    while at < len(tokens):
        end = hints.street_end(tokens, at)
        if end is None or any(first <= end and at <= last for first, last in found):
            at += 1
            continue
        more.append((at, tail_end(text, tokens, end, words, expected=False)))
        at = more[-1][1] + 1
    return more


def with_parts_before(tokens: list[Token], first: int, words: AddressWords, hints: HintWords) -> int:
    """The first token of "flat 2 second floor," before an address that begins at ``first``."""
    at, start, has_part = first - 1, first, False
    while at >= 0 and first - at <= _MOST_BEFORE:
        word = tokens[at].text
        is_part = word in hints.parts_before
        has_part = has_part or is_part
        is_code = words.is_number(tokens[at]) or (len(word) == 1 and word.isalpha()) or word[:1].isdecimal()
        if not (is_part or is_code or word == ","):
            break
        start = at if is_part else start
        at -= 1
    return start if has_part else first


def with_town_before(text: str, tokens: list[Token], first: int, words: AddressWords) -> int:
    """The first token of "in Tintern, " before an address that begins at ``first``."""
    at = first - 2
    if at < 0 or tokens[first - 1].text != ",":
        return first
    while at >= 0 and first - at <= _LONGEST_TOWN + 1 and tokens[at].text.isalpha():
        if tokens[at].text in words.into:
            last = _run(text, tokens, at + 1, words)
            return at + 1 if last == first - 2 else first
        at -= 1
    return first


def _at(tokens: list[Token], offset: int) -> int:
    return next((i for i, token in enumerate(tokens) if token.start >= offset), len(tokens))


def _run(text: str, tokens: list[Token], at: int, words: AddressWords, most: int = _LONGEST) -> int | None:
    """The last token of a place's name at ``at``: no word of a sentence, and not only ordinary words."""
    last, names, is_named = None, words.known(), False
    for i in range(at, min(at + most, len(tokens))):
        token = tokens[i]
        word = reading_of(token.text)
        if not token.text.isalpha() or token.text in words.no_town or words.is_number(token):
            break
        if token.text in words.joining and token.text not in words.within_towns:
            break
        is_named = is_named or not names.only_a_word(word) or word in names.places or text[token.start].isupper()
        last = i
    return last if is_named else None


def _corner(tokens: list[Token], at: int, words: AddressWords, hints: HintWords) -> Iterator[Span]:
    ends = [i for i in range(at, min(at + _NEAR, len(tokens))) if tokens[i].text in hints.joints]
    if not ends or ends[0] == at:
        return
    is_street = hints.street_end(tokens, at) == ends[0] - 1
    if not is_street and any(not _is_of_a_street(t, words) for t in tokens[at : ends[0]]):
        return
    second = ends[0] + 1
    last = hints.street_end(tokens, second)
    while last is None and second < min(ends[0] + 1 + _LONGEST, len(tokens)) and _is_of_a_street(tokens[second], words):
        second += 1
    last = second - 1 if last is None else last
    if last > ends[0]:
        yield at, ends[0] - 1
        yield ends[0] + 1, last


def _is_of_a_street(token: Token, words: AddressWords) -> bool:
    return token.text.isalpha() and (token.text not in words.no_town or token.text in words.within_towns)


def _box(text: str, tokens: list[Token], m: re.Match[str], words: AddressWords) -> Iterator[Span]:
    at = last = _at(tokens, m.end())
    small = words.numbers.magnitudes.keys() | words.numbers.joins
    while last < len(tokens) and (words.is_number(tokens[last]) or (last > at and tokens[last].text in small)):
        last += 1
    if last > at:
        yield (
            _at(tokens, max(m.start(group) for group in m.re.groupindex)),
            tail_end(text, tokens, last - 1, words, expected=True),
        )


def _village(text: str, tokens: list[Token], at: int, words: AddressWords, hints: HintWords) -> Iterator[Span]:
    last = _run(text, tokens, at, words)
    if last is None:
        return
    yield at, last
    after = last + 1
    while after < len(tokens) and after - last <= _LONGEST + 1 and tokens[after].text in hints.near | {","}:
        after += 1
    if after > last + 1 and (town := _run(text, tokens, after, words, 2)) is not None:
        yield after, town


def _home(text: str, tokens: list[Token], at: int, words: AddressWords, hints: HintWords) -> Iterator[Span]:
    if (street := hints.street_end(tokens, at)) is not None:
        yield at, tail_end(text, tokens, street, words, expected=True)
        return
    last = _run(text, tokens, at, words)
    if last is None:
        return
    names = words.known()
    is_near = last + 1 < len(tokens) and tokens[last + 1].text in hints.near
    own = [reading_of(t.text) for t in tokens[at : last + 1]]
    is_strange = any(names.is_unknown(word) and word not in names.places for word in own)
    if is_near:
        yield from _village(text, tokens, at, words, hints)
    elif is_strange and " ".join(own) not in names.places:
        yield at, last


def _house(text: str, tokens: list[Token], at: int, words: AddressWords, hints: HintWords) -> Iterator[Span]:
    last = _run(text, tokens, at, words)
    if last is None:
        return
    own = {token.text for token in tokens[at : last + 1]}
    if own & hints.house_words or not all(words.known().only_a_word(reading_of(word)) for word in own):
        yield at, tail_end(text, tokens, last, words, expected=True)


def _town_before(text: str, tokens: list[Token], end: int, words: AddressWords) -> Iterator[Span]:
    """Up to four words before "and the postcode is" that are a place we know, or nothing else was said before it."""
    known = words.known()
    for size in range(_LONGEST_TOWN, 0, -1):
        row = tokens[max(0, end - size) : end]
        if len(row) == size and " ".join(reading_of(t.text) for t in row) in known.places:
            yield end - size, end - 1
            return
    row = tokens[:end]
    is_bare = 0 < len(row) <= _LONGEST_TOWN and all(t.text.isalpha() and t.text not in words.no_town for t in row)
    if is_bare and not all(known.only_a_word(reading_of(t.text)) for t in row):
        yield 0, end - 1


def _numbered(
    text: str, tokens: list[Token], words: AddressWords, hints: HintWords, *, expected: bool
) -> Iterator[Span]:
    """ "number 5 on Mill Lane", "nummer 216b in der dorfstraße"; "Mill Lane, from number 12 down"."""
    for i, token in enumerate(tokens):
        if token.text not in hints.numbered or i + 1 >= len(tokens) or not _is_house(tokens[i + 1], words):
            continue
        last = i + 1
        while last + 1 < len(tokens) and words.is_number(tokens[last + 1]):
            last += 1
        last = with_house_letter(tokens, last)
        at = last + 1
        while at < len(tokens) and at - last <= _MOST_LINKING and tokens[at].text in hints.linking:
            at += 1
        if (end := hints.street_end(tokens, at)) is not None:
            yield i + 1, tail_end(text, tokens, end, words, expected=expected)
            continue
        if expected and len(tokens) <= _NEAR:
            yield i + 1, last
            continue
        for first in range(max(0, i - 3 * _NEAR), i):
            end = hints.street_end(tokens, first)
            if end is not None and end < i and i - end <= 2 * _NEAR:
                yield first, end
                yield i + 1, last
                break


def _is_house(token: Token, words: AddressWords) -> bool:
    return words.is_number(token) or (token.text[:1].isdecimal() and len(token.text) <= 5)


def _answered(text: str, tokens: list[Token], words: AddressWords, hints: HintWords) -> Iterator[Span]:
    """A street or a house by its name, and what goes on from it, where an address was asked for."""
    after = 0
    for i, token in enumerate(tokens):
        is_article = token.text in words.no_town or token.text in words.joining
        if i < after or is_article or not token.text.isalpha():
            continue
        leads = tokens[i + 1].text if i + 1 < len(tokens) else ""
        own = token.text if hints.house_word_leads else leads
        last = i + 1 if own in hints.house_words and leads else hints.street_end(tokens, i)
        if last is not None:
            end = tail_end(text, tokens, last, words, expected=True)
            yield i, end
            after = end + 1
