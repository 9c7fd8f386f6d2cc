"""The decision trees of a playbook, as somebody draws them: what leads to a moment, a card or a tick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sotto.tenants.playbook import Condition, Item, Moment, Playbook, PlaybookAction, parts_of

MOST_NODES = 2_000


@dataclass(frozen=True, slots=True)
class Node:
    """``kind``: of the condition (sotto.tenants.playbook), or moment-defined, action, item. ``parent``: id of what it
    leads to; empty of a root. ``role``: as what it stands there: when, unless, withdraw_when, done_when, needed_when,
    first, then; empty of one among equals. ``about``: what is looked for."""

    id: str
    parent: str
    kind: str
    role: str
    name: str
    about: tuple[str, ...] = ()
    speaker: str = ""
    within_ms: int | None = None


def trees(playbook: Playbook) -> tuple[Node, ...]:
    """Each root before what leads to it; at most ``MOST_NODES``, which no playbook that one can read has."""
    found: list[Node] = []
    for node in _all(playbook):
        found.append(node)
        if len(found) == MOST_NODES:
            break
    return tuple(found)


def _all(playbook: Playbook) -> Iterator[Node]:
    for one in playbook.sets:
        for moment in one.moments:
            yield from _rule(f"moment/{moment.name}", "moment-defined", moment.title, {"when": moment.when}, moment)
        for action in one.actions:
            answer = (action.answer.model,) if action.answer else ()
            parts = {"when": action.when, "unless": action.unless, "withdraw_when": action.withdraw_when}
            yield from _rule(f"action/{action.name}", "action", action.show.title, parts, action, answer)
        for checklist in one.checklists:
            for item in checklist.items:
                parts = {"done_when": item.done_when, "needed_when": item.needed_when}
                yield from _rule(f"item/{checklist.name}/{item.name}", "item", item.title, parts, item)


def _rule(
    root: str,
    kind: str,
    title: str,
    parts: dict[str, Condition | None],
    rule: Moment | PlaybookAction | Item,
    about: tuple[str, ...] = (),
) -> Iterator[Node]:
    within = rule.within_ms if isinstance(rule, Item) else None
    yield Node(root, "", kind, "", title, about, within_ms=within)
    for role, condition in parts.items():
        if condition is not None:
            yield from _condition(f"{root}/{role}", root, role, condition)


def _condition(node_id: str, parent: str, role: str, condition: Condition) -> Iterator[Node]:
    plain: dict[str, Any] = condition.model_dump()
    speaker = plain.get("speaker") or plain.get("by")
    yield Node(
        id=node_id,
        parent=parent,
        kind=condition.kind,
        role=role,
        name=str(plain.get("name") or plain.get("task") or ""),
        about=_about(plain),
        speaker=str(speaker) if speaker else "",
        within_ms=plain.get("within_ms") or plain.get("longer_than_ms"),
    )
    roles = ("first", "then") if condition.kind == "sequence" else ()
    for number, part in enumerate(parts_of(condition)):
        yield from _condition(f"{node_id}/{number}", node_id, roles[number] if roles else "", part)


def _about(plain: dict[str, Any]) -> tuple[str, ...]:
    words = tuple(plain.get("labels") or plain.get("phrases") or ())
    times = (f"{plain['times']}x",) if "times" in plain else ()
    after = tuple(str(plain[name]) for name in ("after", "unless_after") if plain.get(name))
    return (*words, *times, *after)
