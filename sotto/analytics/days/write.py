"""A day's files are written anew from all that is filed under it, and what they replace is deleted.

Nothing is added to a file: a day is a function of what is filed, so writing it twice, or after a crash, is harmless.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, TextIO

from sotto.analytics.days.filing import FiledFacts
from sotto.analytics.facts.of_conversation import ConversationFacts
from sotto.analytics.facts.tables import TABLES, FactTable
from sotto.core.clock import Clock
from sotto.core.errors import Retryable

CLAIM_MS = 900_000
"""As long as Lambda lets a function run."""


class DayBusy(Retryable):
    """Another process writes this day."""


class FactFiles(Protocol):
    """A file for each fact and day. Raises Retryable."""

    def put(self, tenant: str, fact: str, day: str, file: Path) -> None:
        """In the place of the one before, of which nothing is kept."""
        ...

    def remove(self, tenant: str, fact: str, day: str) -> None:
        """With all that was there before; nothing where there is none."""
        ...

    def get(self, tenant: str, fact: str, day: str, file: Path) -> bool:
        """Copied to ``file``; False where there is none."""
        ...


class ParquetWriter(Protocol):
    def write(self, table: FactTable, lines: Path, file: Path) -> None:
        """``lines``: a JSON object for each row; columns that it lacks are null."""
        ...


@dataclass(frozen=True, slots=True)
class WritePorts:
    """``token``: another one with each call."""

    filed: FiledFacts
    files: FactFiles
    parquet: ParquetWriter
    clock: Clock
    token: Callable[[], str]


@dataclass(frozen=True, slots=True)
class DayWritten:
    day: str
    conversations: int
    rows: Mapping[str, int]


def write_days(tenant: str, ports: WritePorts, *, until_ms: float) -> list[DayWritten]:
    """Those of which more is filed than was written, the latest first, until the time is up. What another process
    writes is left to it. Raises Retryable."""
    written = []
    for day in sorted((each.day for each in ports.filed.days(tenant) if each.is_behind), reverse=True):
        if ports.clock.now_ms() >= until_ms:
            break
        try:
            written.append(write_day(tenant, day, ports))
        except DayBusy:
            continue
    return written


def write_day(tenant: str, day: str, ports: WritePorts) -> DayWritten:
    """Raises DayBusy where another process does, or took over."""
    now_ms = int(ports.clock.now_ms())
    claim = ports.filed.claim(tenant, day, token=ports.token(), now_ms=now_ms, until_ms=now_ms + CLAIM_MS)
    if claim is None:
        raise DayBusy("another process writes this day")
    with TemporaryDirectory(prefix="sotto-facts-") as folder:
        conversations, rows = _write_files(tenant, day, ports.filed.conversations(tenant, day), Path(folder), ports)
    if not ports.filed.written(claim, conversations=conversations, rows=rows):
        raise DayBusy("another process took over this day")
    return DayWritten(day, conversations, rows)


def _write_files(
    tenant: str, day: str, conversations: Iterable[ConversationFacts], folder: Path, ports: WritePorts
) -> tuple[int, dict[str, int]]:
    count, rows = lines_of(conversations, folder)
    for fact, table in TABLES.items():
        if not rows[fact]:
            ports.files.remove(tenant, fact, day)
            continue
        file = folder / f"{fact}.parquet"
        ports.parquet.write(table, folder / f"{fact}.jsonl", file)
        ports.files.put(tenant, fact, day, file)
    return count, {fact: number for fact, number in rows.items() if number}


def lines_of(conversations: Iterable[ConversationFacts], folder: Path) -> tuple[int, dict[str, int]]:
    """A file of JSON lines for each fact, so that a day of any size is never in memory at once; how many conversations
    and rows there are."""
    rows, number = dict.fromkeys(TABLES, 0), 0
    with ExitStack() as open_files:
        files = {
            fact: open_files.enter_context((folder / f"{fact}.jsonl").open("w", encoding="utf-8")) for fact in TABLES
        }
        for facts in conversations:
            number += 1
            for fact, found in facts.rows.items():
                _write_lines(files[fact], found)
                rows[fact] += len(found)
    return number, rows


def _write_lines(file: TextIO, rows: Sequence[Mapping[str, object]]) -> None:
    file.writelines(json.dumps(dict(row), separators=(",", ":")) + "\n" for row in rows)
