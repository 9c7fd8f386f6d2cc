"""Names in text with capitals, in languages without a large list: rows of capitalised words that read as a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sotto.redaction.detectors.spoken.names.known_names import KnownNames, plain

_LONGEST = 5
"""Words."""
_CAPITAL = r"(?:[^\W\d_a-zà-ÿ]\.|[^\W\d_a-zà-ÿ](?:[^\W\d_]|['’-](?=[^\W\d_]))*)"
_BEGINS = re.compile(r"(?:^|[.?!:;…]|\n)[\s\"'»«„“¿¡-]*$")
_LISTED = re.compile(r"(?:,|^)\s*[\w-]+,\s*$")
_LISTING = re.compile(r",\s*[\w'-]+(?:\s+[\w'-]+){0,2}(?:,|\s+(?:and|or|und|oder|y|e|o)\b)")
"""One word, then another comma or "and"."""
_COUNTED = re.compile(r",?\s+(?:(?:n[uú]mero|nr\.?|n[º°])\s*)?\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWords:
    """``before``: words (articles, prepositions of place) after which capitals are no person unless a known given name
    leads. ``joining``: particles within a name. ``not_names``: of talk, with a capital where a sentence begins.
    ``saints``: before what a town, a street or a hospital is called after."""

    before: frozenset[str]
    joining: frozenset[str]
    not_names: frozenset[str]
    organisation: re.Pattern[str]
    saints: frozenset[str]
    indefinite: frozenset[str] = frozenset()
    nouns_are_small: bool = False
    """Whether an unknown word with a capital is a proper noun."""


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    words: tuple[str, ...]
    begins_a_sentence: bool


def people_in_rows(text: str, names: KnownNames, words: RowWords) -> list[tuple[int, int]]:
    return [(row.start, row.end) for row in _rows(text, names, words) if _is_person(text, row, names, words)]


def _rows(text: str, names: KnownNames, words: RowWords) -> Iterator[_Row]:
    joining = "|".join(sorted(words.joining, key=len, reverse=True))
    pattern = rf"(?<![\w-]){_CAPITAL}(?:[ ]+(?:(?:{joining})[ ]+)*{_CAPITAL})*"
    for m in re.finditer(pattern, text):
        parts = [
            p for p in re.finditer(r"\S+", m.group()) if plain(p.group()) not in words.joining or p.group()[0].isupper()
        ]
        begins = bool(_BEGINS.search(text[: m.start()]))
        while parts and _is_talk(plain(parts[0].group()), names, words) and not _leads(parts, names, words):
            parts, begins = parts[1:], False
        while parts and _is_talk(plain(parts[-1].group()), names, words):
            parts = parts[:-1]
        if parts and len(parts) <= _LONGEST:
            end = m.start() + parts[-1].end()
            end -= text[end - 1] == "." and len(parts[-1].group()) > 2
            yield _Row(m.start() + parts[0].start(), end, tuple(plain(p.group()) for p in parts), begins)


def _is_talk(word: str, names: KnownNames, words: RowWords) -> bool:
    return word in words.not_names or (names.is_ordinary(word) and not names.possibly(word))


def _leads(parts: list[re.Match[str]], names: KnownNames, words: RowWords) -> bool:
    """ "Abril Zabaleta"."""
    first, second = (plain(p.group()) for p in (parts[0], parts[1])) if len(parts) > 1 else ("", "")
    return first in names.given_and_word and second not in words.not_names and not names.only_a_word(second)


def is_called(text: str, start: int, end: int) -> bool:
    """ "Zuriñe, buenos días", "gracias, Unai.": set off by commas, and no item of a list."""
    before, after = text[:start].rstrip(), text[end : end + 1]
    if before.endswith(","):
        return after in (".", ",", "!", "?", "") and not _LISTED.search(text[:start]) and not _LISTING.match(text[end:])
    return (
        bool(_BEGINS.search(text[:start]))
        and not before.endswith(":")
        and after == ","
        and not _LISTING.match(text[end:])
    )


def _is_person(text: str, row: _Row, names: KnownNames, words: RowWords) -> bool:
    given_leads = (
        row.words[0] in names.given
        or ("-" in row.words[0] and names.surely(row.words[0]))
        or (row.words[0] in names.given_and_word and len(row.words) > 1)
    )
    if any(words.organisation.match(word) or names.only_a_word(word) for word in row.words):
        return False
    if (
        " ".join(row.words) in names.places
        or names.is_firm(" ".join(row.words))
        or words.organisation.match(plain(text[row.end :].lstrip(" ,.")[:20]))
    ):
        return False
    before = re.search(r"(\S+)\s*$", text[: row.start])
    is_placed = before is not None and plain(before.group(1)) in words.before
    if before is not None and plain(before.group(1)) in words.saints:
        return False
    if len(row.words) == 1 and before is not None and plain(before.group(1)) in words.indefinite:
        return False
    if len(row.words) == 1:
        called = names.is_unknown(row.words[0]) and is_called(text, row.start, row.end)
        return (called and not names.is_compound(row.words[0])) or (
            given_leads and not (is_placed and row.begins_a_sentence)
        )
    if given_leads:
        return True
    if is_placed or _COUNTED.match(text, row.end):
        return False
    if any(word in names.family for word in row.words[1:]):
        return True
    if row.begins_a_sentence and not re.match(r"[,.!?]|$", text[row.end :]):
        return False
    return all(len(word) > 2 or word.endswith(".") for word in row.words)
