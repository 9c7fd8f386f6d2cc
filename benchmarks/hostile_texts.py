"""Texts that redaction must survive: what recognisers and people write, punctuated, cut anywhere and mixed up."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.redaction_corpora import shared_text
from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.redaction.detectors.vocabulary import words_of

WORDS = (
    *sorted(
        words_of(
            "dot dash plus point underscore under score hyphen at gmail com co uk www w h t p slash one two double",
            "triple oh o zero hundred thousand and four eleven forty twenty card number is my account born on the",
            "january first expiry cvv pin code ending in street avenue road john smith a b c d e g as for i'm name",
            "sort iban passport social security phone address email postcode what's your policy licence birthday",
        )
    ),
    *("4111", "1111", "12/25", "5/11/75", "4111-1111-1111-1111", "a.b@c.de", "GB29", "SW1A", "1AA", "192.168.0.1"),
    *("What", "Point", "Emma", "O'Brien", "St.", "№", "eins", "zwo", "quatre-vingt", "пять", "三", "٣", "à"),
)
"""Each opens or ends a pattern of some detector."""
SIGNS: tuple[str, ...] = (
    *"?!.,;:-_'’\"()[]{}<>/\\|@#$%^&*+=~`…–—£€½²①Ⅷ߀éßİǆ日本\U0001f600",
    *("\u200b", "\u0301", "\u202e", "\ufeff", "\x00", "\n", "\t", "\x1c", "\u00a0", "\ud800"),
)
_TOKEN = re.compile(r"\w+|[^\w\s]")


def result_of(
    text: str, *, is_final: bool, speaker: Speaker = Speaker.CUSTOMER, at_ms: float = 0.0
) -> TranscriptResult:
    return TranscriptResult(speaker, "r", at_ms, at_ms + 900.0, text, is_final=is_final)


def with_words(result: TranscriptResult) -> TranscriptResult:
    """The same with a time for each word, as most recognisers send them."""
    spoken = result.text.split()
    each_ms = (result.end_ms - result.start_ms) / max(1, len(spoken))
    words = tuple(
        Word(word, result.start_ms + i * each_ms, result.start_ms + (i + 1) * each_ms) for i, word in enumerate(spoken)
    )
    return TranscriptResult(
        result.speaker, result.result_id, result.start_ms, result.end_ms, result.text, words, result.is_final
    )


def cut_at_every_token(text: str) -> Iterator[str]:
    """The text so far, after each word and each sign."""
    for token in _TOKEN.finditer(text):
        yield text[: token.end()]


def mixed(rng: random.Random) -> str:
    """Some words and signs in a row, with spaces or without."""
    text = ""
    for _ in range(rng.randint(0, 12)):
        text += rng.choice(WORDS) if rng.random() < 0.7 else rng.choice(SIGNS)
        text += " " if rng.random() < 0.75 else ""
    return text


def spoilt(text: str, rng: random.Random) -> str:
    """A text with a sign or a word put in, a piece taken out, doubled or in other case."""
    at, to = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
    match rng.randint(0, 4):
        case 0:
            return text[:at] + rng.choice(SIGNS) + text[at:]
        case 1:
            return f"{text[:at]} {rng.choice(WORDS)} {text[at:]}"
        case 2:
            return text[:at] + text[to:]
        case 3:
            return text[:to] + text[at:]
        case _:
            return text.upper() if rng.random() < 0.5 else text.swapcase()


def corpora(folder: Path | None = None) -> dict[str, list[str]]:
    """Each public corpus by its folder's name, as its longest texts: those of 4 words and more."""
    folder = folder or shared_text()
    found: dict[str, list[str]] = {}
    for path in sorted(each for each in folder.rglob("*") if each.suffix in _READERS):
        texts = found.setdefault(path.relative_to(folder).parts[0], [])
        texts += (text for text in _READERS[path.suffix](path) if text.count(" ") >= 3)
    return {name: sorted(set(texts)) for name, texts in found.items() if texts}


def _of_json(path: Path) -> Iterator[str]:
    return _strings(json.loads(path.read_text(encoding="utf-8")))


def _of_lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield from _strings(json.loads(line))


def _of_table(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace", newline="") as rows:
        for row in csv.reader(rows, delimiter="\t" if path.suffix == ".tsv" else ","):
            yield from row


def _of_text(path: Path) -> Iterable[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


_READERS = {
    ".json": _of_json, ".jsonl": _of_lines, ".csv": _of_table, ".tsv": _of_table, ".txt": _of_text, ".md": _of_text,
}  # fmt: skip
