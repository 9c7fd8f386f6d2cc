"""``sotto history``: the history of conversations of a deployed stack, and what is found in them."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click

from local.commands.terminal_text import show_line
from local.deployed import sdk_errors_translated
from local.rebuilding import Rebuild
from local.rebuilding import rebuild as rebuilt
from local.records import records_environment
from sotto.core.settings import AwsRegion, ContactRecords
from sotto.history.keep import keep
from sotto.search.index_call import index_call
from sotto.wiring.sotto import Sotto


@click.group()
def history() -> None:
    """Conversations of the past."""


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
