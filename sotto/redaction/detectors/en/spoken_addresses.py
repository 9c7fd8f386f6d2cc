"""E-mail and web addresses read out. Read word by word from "at" and "dot": time grows with the words, not faster."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sotto.redaction.detectors.en.numbers.codes import LETTER_NAMES
from sotto.redaction.detectors.en.numbers.number_words import REPEATS, TEENS, TENS, UNITS
from sotto.redaction.detectors.tokens import Fluent
from sotto.redaction.detectors.vocabulary import words_of
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

JOINTS = words_of("dot dash hyphen underscore plus point")
PROVIDERS = words_of("gmail googlemail yahoo hotmail outlook icloud aol msn protonmail comcast verizon")
_SPLIT_PROVIDERS = frozenset(
    {
        ("g", "mail"),
        ("google", "mail"),
        ("hot", "mail"),
        ("i", "cloud"),
        ("proton", "mail"),
        ("a", "o", "l"),
        ("m", "s", "n"),
    }
)
_WEB_ENDINGS = words_of("com net org ai io")
_SPELLED_WEB_ENDINGS = frozenset({("c", "o", "m"), ("co", "uk"), ("co", "dot", "uk")})
_NOT_IN_A_NAME = words_of(
    "is it's its it that's that this the my your our to me us at yes yeah no email e mail address send write and or so",
    "a an on for of in by just look looking please sure okay ok right well be it'd i'm um uh with from via",
)
_CHARACTER_WORDS = frozenset({*UNITS, *TEENS, *TENS, *REPEATS, *LETTER_NAMES, "capital", "uppercase", "lowercase"})
_OTHER_DOTS = frozenset({"period", "point", "."})
_DOMAIN_ENDINGS = words_of("com net org co edu gov")
_WORD = re.compile(r"\w[\w'-]*$")
MAY_PRECEDE = 2
"""Words before "at" that belong to the name when it was said in words: "john jones at"."""
_SHORT_REST = 4
"""Words of "dot co dot uk" or "it's jdoe91", said by themselves."""
LONGEST = 40
"""Words in one address."""

Stretch = tuple[int, int]
"""First and last word, both inclusive."""


def spoken_addresses(fluent: Fluent, *, expected: bool, is_interim: bool) -> Iterator[Finding]:
    """E-mail and web addresses spelled out. In an interim also what looks like the start of one; where an address is
    ``expected`` (it was asked for) also a piece of one."""
    words = _with_dots(fluent.text.split(" "))
    if expected:
        yield from (_finding(fluent, PrivateKind.EMAIL, stretch) for stretch in _pieces(words))
    if is_interim and (opening := _opening(words)):
        yield _finding(fluent, PrivateKind.EMAIL, opening)
    for i, word in enumerate(words):
        if word in ("at", "@") and (end := _domain_end(words, i + 1)) is not None:
            yield _finding(fluent, PrivateKind.EMAIL, (name_start(words, i), end))
        elif (web := _web_from(words, i)) is not None:
            yield _finding(fluent, PrivateKind.NETWORK_ADDRESS, web)


def _finding(fluent: Fluent, kind: PrivateKind, stretch: Stretch) -> Finding:
    return Finding(kind, *fluent.source_of_words(*stretch))


def _with_dots(words: list[str]) -> list[str]:
    """ "example period com", "example . com": other ways to say or write a dot before the end of a domain."""
    return [
        "dot" if word in _OTHER_DOTS and word_at(words, i + 1) in _DOMAIN_ENDINGS and i > 0 else word
        for i, word in enumerate(words)
    ]


def is_character(word: str) -> bool:
    return (len(word) == 1 and word.isalnum()) or word in _CHARACTER_WORDS or word.isdecimal()


def word_at(words: list[str], i: int) -> str:
    return words[i] if 0 <= i < len(words) else ""


def _domain_end(words: list[str], first: int) -> int | None:
    """The last word of the domain that begins at ``first``: "gmail", "a o l dot com", "john jones dot co dot uk"."""
    provider = _provider_end(words, first)
    whole_words = 0
    for i in range(first, min(first + LONGEST, len(words))):
        if words[i] == "dot":
            end = _ending(words, i + 1)
            return end if end is not None else provider
        whole_words += not is_character(words[i]) and words[i] not in ("dash", "hyphen")
        if whole_words > 2 + (words[i] in JOINTS) or not _WORD.match(words[i]):
            break
    return provider


def _provider_end(words: list[str], first: int) -> int | None:
    if word_at(words, first) in PROVIDERS:
        return first
    for spelled in _SPLIT_PROVIDERS:
        if tuple(words[first : first + len(spelled)]) == spelled:
            return first + len(spelled) - 1
    return None


def _ending(words: list[str], i: int) -> int | None:
    """The last word of "com", "e d u", "co dot uk" at ``i``."""
    if len(word_at(words, i)) == 1 and words[i].isalpha():
        end = i
        while end < i + 2 and len(word_at(words, end + 1)) == 1 and words[end + 1].isalpha():
            end += 1
        return end if end > i else None
    if not re.fullmatch(r"[^\W\d_]{2,6}", word_at(words, i)):
        return None
    if word_at(words, i + 1) == "dot" and (further := _ending(words, i + 2)) is not None:
        return further
    return i


def name_start(words: list[str], at: int) -> int:
    """The first word of the name before "at": spelled characters, words joined by "dot", or the last word or three."""
    start = _run_start(words, at - 1)
    while at - start < LONGEST:
        earlier = _before_run(words, start)
        if word_at(words, earlier - 1) in JOINTS and earlier > 1:
            earlier = _run_start(words, earlier - 2)
        elif earlier < start:
            return min(earlier, at)
        if earlier == start:
            break
        start = earlier
    return min(start, at)


def _spells(letter: str, word: str) -> bool:
    """ "j for john"."""
    return len(letter) == 1 and word.startswith(letter)


def _before_run(words: list[str], start: int) -> int:
    """Back over the words before spelled characters that may be part of the name: "sam" of "sam s a m at"."""
    for _ in range(MAY_PRECEDE):
        before = word_at(words, start - 1)
        if not before.isalnum() or before in _NOT_IN_A_NAME or before in JOINTS:
            break
        start -= 1
    return start


def _run_start(words: list[str], last: int) -> int:
    """Back from the word ``last`` over spelled characters and joints with the words before them. One more than ``last``
    where that is a sign: nothing stands there."""
    start = last
    if last > 1 and words[last - 1] in ("for", "as") and _spells(words[last - 2], words[last]):
        start -= 2
    if not _WORD.match(word_at(words, last)):
        return last + 1
    while start > 0 and last - start < LONGEST:
        before = words[start - 1]
        if before in JOINTS and start > 1:
            start -= 2
        elif (
            before == "score"
            and word_at(words, start - 2) == "under"
            and start > 2
            or start > 2
            and words[start - 2] in ("for", "as")
            and _spells(words[start - 3], before)
        ):
            start -= 3
        elif is_character(before):
            start -= 1
        else:
            break
    return start


def _web_from(words: list[str], i: int) -> Stretch | None:
    """An address that begins at ``i`` with its "w w w" or "h t t p", or whose "dot com" is at ``i``."""
    if (
        words[i] in ("www", "http", "https")
        or words[i : i + 3] == ["w", "w", "w"]
        or words[i : i + 4] == ["h", "t", "t", "p"]
    ):
        for j in range(i + 1, min(i + LONGEST, len(words))):
            if words[j] == "dot" and j > i + 3 and (end := _ending(words, j + 1)) is not None:
                return i, _path_end(words, end)
    if words[i] == "dot" and i > 0 and (end := _web_ending(words, i + 1)) is not None:
        return _run_start(words, i - 1), _path_end(words, end)
    return None


def _web_ending(words: list[str], i: int) -> int | None:
    for spelled in _SPELLED_WEB_ENDINGS:
        if tuple(words[i : i + len(spelled)]) == spelled:
            return i + len(spelled) - 1
    return i if word_at(words, i) in _WEB_ENDINGS else None


def _path_end(words: list[str], end: int) -> int:
    while word_at(words, end + 1) in ("dot", "slash") and end + 2 < len(words):
        end += 2
        while len(word_at(words, end + 1)) == 1 and words[end + 1].isalnum():
            end += 1
    return end


def _pieces(words: list[str]) -> Iterator[Stretch]:
    """What part of an asked-for address may sound like: joints, or nothing but spelled characters."""
    spelled = [i for i, word in enumerate(words) if is_character(word) and word not in ("a", "i")]
    if len(spelled) > 1 and all(is_character(word) or word in _NOT_IN_A_NAME for word in words):
        yield spelled[0], spelled[-1]
    if len(words) <= _SHORT_REST:
        yield from ((i, i) for i, word in enumerate(words) if _is_handle(word))
        if len(words) > 1 and words[0] in JOINTS:
            yield 0, len(words) - 1
    for i, word in enumerate(words):
        if word in JOINTS and 0 < i < len(words) - 1:
            yield _run_start(words, i - 1), i + 1


def _is_handle(word: str) -> bool:
    """ "jdoe91": where an address was asked for, letters with digits in them are part of one."""
    return len(word) > 3 and word.isalnum() and word[0].isalpha() and any(c.isdigit() for c in word)


def _opening(words: list[str]) -> Stretch | None:
    """An address that may be going on at the end of an interim: "jane dot", "jane at gmail", "jane at acme dot"."""
    last = len(words) - 1
    if last >= 1 and words[last] in JOINTS:
        return _run_start(words, last - 1), last
    if last >= 2 and words[last - 1] in JOINTS and _WORD.match(words[last]):  # not "the point?": a sign ends it
        return _run_start(words, last), last
    return None
