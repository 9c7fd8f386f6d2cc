"""The ``sotto`` command. Subcommands are imported when called, so that ``sotto --help`` answers at once."""

from __future__ import annotations

import importlib
import io
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from local.commands.log_line import LogLine
from local.commands.terminal_text import show_line, tolerate_narrow_terminals
from local.interruption import Interrupted
from sotto.core.errors import SottoError, first_error

LOG = Path(__file__).resolve().parents[2] / ".sotto" / "sotto.log"

COMMANDS = {
    "demo": ("local.commands.demo", "Play a call through the whole route and open the agent's panel."),
    "call": ("local.commands.call", "Play one call through the whole route, then exit."),
    "chat": ("local.commands.chat", "Play one chat through the whole route, then exit."),
    "import": ("local.commands.imports", "Import conversations of the past: recordings, transcripts, vCons."),
    "search": ("local.commands.search", "Find moments of a running demo's conversations."),
    "kvs": ("local.commands.kvs", "Look into Kinesis Video Streams captures."),
    "tenants": ("local.commands.tenants", "Check and publish what a tenant wrote."),
    "erasure": ("local.commands.erasure", "Erase, hold and hand over what is kept of a person."),
    "api": ("local.commands.api", "The REST API's OpenAPI document; the demo serves the API."),
    "keys": ("local.commands.keys", "Create, list, roll and revoke API keys."),
    "usage": ("local.commands.usage", "Say what language models cost a tenant, and how its budgets stand."),
    "forms": ("local.commands.forms", "Bring quality forms from Connect, and take them there."),
    "adapters": ("local.commands.adapters", "Train, publish, pin and roll back a tenant's models."),
    "learn": ("local.commands.learn", "Learn from what agents corrected: review, train, roll out, take back."),
    "history": ("local.commands.history", "Make a synthetic history; make lists and search anew from what is stored."),
    "ask": ("local.commands.ask", "Ask a question about figures; prints the form that was computed."),
    "workflows": ("local.commands.workflows", "Definitions of workflows: list, draw and check them."),
    "leads": ("local.commands.leads", "Score leads: how likely they buy, and why."),
    "bench": ("local.commands.bench", "Make the figures in the README again."),
    "doctor": ("local.commands.doctor", "Say what is missing on this machine and how to get it."),
}
FUNCTIONS = {"import": "imports"}
"""Of commands whose name Python keeps for itself."""


class LazyGroup(click.Group):
    """Knows its commands by name and help, and imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[name][0])
        command: click.Command = getattr(module, FUNCTIONS.get(name, name))
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
    """Errors made on purpose and those of the machine are reported in one line; anything else keeps its traceback."""
    tolerate_narrow_terminals()
    _log_to_file()
    try:
        raise SystemExit(sotto(standalone_mode=False))
    except BaseException as raised:
        code = report(first_error(raised))
        if code is None:
            raise
    raise SystemExit(code)


def report(error: BaseException) -> int | None:
    """Say in one line what went wrong; the code to exit with, or None for what is nobody's intention."""
    match error:
        case SottoError():
            show_line(f"sotto: {error}", err=True)
            return 1
        case click.ClickException():
            shown = io.StringIO()
            error.show(shown)
            show_line(shown.getvalue().rstrip("\n"), err=True)
            return error.exit_code
        case Interrupted() | KeyboardInterrupt() | click.Abort():
            with suppress(OSError):  # a terminal that was closed has taken its screen along
                show_line("sotto: interrupted", err=True)
            return getattr(error, "exit_code", 130)
        case BrokenPipeError():
            # Whoever read has gone; Python's own flush at the end must not complain about it again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        case OSError() if error.errno is not None:
            logging.getLogger(__name__).error("the machine refused", exc_info=error)
            show_line(f"sotto: {_refusal(error)}", err=True)
            return 1
    return None


def _refusal(error: OSError) -> str:
    """As the system says it, with the file that it is about."""
    about = f"{error.filename}: " if error.filename else ""
    return f"{about}{error.strerror} ({type(error).__name__}); the log says where: {LOG}"


if __name__ == "__main__":
    main()
