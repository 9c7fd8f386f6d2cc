"""Training for ``sotto adapters train``: where the examples are, progress, and no package half written."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from local.commands.terminal_text import visible
from local.interruption import EXIT_CODES, Interrupted
from local.start_checks import check_folder

if TYPE_CHECKING:
    from model_containers.trainer.adapted import Method

_COLUMNS = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())


def examples_of(folder: Path | None, data: Path | None, tenant: str | None) -> tuple[Path, str]:
    if (folder is None) == (data is None):
        raise click.UsageError("give either a tenant's folder or --data FILE")
    if folder is not None:
        return folder / "intents.yaml", tenant or folder.resolve().name
    if tenant is None or data is None:
        raise click.UsageError("--data needs --tenant: whose model is it?")
    return data, tenant


def trained(
    source: Path, out: Path, tenant: str, model: str, *, method: Method, seed: int, ood_recall: float | None
) -> Path:
    """The package. Imports torch, so only now."""
    with Progress(*_COLUMNS, console=Console(stderr=True), transient=True) as shown, _nothing_half_written(out):
        check_folder(out, "name another folder with --out")
        task = shown.add_task("reading the examples", total=1.0)

        def advance(what: str, share: float) -> None:
            shown.update(task, description=visible(what), completed=share)

        from model_containers.trainer.examples.example_files import read_examples
        from model_containers.trainer.packages import build_adapted

        return build_adapted(
            read_examples(source),
            out,
            tenant=tenant,
            model=model,
            method=method,
            seed=seed,
            ood_recall=ood_recall,
            progress=advance,
        )


@contextmanager
def _nothing_half_written(out: Path) -> Iterator[None]:
    """Ctrl-C, SIGTERM, a closed terminal and errors leave no empty folders of ours; a partial package is removed by who
    writes it."""
    existed = out.exists()
    before = {number: signal.signal(number, _terminated) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except BaseException:
        if not existed and out.exists() and not any(path.is_file() for path in out.rglob("*")):
            shutil.rmtree(out)
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _terminated(number: int, frame: FrameType | None) -> None:
    raise Interrupted(EXIT_CODES[signal.Signals(number)])
