"""Facts counted by DuckDB in this process, which reads the files that it is given and nothing else of the machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from sotto.analytics.adapters.duckdb_parquet import confined, literal
from sotto.analytics.facts.tables import DUCKDB_TYPES, TABLES
from sotto.core.errors import Retryable


class DatabaseFull(Retryable):
    """More than fits into this process's memory was asked for: ask about fewer days, or fewer dimensions."""


class DuckDbDatabase:
    """A Database. Every question has a database of its own, so that none sees what another has left."""

    def __init__(self, *, threads: int = 2, memory_mb: int = 1_024) -> None:
        self._threads = threads
        self._memory_mb = memory_mb

    def rows(self, sql: str, fact: str, files: Sequence[Path]) -> list[tuple[object, ...]]:
        folders = dict.fromkeys(file.parent for file in files)
        listed = ", ".join(literal(file) for file in files)
        with confined(*folders, threads=self._threads, memory_mb=self._memory_mb) as database:
            read = f"read_parquet([{listed}], hive_partitioning=false, union_by_name=true)"
            database.execute(f"CREATE VIEW {fact} AS SELECT * FROM {read}")
            known = {row[0] for row in database.execute(f"DESCRIBE {fact}").fetchall()}
            newer = [
                f"NULL::{DUCKDB_TYPES[kind]} AS {name}"
                for name, kind in TABLES[fact].columns.items()
                if name not in known
            ]
            if newer:  # all of these days were written before there was such a column
                database.execute(f"CREATE OR REPLACE VIEW {fact} AS SELECT *, {', '.join(newer)} FROM {read}")
            try:
                return database.execute(sql).fetchall()
            except duckdb.OutOfMemoryException as error:
                raise DatabaseFull("days, dimensions: more than fits into memory; ask about less") from error
