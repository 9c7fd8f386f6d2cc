"""What alone suffices for a moment, an item or an action of a playbook."""

from __future__ import annotations

from collections.abc import Iterable

from sotto.tenants.playbook import AnyOf, Condition, Detected, Happened, Phrases, Playbook


def leaves(conditions: Iterable[Condition | None], playbook: Playbook) -> tuple[Detected | Phrases, ...]:
    """Each once. What needs more than one thing, or that something did not happen, is the playbook's to find."""
    moments = {moment.name: moment.when for one in playbook.sets for moment in one.moments}
    waiting: list[Condition] = [condition for condition in conditions if condition is not None]
    found: list[Detected | Phrases] = []
    seen: set[str] = set()
    while waiting:
        match waiting.pop(0):
            case Detected() | Phrases() as leaf:
                found.append(leaf)
            case AnyOf(parts=parts):
                waiting += parts
            case Happened(name=name) if name not in seen and name in moments:
                seen.add(name)
                waiting.append(moments[name])
            case _:
                pass
    return tuple(dict.fromkeys(found))
