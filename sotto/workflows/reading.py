"""Reads definitions from YAML: Sotto's own (sotto/workflows/shipped) or a file that somebody is writing. Every mistake
has its line; what can be known to be wrong before a run is found here (sotto.workflows.checks)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sotto.core.errors import Rejected
from sotto.core.validation import silent
from sotto.tenants.reading.parsing import read_yaml
from sotto.tenants.reading.places import Mistake, Mistakes, YamlPlace
from sotto.workflows.checks import CAUSED_BY_US, STARTERS, check, check_reference, check_tool
from sotto.workflows.definition import Definition, NamedAgent, OnlyIf
from sotto.workflows.expressions import NotAnExpression, literal, roots_of
from sotto.workflows.steps_reading import read_steps, translated, written_value

SHIPPED = Path(__file__).parent / "shipped"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,63}")
_FIELDS = ("version", "workflow", "title", "about", "starts_on", "only_if", "agents", "steps")
MOST_TEXTS = 20
_definition = silent(Definition)


class WorkflowsMistaken(Rejected):
    """The message has a line for each mistake."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@cache
def shipped() -> Mapping[str, Definition]:
    return read_definitions(sorted(SHIPPED.glob("*.yaml")))


def read_definitions(files: Iterable[Path]) -> Mapping[str, Definition]:
    """By name. Raises WorkflowsMistaken."""
    mistakes = Mistakes()
    found: dict[str, Definition] = {}
    for file in files:
        root = read_yaml(file, file.name, mistakes)
        read = _definition_of(root) if root is not None else None
        if read is not None and read.name in found:
            assert root is not None
            root.wrong(f"a workflow '{read.name}' is defined already; give this one another name")
        elif read is not None:
            found[read.name] = read
    if mistakes.found:
        raise WorkflowsMistaken(mistakes.in_order())
    return found


def _definition_of(root: YamlPlace) -> Definition | None:
    fields = root.fields(_FIELDS, needed=("version", "workflow", "title", "steps"))
    if "version" in fields:
        fields["version"].version()
    if "workflow" not in fields or "steps" not in fields or "title" not in fields:
        return None
    name = fields["workflow"].text() or ""
    if not _NAME.fullmatch(name):
        fields["workflow"].wrong(f"'{name[:40]}' is no name: use 2 to 64 of a-z, 0-9 and '_', beginning with a letter")
    agents = _agents(fields["agents"]) if "agents" in fields else {}
    read = read_steps(fields["steps"], agents)
    made = Definition(
        name=name,
        digest="",
        title=translated(fields["title"]),
        about=translated(fields["about"]) if "about" in fields else {},
        steps=tuple(each.step for each in read),
        agents=agents,
        starts_on=_starts_on(fields["starts_on"]) if "starts_on" in fields else (),
        only_if=_only_if(fields["only_if"]) if "only_if" in fields else None,
    )
    check(read)
    digest = hashlib.sha256(_definition.dump_json(made)).hexdigest()[:16]
    return Definition(**{name: getattr(made, name) for name in made.__dataclass_fields__} | {"digest": digest})


def _starts_on(place: YamlPlace) -> tuple[str, ...]:
    found = []
    for text, item in place.texts():
        if text in CAUSED_BY_US:
            item.wrong(f"workflows cause '{text}' themselves: one that it starts would start itself over and over")
        elif text not in STARTERS:
            item.wrong(f"unknown event '{text}'; known: {', '.join(sorted(STARTERS))}")
        else:
            found.append(text)
    return tuple(found)


def _only_if(place: YamlPlace) -> OnlyIf | None:
    fields = place.fields(("use", "with", "is"), needed=("use", "is"))
    if "use" not in fields or "is" not in fields:
        return None
    tool = fields["use"].text() or ""
    arguments = written_arguments(fields.get("with"))
    check_tool(fields["use"], tool, arguments, reads=True)
    condition = fields["is"].text() or ""
    try:
        for root in roots_of(condition):
            if root != "found":
                fields["is"].wrong(f"here there is only $found, what '{tool}' gives; not '${root}'")
    except NotAnExpression as error:
        fields["is"].wrong(str(error))
    check_reference(fields["is"], condition, {"found": tool})
    return OnlyIf(tool, arguments, condition)


def written_arguments(place: YamlPlace | None) -> dict[str, Any]:
    if place is None:
        return {}
    return {name: written_value(value) for name, _, value in place.named("arguments")}


def _agents(place: YamlPlace) -> dict[str, NamedAgent]:
    found: dict[str, NamedAgent] = {}
    for name, key, value in place.named("agents"):
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
            key.wrong(f"'{name[:40]}' is no name: use a-z, 0-9, '_' and '-'")
        fields = value.fields(("prompt", "tools", "most_texts", "timeout"), needed=("prompt",))
        tools = fields["tools"].words() if "tools" in fields else ()
        for tool in tools:
            check_tool(fields["tools"], tool, {}, reads=True)
        most = fields["most_texts"].number(0, MOST_TEXTS, 3) if "most_texts" in fields else 3
        timeout = fields["timeout"].duration_ms(least_ms=1_000, most_ms=25_000) if "timeout" in fields else 15_000
        prompt = fields["prompt"].text() if "prompt" in fields else ""
        found[name] = NamedAgent(name, prompt or "", tools, int(most), timeout)
    return found


__all__ = ["SHIPPED", "WorkflowsMistaken", "literal", "read_definitions", "shipped"]
