"""Finds a playbook's phrases in spoken text."""

from __future__ import annotations

import re
from functools import lru_cache

from sotto.recognition.number_spelling import Spelled, compared, spelled

_WORD = r"[\w$%]+(?:['’][\w]+)*"
_BETWEEN = r"[^\w'’]+['’]?"
_NOT_A_WORD = " \t\n,.;:!?-–—…\"'’()/"
_GAP = rf"(?:{_BETWEEN}{_WORD}){{0,5}}?"


@lru_cache(maxsize=4096)
def pattern_of(phrase: str) -> re.Pattern[str]:
    """``close/cancel (my) account`` -> a pattern over whole words, any case, with any punctuation between them."""
    pieces: list[str] = []
    for token in re.findall(r"\([^()]*\)|\.\.\.|[^\s()]+", phrase.lower()):
        if token == "...":
            pieces.append(_GAP)
        elif token.startswith("("):
            pieces.append(rf"(?:{_BETWEEN}{_sequence(token[1:-1])})?")
        else:
            pieces.append(rf"{_BETWEEN}{_choice(token)}")
    # Every piece brings the separator before it; the text is searched with one in front.
    return re.compile(rf"{''.join(pieces)}(?!\w|['’]\w)", re.IGNORECASE)


def _sequence(words: str) -> str:
    return _BETWEEN.join(_choice(word) for word in words.split())


def _choice(token: str) -> str:
    return f"(?:{'|'.join(_word(word) for word in token.split('/') if word)})"


def _word(word: str) -> str:
    """An apostrophe may be missing or curly: recognisers differ."""
    bare = word.strip(",.!?;:")
    return re.escape(bare).replace("'", "['’]?").replace("’", "['’]?")


@lru_cache(maxsize=8192)
def spans(phrases: tuple[str, ...], text: str, language: str = "en") -> tuple[tuple[int, int], ...]:
    """(start, end) in characters of every match, each stretch of text once. ``language``: a primary tag, whose words
    for numbers are read."""
    found = set()
    for phrase in phrases:
        for match in pattern_of(phrase).finditer(" " + text):
            separator = len(match.group()) - len(match.group().lstrip(_NOT_A_WORD))
            found.add((match.start() + separator - 1, match.end() - 1))
    numbers = tuple(filter(None, (_in_digits(phrase, language) for phrase in phrases)))
    return tuple(sorted(found | _number_spans(numbers, text, language) if numbers else found))


@lru_cache(maxsize=4096)
def _in_digits(phrase: str, language: str) -> str | None:
    """The phrase with its numbers digit by digit, "twenty four hours" as "2 4 hours"; None when it has none."""
    tokens = re.findall(r"\([^()]*\)|\.\.\.|[^\s()]+", phrase.lower())
    written: list[str] = []
    plain: list[str] = []
    for token in [*tokens, "..."]:
        if token != "..." and not token.startswith("(") and "/" not in token:
            plain.append(token)
            continue
        written += [compared(" ".join(plain), language), token]
        plain = []
    numbered = " ".join(filter(None, written[:-1]))
    return numbered if any(character.isdigit() for character in numbered) else None


def _number_spans(phrases: tuple[str, ...], text: str, language: str) -> set[tuple[int, int]]:
    """Matches in which a number counts as itself, however it is spoken or written; never a part of a number."""
    words = spelled(text, language)
    if not any(word.text.isdigit() for word in words):
        return set()
    starts, line = {}, ""
    for n, word in enumerate(words):
        starts[len(line) + 1] = n
        line += f" {word.text}"
    ends = {start + len(words[n].text): n for start, n in starts.items()}
    found = set()
    for phrase in phrases:
        for match in pattern_of(phrase).finditer(line):
            first, last = starts.get(match.start() + 1), ends.get(match.end())
            if first is not None and last is not None and _whole(words, first, last):
                found.add((words[first].start, words[last].end))
    return found


def _whole(words: list[Spelled], first: int, last: int) -> bool:
    begins = first == 0 or words[first - 1].start != words[first].start
    return begins and (last == len(words) - 1 or words[last + 1].end != words[last].end)
