"""Fuzzes redaction: no text may make it raise, in any language that has a pack or has none.

    python -m benchmarks.fuzz_redactor [--texts N | --every-cut] [--seed S] [--processes P] [--corpora DIR] [--json F]

Half of the texts are of the public corpora, cut after every token as interims and whole as finals; the rest are such
texts spoilt, and words and signs of several scripts in a row. ``--every-cut`` takes nothing but the corpora, and all of
them to the last token: 2.6 million texts. Each process redacts for many contacts, so that a question
before changes what a text means. It is given the redactor without the guard that would withhold a text that fails; it
ends with 1 if any failed, and prints the shortest text of each failure.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, cycle, islice
from pathlib import Path

from benchmarks.hostile_texts import corpora, cut_at_every_token, mixed, result_of, spoilt, with_words
from sotto.call.contact import Contact, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.languages import redactor_for
from sotto.tenants.redaction_rules import RedactionRules

TEXTS = 1_050_000
TEXTS_A_CONTACT = 200
LONGEST_CORPUS_TEXT = 240
"""Characters: longer ones are cut into pieces of so many, as a recogniser finalises them."""
SLOW_S = 0.25
ASKED = ("what's your email address", "can I take your card number please", "what is your date of birth", "your name?")
_BANK = Contact("bank", "c", "arn", "stream", 0)
_OTHERS = tuple(Contact("bank", "c", "arn", "stream", 0, language=language) for language in ("de-DE", "es-ES", "fr-FR"))


@dataclass(slots=True)
class Failures:
    """``failed``: error and place -> the shortest text. ``slowest_s`` of one text."""

    kinds: Counter[str] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)
    failures: int = 0
    slow: int = 0
    slowest_s: float = 0.0
    slowest: str = ""

    def fail(self, text: str, error: Exception) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
        self.failures += 1
        self.failed[where] = min(text, self.failed.get(where, text), key=len)

    def took(self, text: str, took_s: float) -> None:
        if took_s > self.slowest_s:
            self.slowest, self.slowest_s = text, took_s

    def add(self, other: Failures) -> None:
        self.kinds += other.kinds
        self.failures += other.failures
        self.slow += other.slow
        self.took(other.slowest, other.slowest_s)
        for where, text in other.failed.items():
            self.failed[where] = min(text, self.failed.get(where, text), key=len)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--every-cut", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--corpora", type=Path, help="Folder of public texts; default: shared/data/text")
    parser.add_argument("--json", type=Path, dest="report")
    given = parser.parse_args()
    began = time.perf_counter()
    found = fuzzed(None if given.every_cut else given.texts, given.seed, given.processes, given.corpora)
    sys.exit(report(found, time.perf_counter() - began, given))


def fuzzed(texts: int | None, seed: int, processes: int, folder: Path | None) -> Failures:
    """``texts``: None takes every cut of the corpora once."""
    each = None if texts is None else -(-texts // processes)
    share = partial(one_share, texts=each, seed=seed, shares=processes, folder=folder)
    found = Failures()
    with ProcessPoolExecutor(processes) as pool:
        for part in pool.map(share, range(processes)):
            found.add(part)
    return found


def one_share(number: int, *, texts: int | None, seed: int, shares: int, folder: Path | None) -> Failures:
    rng = random.Random(f"{seed}/{number}")
    pieces = list(chain.from_iterable(map(_pieces, chain.from_iterable(corpora(folder).values()))))[number::shares]
    rng.shuffle(pieces)
    found = Failures()
    stream = islice(results(pieces, rng), texts) if texts is not None else every_cut(pieces, rng)
    while batch := list(islice(stream, TEXTS_A_CONTACT)):
        redact_all(batch, _redactor(rng), found)
    return found


def every_cut(pieces: list[str], rng: random.Random) -> Iterator[tuple[str, TranscriptResult]]:
    for number, (text, is_final) in enumerate(chain.from_iterable(map(_cuts, pieces))):
        yield _named("corpus", text, is_final, rng, number * 400.0)


def results(pieces: list[str], rng: random.Random) -> Iterator[tuple[str, TranscriptResult]]:
    """Kind and result, without end; where there are no corpora, of the other kinds only."""
    cuts = chain.from_iterable(map(_cuts, cycle(pieces)))
    at_ms = 0.0
    while True:
        at_ms += 400.0
        kind = rng.choice(("corpus", "corpus", "spoilt", "mixed")) if pieces else "mixed"
        if kind == "corpus":
            text, is_final = next(cuts)
        else:
            text = mixed(rng) if kind == "mixed" else spoilt(rng.choice(pieces), rng)
            is_final = rng.random() < 0.4
        yield _named(kind, text, is_final, rng, at_ms)


def _named(kind: str, text: str, is_final: bool, rng: random.Random, at_ms: float) -> tuple[str, TranscriptResult]:
    result = result_of(text, is_final=is_final, speaker=rng.choice((Speaker.CUSTOMER, Speaker.AGENT)), at_ms=at_ms)
    return f"{kind}, {'final' if is_final else 'interim'}", with_words(result) if rng.random() < 0.5 else result


def _cuts(text: str) -> Iterator[tuple[str, bool]]:
    """As interims after each token, then whole."""
    yield from ((cut, False) for cut in cut_at_every_token(text))
    yield text, True


def _pieces(text: str) -> Iterator[str]:
    for at in range(0, len(text), LONGEST_CORPUS_TEXT):
        yield text[at : at + LONGEST_CORPUS_TEXT]


def _redactor(rng: random.Random) -> ConversationRedactor:
    rules = rng.choice((RedactionRules(), RedactionRules.everything(), RedactionRules(regions=("GB",))))
    redactor = redactor_for(rng.choice((_BANK, _BANK, _BANK, *_OTHERS)), rules)
    redactor.redact(result_of(rng.choice(ASKED), is_final=True, speaker=Speaker.AGENT))
    return redactor


def redact_all(batch: list[tuple[str, TranscriptResult]], redactor: ConversationRedactor, found: Failures) -> None:
    for kind, result in batch:
        found.kinds[kind] += 1
        began = time.process_time()  # of this process alone: others on the machine make no text slow
        try:
            redactor.unguarded(result)
        except Exception as error:
            found.fail(result.text, error)
        took_s = time.process_time() - began
        found.slow += took_s > SLOW_S
        found.took(result.text, took_s)


def report(found: Failures, took_s: float, given: argparse.Namespace) -> int:
    total = sum(found.kinds.values())
    for kind, count in sorted(found.kinds.items()):
        print(f"  {count:>10,}  {kind}")
    print(f"{total:,} texts in {took_s:.0f} s (seed {given.seed}, {given.processes} processes)")
    print(f"{found.failures:,} exceptions")
    print(f"slowest text {found.slowest_s * 1000:.0f} ms, {found.slow} above 250 ms: {found.slowest[:80]!r}")
    for where, text in sorted(found.failed.items()):
        print(f"  {where}: {text!r}")
    if given.report:
        figures = {"texts": total, "exceptions": found.failures, "seconds": round(took_s, 1), "kinds": found.kinds}
        given.report.write_text(json.dumps({**figures, "failed": found.failed, "seed": given.seed}, indent=2) + "\n")
    return 1 if found.failures else 0


if __name__ == "__main__":
    main()
