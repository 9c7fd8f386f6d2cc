"""The ``sotto`` command. Subcommands are imported when called, so that ``sotto --help`` answers at once."""

from __future__ import annotations

import importlib
import logging
from contextlib import suppress
from pathlib import Path

import click

from local.commands.log_line import LogLine
from local.interruption import Interrupted
from sotto.errors import SottoError

LOG = Path(__file__).resolve().parents[2] / ".sotto" / "sotto.log"

COMMANDS = {
    "demo": ("local.commands.demo", "Play a call through the whole route and open the agent's panel."),
    "call": ("local.commands.call", "Play one call through the whole route, then exit."),
    "kvs": ("local.commands.kvs", "Look into Kinesis Video Streams captures."),
    "tenants": ("local.commands.tenants", "Check and publish what a tenant wrote."),
    "adapters": ("local.commands.adapters", "Train, publish, pin and roll back a tenant's models."),
    "bench": ("local.commands.bench", "Make the figures in the README again."),
    "doctor": ("local.commands.doctor", "Say what is missing on this machine and how to get it."),
}


class LazyGroup(click.Group):
    """Knows its commands by name and help, and imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[name][0])
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def sotto() -> None:
    """Live guidance for agents on Amazon Connect."""


def _log_to_file() -> None:
    """What functions log belongs in a file, not between the lines of a call. Where none can be written, nowhere."""
    try:
        LOG.parent.mkdir(exist_ok=True)
        file = logging.FileHandler(LOG)
        file.setFormatter(LogLine())
        logging.basicConfig(handlers=[file], level=logging.WARNING)
    except OSError:
        logging.basicConfig(handlers=[logging.NullHandler()])


def main() -> None:
    """Errors made on purpose are told in one line; anything else keeps its traceback."""
    _log_to_file()
    try:
        raise SystemExit(sotto(standalone_mode=False))
    except SottoError as error:
        raise SystemExit(f"sotto: {error}") from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except (Interrupted, KeyboardInterrupt, click.Abort) as error:
        with suppress(OSError):  # the terminal may be what has gone
            click.echo("sotto: interrupted", err=True)
        raise SystemExit(getattr(error, "exit_code", 130)) from None
