"""``sotto kvs``: look into Kinesis Video Streams media."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.commands.rich_text import plain
from sotto.media.mkv.inspection import Capture, inspect

_PIECE_BYTES = 1 << 20


@click.group()
def kvs() -> None:
    """Look into Kinesis Video Streams media."""


@kvs.command("inspect")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def inspect_file(file: Path, as_json: bool) -> None:
    """Fragments, tags, tracks, contacts, samples and gaps of a GetMedia capture."""
    capture = inspect(_pieces(file))
    if as_json:
        click.echo(json.dumps(capture.as_json(), indent=2))
    else:
        _show(capture, Console())


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as media:
        while piece := media.read(_PIECE_BYTES):
            yield piece


def _show(capture: Capture, console: Console) -> None:
    table = Table(
        "fragment", "producer time", "contact", "samples", "behind ms", title=f"{len(capture.fragments)} fragments"
    )
    for fragment in capture.fragments:
        samples = Text("\n").join(plain(f"{name} {track.samples}") for name, track in fragment.tracks.items())
        behind = "" if fragment.millis_behind_now is None else str(fragment.millis_behind_now)
        number = fragment.number if not fragment.error else f"{fragment.number} error {fragment.error}"
        table.add_row(plain(number), plain(fragment.producer_timestamp), plain(fragment.contact_id), samples, behind)
    console.print(table)
    console.print(plain(f"contacts: {', '.join(capture.contacts) or 'none'}"))
    for problem in capture.problems:
        console.print(plain(f"problem: {problem}"))
