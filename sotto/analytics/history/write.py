"""A synthetic history becomes files, a day at a time; or is filed like real conversations, where both are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sotto.analytics.days.write import FactFiles, ParquetWriter, lines_of
from sotto.analytics.facts.tables import TABLES
from sotto.analytics.history.make import Asked, synthetic_days
from sotto.analytics.history.plan import Centre


@dataclass(frozen=True, slots=True)
class DayMade:
    """``rows``: of each fact that has any."""

    day: str
    conversations: int
    rows: Mapping[str, int]

    @property
    def all_rows(self) -> int:
        return sum(self.rows.values())


def write_history(
    tenant: str, centre: Centre, asked: Asked, files: FactFiles, parquet: ParquetWriter
) -> Iterator[DayMade]:
    """In the place of what lies under those days; says of each what it has made."""
    for day, conversations in synthetic_days(centre, asked):
        with TemporaryDirectory(prefix="sotto-history-") as name:
            folder = Path(name)
            count, rows = lines_of(conversations, folder)
            for fact, table in TABLES.items():
                if not rows[fact]:
                    files.remove(tenant, fact, day)
                    continue
                file = folder / f"{fact}.parquet"
                parquet.write(table, folder / f"{fact}.jsonl", file)
                files.put(tenant, fact, day, file)
        yield DayMade(day, count, {fact: number for fact, number in rows.items() if number})
