"""What sealing costs a live round: ``python -m benchmarks.shredding [--calls 20] [--utterances 40] [--json FILE]``.

Side by side on the embedded AWS, turn by turn, with and without keys: what a round does with the table of contacts. It
commits an utterance, reads the utterances before and the state, and stores the state with two annotations. Every call
is new at its first utterance, so that its key is made there (KMS, and an item of its own), and a second process reads
what the first has written, so that it looks keys up. What is reported beside the two times: of each round, what the
sealed table took of its own, which is keys, encryption and decryption, by the clock around them. That does not drown in
the emulation, which is slower than DynamoDB and shares this machine.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local.aws.keys import TENANT_KEY, create_keys
from local.aws.resources import create_table
from local.aws.stack import EmbeddedAws
from sotto.aws import keys
from sotto.aws.data_keys import DataKeys
from sotto.aws.sealed_table import SealedTable
from sotto.aws.table import Table
from sotto.core.clock import SystemClock
from sotto.core.resources import CONTACTS, DATA_KEYS

TENANT = "bank"
UTTERANCE = json.dumps({"id": "customer-1000", "text": "I would like to know why forty dollars were taken. " * 3})
ANNOTATION = json.dumps({"id": "a", "evidence": "why forty dollars were taken from my account" * 4, "show": "x" * 600})
GOAL_MS = 2.0


class TimedTable(SealedTable):
    """``own_ms``: what sealing and opening took since it was last set to zero, keys included."""

    own_ms = 0.0

    def _sealed(self, write: Any) -> Any:
        begun = time.perf_counter()
        try:
            return super()._sealed(write)
        finally:
            self.own_ms += (time.perf_counter() - begun) * 1000

    def _opened(self, item: dict[str, Any]) -> dict[str, Any] | None:
        begun = time.perf_counter()
        try:
            return super()._opened(item)
        finally:
            self.own_ms += (time.perf_counter() - begun) * 1000


def round_of(table: TimedTable, reader: TimedTable, contact_id: str, seq: int, state: bytes) -> tuple[float, float]:
    """The whole and the sealed tables' own part of it, in ms."""
    pk, begun = keys.of_contact(TENANT, contact_id), time.perf_counter()
    table.own_ms = reader.own_ms = 0.0
    table.put_all([({"pk": pk, "sk": keys.of_utterance(seq), "body": UTTERANCE}, None, {})])
    list(reader.between(pk, keys.of_utterance(max(1, seq - 10)), keys.of_utterance(seq)))
    reader.get(pk, keys.STATE)
    writes: list[Any] = [({"pk": pk, "sk": keys.STATE, "body": zlib.compress(state)}, None, {})]
    writes += [({"pk": pk, "sk": keys.of_annotation(seq * 2 + at), "body": ANNOTATION}, None, {}) for at in (0, 1)]
    reader.put_all(writes)
    return (time.perf_counter() - begun) * 1000, table.own_ms + reader.own_ms


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[18]


def measure(calls: int, utterances: int) -> dict[str, Any]:
    with EmbeddedAws() as aws:
        dynamodb, kms, clock = aws.engineer("dynamodb"), aws.engineer("kms"), SystemClock()
        for table in (CONTACTS, DATA_KEYS):
            create_table(table, dynamodb)
        create_keys([TENANT], kms)

        def process(sealed: bool) -> TimedTable:
            alias = TENANT_KEY.replace("{tenant}", TENANT)
            made = DataKeys(
                Table(dynamodb, DATA_KEYS.name), lambda of: kms, lambda of: alias, lambda of: 2_000_000_000, clock
            )
            return TimedTable(dynamodb, CONTACTS.name, made if sealed else None, clock)

        sides = {name: (process(name == "sealed"), process(name == "sealed")) for name in ("open", "sealed")}
        whole: dict[str, list[float]] = {name: [] for name in sides}
        own: list[float] = []
        first: list[float] = []
        for call in range(calls + 1):  # the first warms up
            for seq in range(1, utterances + 1):
                state = json.dumps({"utterances": [UTTERANCE] * seq}).encode()
                for name, (written, reader) in sides.items():
                    took, of_its_own = round_of(written, reader, f"{name}-{call}", seq, state)
                    if call:
                        whole[name].append(took)
                    if call and name == "sealed":
                        (first if seq == 1 else own).append(of_its_own)
    every = [*first, *own]
    return {
        "rounds": len(every),
        "own_p50_ms": round(statistics.median(every), 3),
        "own_p95_ms": round(p95(every), 3),
        "own_p95_ms_after_the_first_round": round(p95(own), 3),
        "own_first_round_p50_ms": round(statistics.median(first), 3),
        "whole_p50_ms": {name: round(statistics.median(times), 2) for name, times in whole.items()},
        "whole_p95_ms": {name: round(p95(times), 2) for name, times in whole.items()},
        "goal_ms": GOAL_MS,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--utterances", type=int, default=40)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    found = measure(arguments.calls, arguments.utterances)
    print(f"sealing, of {found['rounds']} rounds: p50 {found['own_p50_ms']} ms, p95 {found['own_p95_ms']} ms")
    print(f"  a call's first round, where its key is made: p50 {found['own_first_round_p50_ms']} ms")
    print(f"  every later one: p95 {found['own_p95_ms_after_the_first_round']} ms (goal {GOAL_MS} at most)")
    print(f"the whole round with the emulation: p50 {found['whole_p50_ms']}, p95 {found['whole_p95_ms']} ms")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
