"""``sotto history``: of past conversations: lists and indexes made anew, or a synthetic past to count and to show."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import click

from local.commands.terminal_text import show_line
from local.deployed import sdk_errors_translated
from local.rebuilding import Rebuild
from local.rebuilding import rebuild as rebuilt
from local.records import records_environment
from local.start_checks import check_folder
from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.history.make import Asked
from sotto.analytics.history.plan import bank
from sotto.analytics.history.write import write_history
from sotto.core.settings import AwsRegion, ContactRecords
from sotto.history.keep import keep
from sotto.search.index_call import index_call
from sotto.wiring.sotto import Sotto

FACTS = Path(".sotto") / "history"
TENANT = "harbour_bank"
MOST = 2_000_000
_SHOWN_EVERY = 10


@click.group()
def history() -> None:
    """Conversations of the past."""


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
        made, rows = made + day.conversations, rows + day.all_rows
        if number % _SHOWN_EVERY == 0 or number == days:
            click.echo(f"{number} of {days} days, {made:,} conversations, {rows:,} rows", err=True)
    click.echo(
        f"made {made:,} synthetic conversations of {tenant} until {asked.last} (seed {seed}): {rows:,} rows of facts, "
        f"without text, in {facts}; ask about them with: sotto ask 'AHT by team'"
    )


@history.command()
@click.argument("tenant")
@click.option("--only", type=click.Choice(["list", "search"]), help="One of the two; else both.")
@click.option("--anew", is_flag=True, help="Drop the search index first: after a loss, or when nothing fits any more.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the place is kept from which an interrupted run goes on.  [default: .sotto/rebuild-TENANT.json]",
)
def rebuild(tenant: str, only: str | None, anew: bool, state: Path | None) -> None:
    """Make the list of conversations and the search index of a TENANT from what is stored of its calls.

    Of the stack that the environment names: AWS_REGION and credentials of whoever may read its tables;
    AWS_ENDPOINT_URL for an embedded one. An interrupted run goes on where it was. What is there already stays.
    """
    sotto = Sotto.of(records_environment() | os.environ)
    place = state or Path(".sotto") / f"rebuild-{tenant}{f'-{only}' if only else ''}.json"
    do: tuple[Rebuild, ...] = ()
    with sdk_errors_translated(sotto.settings.of(AwsRegion).region):
        if only != "search":
            do += (partial(_listed, tenant, sotto),)
        if only != "list":
            do += (partial(_indexed, tenant, sotto),)
            if anew and not place.exists():
                sotto.search_index.drop(tenant)
        table = sotto.settings.of(ContactRecords).table
        for progress in rebuilt(tenant, sotto.client("dynamodb"), table, do, place):
            show_line(f"{tenant}: {progress}")
    show_line(f"{tenant}: done")


def _listed(tenant: str, sotto: Sotto, contact_id: str) -> None:
    keep(tenant, contact_id, sotto.history_keep_ports)


def _indexed(tenant: str, sotto: Sotto, contact_id: str) -> None:
    index_call(tenant, contact_id, sotto.indexing_ports)
