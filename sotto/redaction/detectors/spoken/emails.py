"""E-mail and web addresses read out. Read word by word from "at" and "dot": time grows with the words, not faster."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sotto.redaction.detectors.tokens import Fluent
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_WORD = re.compile(r"\w[\w'-]*$")
MAY_PRECEDE = 2
"""Words before "at" that belong to the name when it was said in words: "john jones at"."""
_SHORT_REST = 4
"""Words of "dot co dot uk" or "it's jdoe91", said by themselves."""
LONGEST = 40
"""Words in one address."""

Stretch = tuple[int, int]
"""First and last word, both inclusive."""


def never(word: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailWords:
    """How a language reads addresses out."""

    says: Mapping[str, str]
    """Its words for "at", "dot", "dash", "underscore", "plus" and "slash", where they are no others in it."""
    dots_in_domains: frozenset[str]
    """Words or signs that are a dot before one of the ``domain_endings``."""
    joints: frozenset[str]
    """Dots, dashes and the like within a name."""
    split_joints: frozenset[tuple[str, str]]
    """Joints of two words: "under score", "guion bajo"."""
    providers: frozenset[str]
    split_providers: frozenset[tuple[str, ...]]
    domain_endings: frozenset[str]
    web_endings: frozenset[str]
    """After a dot they make an address by themselves."""
    spelled_web_endings: frozenset[tuple[str, ...]]
    not_in_a_name: frozenset[str]
    characters: frozenset[str]
    """Words for letters and digits."""
    like: frozenset[str]
    """ "j for john"."""
    words_of_one_letter: frozenset[str]
    letters: frozenset[str]
    """Words for letters."""
    is_number: Callable[[str], bool] = never
    """For languages whose numbers are too many words for a list."""

    def is_character(self, word: str) -> bool:
        return (
            (len(word) == 1 and word.isalnum()) or word in self.characters or word.isdecimal() or self.is_number(word)
        )

    def words_of(self, fluent: Fluent) -> list[str]:
        """The words of a text with "at", "dot" and the like as the rules here call them."""
        return [self.says.get(word, word) for word in fluent.text.split(" ")] if fluent.text else []


def spoken_addresses(fluent: Fluent, names: EmailWords, *, expected: bool, is_interim: bool) -> Iterator[Finding]:
    """E-mail and web addresses spelled out. In an interim also what looks like the start of one; where an address is
    ``expected`` (it was asked for) also a piece of one."""
    words = _with_dots(names.words_of(fluent), names)
    if expected:
        yield from (_finding(fluent, PrivateKind.EMAIL, stretch) for stretch in _pieces(words, names))
    if is_interim and (opening := _opening(words, names)):
        yield _finding(fluent, PrivateKind.EMAIL, opening)
    for i, word in enumerate(words):
        if word in ("at", "@") and (end := _domain_end(words, i + 1, names)) is not None:
            yield _finding(fluent, PrivateKind.EMAIL, (name_start(words, i, names), end))
        elif (web := _web_from(words, i, names)) is not None:
            yield _finding(fluent, PrivateKind.NETWORK_ADDRESS, web)


def _finding(fluent: Fluent, kind: PrivateKind, stretch: Stretch) -> Finding:
    return Finding(kind, *fluent.source_of_words(*stretch))


def _with_dots(words: list[str], names: EmailWords) -> list[str]:
    """ "example period com", "example . com": other ways to say or write a dot before the end of a domain."""
    return [
        "dot" if word in names.dots_in_domains and word_at(words, i + 1) in names.domain_endings and i > 0 else word
        for i, word in enumerate(words)
    ]


def word_at(words: list[str], i: int) -> str:
    return words[i] if 0 <= i < len(words) else ""


def _domain_end(words: list[str], first: int, names: EmailWords) -> int | None:
    """The last word of the domain that begins at ``first``: "gmail", "a o l dot com", "john jones dot co dot uk"."""
    provider = _provider_end(words, first, names)
    whole_words = 0
    for i in range(first, min(first + LONGEST, len(words))):
        if words[i] == "dot":
            end = _ending(words, i + 1)
            return end if end is not None else provider
        whole_words += not names.is_character(words[i]) and words[i] not in ("dash", "hyphen")
        if whole_words > 2 + (words[i] in names.joints) or not _WORD.match(words[i]):
            break
    return provider


def _provider_end(words: list[str], first: int, names: EmailWords) -> int | None:
    if word_at(words, first) in names.providers:
        return first
    for spelled in names.split_providers:
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


def name_start(words: list[str], at: int, names: EmailWords) -> int:
    """The first word of the name before "at": spelled characters, words joined by "dot", or the last word or three."""
    start = _run_start(words, at - 1, names)
    while at - start < LONGEST:
        earlier = _before_run(words, start, names)
        if word_at(words, earlier - 1) in names.joints and earlier > 1:
            earlier = _run_start(words, earlier - 2, names)
        elif earlier < start:
            return min(earlier, at)
        if earlier == start:
            break
        start = earlier
    return min(start, at)


def _spells(letter: str, word: str) -> bool:
    """ "j for john"."""
    return len(letter) == 1 and word.startswith(letter)


def _before_run(words: list[str], start: int, names: EmailWords) -> int:
    """Back over the words before spelled characters that may be part of the name: "sam" of "sam s a m at"."""
    for _ in range(MAY_PRECEDE):
        before = word_at(words, start - 1)
        if not before.isalnum() or before in names.not_in_a_name or before in names.joints:
            break
        start -= 1
    return start


def _run_start(words: list[str], last: int, names: EmailWords) -> int:
    """Back from the word ``last`` over spelled characters and joints with the words before them. One more than ``last``
    where that is a sign: nothing stands there."""
    start = last
    if last > 1 and words[last - 1] in names.like and _spells(words[last - 2], words[last]):
        start -= 2
    if not _WORD.match(word_at(words, last)):
        return last + 1
    while start > 0 and last - start < LONGEST:
        before = words[start - 1]
        if before in names.joints and start > 1:
            start -= 2
        elif (
            start > 2
            and (word_at(words, start - 2), before) in names.split_joints
            or start > 2
            and words[start - 2] in names.like
            and _spells(words[start - 3], before)
        ):
            start -= 3
        elif names.is_character(before):
            start -= 1
        else:
            break
    return start


def _web_from(words: list[str], i: int, names: EmailWords) -> Stretch | None:
    """An address that begins at ``i`` with its "w w w" or "h t t p", or whose "dot com" is at ``i``."""
    if (
        words[i] in ("www", "http", "https")
        or words[i : i + 3] == ["w", "w", "w"]
        or words[i : i + 4] == ["h", "t", "t", "p"]
    ):
        for j in range(i + 1, min(i + LONGEST, len(words))):
            if words[j] == "dot" and j > i + 3 and (end := _ending(words, j + 1)) is not None:
                return i, _path_end(words, end)
    if words[i] == "dot" and i > 0 and (end := _web_ending(words, i + 1, names)) is not None:
        return _run_start(words, i - 1, names), _path_end(words, end)
    return None


def _web_ending(words: list[str], i: int, names: EmailWords) -> int | None:
    for spelled in names.spelled_web_endings:
        if tuple(words[i : i + len(spelled)]) == spelled:
            return i + len(spelled) - 1
    return i if word_at(words, i) in names.web_endings else None


def _path_end(words: list[str], end: int) -> int:
    while word_at(words, end + 1) in ("dot", "slash") and end + 2 < len(words):
        end += 2
        while len(word_at(words, end + 1)) == 1 and words[end + 1].isalnum():
            end += 1
    return end


def _pieces(words: list[str], names: EmailWords) -> Iterator[Stretch]:
    """What part of an asked-for address may sound like: joints, or nothing but spelled characters."""
    spelled = [i for i, word in enumerate(words) if names.is_character(word) and word not in names.words_of_one_letter]
    if len(spelled) > 1 and all(names.is_character(word) or word in names.not_in_a_name for word in words):
        yield spelled[0], spelled[-1]
    if len(words) <= _SHORT_REST:
        yield from ((i, i) for i, word in enumerate(words) if _is_handle(word))
        if len(words) > 1 and words[0] in names.joints:
            yield 0, len(words) - 1
    for i, word in enumerate(words):
        if word in names.joints and 0 < i < len(words) - 1:
            yield _run_start(words, i - 1, names), i + 1


def _is_handle(word: str) -> bool:
    """ "jdoe91": where an address was asked for, letters with digits in them are part of one."""
    return len(word) > 3 and word.isalnum() and word[0].isalpha() and any(c.isdigit() for c in word)


def _opening(words: list[str], names: EmailWords) -> Stretch | None:
    """An address that may be going on at the end of an interim: "jane dot", "jane at gmail", "jane at acme dot"."""
    last = len(words) - 1
    if last >= 1 and words[last] in names.joints:
        return _run_start(words, last - 1, names), last
    if last >= 2 and words[last - 1] in names.joints and _WORD.match(words[last]):  # not "the point?": a sign ends it
        return _run_start(words, last, names), last
    return None
