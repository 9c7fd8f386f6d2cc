"""``sotto history``: a synthetic history, labelled as such in every row."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from local.start_checks import check_folder
from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.history.make import Asked
from sotto.analytics.history.plan import bank
from sotto.analytics.history.write import write_history

FACTS = Path(".sotto") / "history"
TENANT = "harbour_bank"
MOST = 2_000_000
_SHOWN_EVERY = 10


@click.group()
def history() -> None:
    """A past that never was, to count and to show."""


@history.command()
@click.option("--conversations", type=click.IntRange(1, MOST), default=5_000, show_default=True)
@click.option("--days", type=click.IntRange(1, 730), default=90, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same history.")
@click.option("--last", type=click.DateTime(["%Y-%m-%d"]), help="The last day; today without it.")
@click.option("--tenant", default=TENANT, show_default=True)
@click.option("--facts", type=click.Path(path_type=Path, file_okay=False), default=FACTS, show_default=True)
def make(conversations: int, days: int, seed: int, last: datetime | None, tenant: str, facts: Path) -> None:
    """Make facts as Parquet: about CONVERSATIONS of them, over DAYS. Facts only: no text, no recordings."""
    check_folder(facts, "facts are kept there; name another folder with --facts")
    end: date = last.date() if last is not None else datetime.now(UTC).date()
    asked = Asked(conversations, days, end.isoformat(), seed)
    made = rows = 0
    for number, day in enumerate(write_history(tenant, bank(), asked, FolderFiles(facts), DuckDbParquet()), 1):
        made, rows = made + day.conversations, rows + day.rows
        if number % _SHOWN_EVERY == 0 or number == days:
            click.echo(f"{number} of {days} days, {made:,} conversations, {rows:,} rows", err=True)
    click.echo(
        f"made {made:,} synthetic conversations of {tenant} until {asked.last} (seed {seed}): {rows:,} rows of facts, "
        f"without text, in {facts}; ask about them with: sotto ask 'AHT by team'"
    )
