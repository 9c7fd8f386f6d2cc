"""``sotto workflows``: the definitions that there are, drawn, and one that somebody is writing, checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from local.commands.terminal_text import show_line
from sotto.core.errors import Rejected
from sotto.workflows.definition import Ask, Branch, Definition, Each, Human, Use, Wait
from sotto.workflows.reading import read_definitions, shipped

HOUR_MS, DAY_MS = 3_600_000, 86_400_000


class NoSuchWorkflow(Rejected):
    """The message names those that there are."""


@click.group()
def workflows() -> None:
    """Look at definitions of workflows, and check one of yours.

    \b
    sotto workflows list
    sotto workflows show complaint_hand_off
    sotto workflows validate mine.yaml
    """


@workflows.command("list")
def list_all() -> None:
    """Those that come with Sotto; a tenant turns them on in tenant.yaml."""
    for each in shipped().values():
        show_line(f"{each.name:24} {each.title['en']} ({', '.join(each.starts_on) or 'by hand'})")


@workflows.command()
@click.argument("name")
def show(name: str) -> None:
    """Draw one of them."""
    found = shipped().get(name)
    if found is None:
        raise NoSuchWorkflow(f"NAME: there is no '{name}'; choose one of {', '.join(shipped())}")
    for line in drawn(found):
        show_line(line)


@workflows.command()
@click.argument("files", metavar="FILE.yaml...", nargs=-1, required=True, type=click.Path(path_type=Path))
def validate(files: Sequence[Path]) -> None:
    """Find every mistake, with its file and line. Tenants cannot publish definitions of their own yet."""
    for each in read_definitions(files).values():
        show_line(f"{each.name}: {sum(1 for _ in each.every())} steps, nothing is wrong")


def drawn(definition: Definition) -> Iterator[str]:
    yield f"{definition.name} ({definition.digest}): {definition.title['en']}"
    if definition.only_if is not None:
        on = ", ".join(definition.starts_on)
        yield f"  on {on}, if {definition.only_if.condition} of {definition.only_if.tool}"
    yield from _steps(definition.steps, "  ")
    yield "  end"


def _steps(steps: Sequence[Any], margin: str) -> Iterator[str]:
    for step in steps:
        yield f"{margin}|"
        yield f"{margin}{step.id}: {_about(step)}"
        if isinstance(step, Branch):
            yield from (f"{margin}  {f'if {case.when}' if case.when else 'else'} -> {case.go}" for case in step.cases)
        elif isinstance(step, Human):
            allowed = {choice: name for name, choices in step.allows.items() for choice in choices}
            for choice in step.choices:
                permits = f", permits {allowed[choice.id]}" if choice.id in allowed else ""
                yield f"{margin}  [{choice.id}] {choice.title['en']}{permits}"
            yield f"{margin}  [{step.otherwise}] nobody came within {_time(step.within_ms)}"
        elif isinstance(step, Each):
            yield from _steps(step.steps, margin + "    ")


def _about(step: Any) -> str:
    match step:
        case Use():
            return f"uses {step.tool}"
        case Ask():
            return f"asks the agent {step.agent}"
        case Wait():
            until = f"until {step.until}, but no longer than " if step.until else ""
            return f"waits {until}{_time(step.at_most_ms)}"
        case Human():
            return f"a person: {step.title['en']}"
        case Each():
            return f"for each {step.name} of {step.over}, {step.most} at most"
        case _:
            return "branches"


def _time(ms: int) -> str:
    return f"{ms // DAY_MS}d" if ms >= DAY_MS else f"{ms / HOUR_MS:g}h"
