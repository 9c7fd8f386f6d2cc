"""Parquet without pyarrow, which alone would fill half of a Lambda function's zip: DuckDB writes it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from sotto.analytics.facts.tables import DUCKDB_TYPES, FactTable


class DuckDbParquet:
    """A ParquetWriter. DuckDB sees the two files' folders and nothing else of the machine, and no network."""

    def write(self, table: FactTable, lines: Path, file: Path) -> None:
        columns = ", ".join(f"'{name}': '{DUCKDB_TYPES[kind]}'" for name, kind in table.columns.items())
        with confined(lines.parent, file.parent) as database:
            database.execute(
                f"COPY (SELECT * FROM read_json({literal(lines)}, format='newline_delimited', columns={{{columns}}}) "
                f"ORDER BY started_ms, conversation) TO {literal(file)} (FORMAT parquet, COMPRESSION zstd)"
            )


def confined(*folders: Path, threads: int = 2, memory_mb: int = 512) -> duckdb.DuckDBPyConnection:
    """A database in memory that reads and writes these folders alone."""
    config = {"threads": threads, "memory_limit": f"{memory_mb}MB", "home_directory": str(folders[0])}
    database = duckdb.connect(config=config)  # type: ignore[arg-type]
    allowed = ", ".join(literal(each) for each in dict.fromkeys(folders))
    database.execute(f"SET allowed_directories=[{allowed}]")
    database.execute("SET enable_external_access=false")
    database.execute("SET lock_configuration=true")
    return database


def literal(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
