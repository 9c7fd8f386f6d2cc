"""A playbook made ready for one conversation: active definitions, and all conditions that an utterance can meet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sotto.call.contact import Channel
from sotto.tenants.guidance_settings import GuidanceSettings
from sotto.tenants.playbook import (
    ChecklistDefinition,
    Condition,
    Detected,
    Item,
    Leaf,
    Moment,
    Phrases,
    Playbook,
    PlaybookAction,
    conditions_of,
    moments_named_in,
    walk,
)


@dataclass(frozen=True)
class Rules:
    """``moments`` stand after those they mention. ``leaves`` are of the whole playbook: sets change on transfer."""

    moments: tuple[Moment, ...]
    actions: tuple[PlaybookAction, ...]
    checklists: tuple[ChecklistDefinition, ...]
    leaves: tuple[tuple[str, Leaf], ...]
    policy: str = ""
    playbook: str = ""
    guidance: GuidanceSettings = GuidanceSettings()
    language: str = "en"
    """Whose words for numbers phrases are found in (primary tag)."""
    channel: Channel = Channel.VOICE


@lru_cache(maxsize=8192)
def signal_key(leaf: Leaf) -> str:
    return hashlib.sha256(leaf.model_dump_json().encode()).hexdigest()[:10]


def rules_of(
    playbook: Playbook,
    sets: Iterable[str],
    *,
    policy: str = "",
    version: str = "",
    guidance: GuidanceSettings | None = None,
    channel: Channel = Channel.VOICE,
) -> Rules:
    """The definitions of these sets, and every moment they mention, whichever set defines it. What is for another
    channel never happens."""
    active = set(sets)
    chosen = [one for one in playbook.sets if one.name in active]
    actions = tuple(action for one in chosen for action in one.actions if is_for(action, channel))
    checklists = tuple(_for_channel(checklist, channel) for one in chosen for checklist in one.checklists)
    items = [item for checklist in checklists for item in checklist.items]
    wanted = {moment.name for one in chosen for moment in one.moments}
    rules: list[PlaybookAction | Item] = [*actions, *items]
    wanted |= {name for rule in rules for name in _mentions(rule)}
    return Rules(
        moments=_in_order(
            {moment.name: moment for one in playbook.sets for moment in one.moments if is_for(moment, channel)}, wanted
        ),
        actions=actions,
        checklists=checklists,
        leaves=leaves_of(playbook),
        policy=policy,
        playbook=version,
        guidance=guidance or GuidanceSettings(),
        channel=channel,
    )


def is_for(rule: Moment | PlaybookAction | Item, channel: Channel) -> bool:
    return rule.channel in (None, channel)


def _for_channel(checklist: ChecklistDefinition, channel: Channel) -> ChecklistDefinition:
    items = tuple(item for item in checklist.items if is_for(item, channel))
    return checklist if len(items) == len(checklist.items) else checklist.model_copy(update={"items": items})


def _mentions(rule: Moment | PlaybookAction | Item) -> set[str]:
    names: set[str] = set().union(*map(moments_named_in, conditions_of(rule)))
    if isinstance(rule, Item) and rule.within_ms is not None:
        names.add(rule.after)
    return names


def _in_order(known: dict[str, Moment], wanted: Iterable[str]) -> tuple[Moment, ...]:
    ordered: dict[str, Moment] = {}

    def add(name: str) -> None:
        if name in known and name not in ordered:
            for needed in sorted(_mentions(known[name])):
                add(needed)
            ordered[name] = known[name]

    for name in sorted(wanted):
        add(name)
    return tuple(ordered.values())


def leaves_of(playbook: Playbook) -> tuple[tuple[str, Leaf], ...]:
    """What its conditions look for in words, each once, by the key of its signal."""
    found: dict[str, Leaf] = {}
    for condition in _conditions(playbook):
        for part in walk(condition):
            if isinstance(part, Detected | Phrases):
                found[signal_key(part)] = part
    return tuple(found.items())


def _conditions(playbook: Playbook) -> Iterable[Condition]:
    for one in playbook.sets:
        items = (item for checklist in one.checklists for item in checklist.items)
        rules: list[Moment | PlaybookAction | Item] = [*one.moments, *one.actions, *items]
        for rule in rules:
            yield from conditions_of(rule)
