"""Who may see and decide on groups of gaps: whoever judges examples, since they are words of any call, and since models
learn from what is accepted."""

from __future__ import annotations

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Reach
from sotto.learning.gaps import decide
from sotto.learning.gaps.decide import DecidePorts, Decision
from sotto.learning.gaps.gap import GapGroup, GapKind, GroupState
from sotto.realtime.shapes import Shape

Chosen = tuple[tuple[str, str], ...]


def list_groups(caller: Caller, kind: GapKind, state: GroupState | None, ports: DecidePorts) -> list[Shape]:
    _admitted(caller)
    return [group_shape(each) for each in decide.groups_of(caller.tenant, kind, state, ports)]


def one_group(caller: Caller, kind: GapKind, id: str, ports: DecidePorts) -> Shape:
    """With its latest examples. Raises NoSuchGroup."""
    _admitted(caller)
    group, found = decide.shown(caller.tenant, caller.agent, kind, id, ports)
    examples = [{"contactId": each.contact_id, "id": each.id, "text": each.text, "atMs": each.at_ms} for each in found]
    return group_shape(group) | {"examples": examples}


def accept(
    caller: Caller, kind: GapKind, id: str, version: int, name: str, chosen: Chosen, ports: DecidePorts
) -> Shape:
    """Raises NoSuchGroup, GroupDecided and CannotDecide; so do the others."""
    return group_shape(decide.accept(_decision(caller, kind, id, version, chosen), name, ports))


def merge(caller: Caller, kind: GapKind, id: str, version: int, into: str, chosen: Chosen, ports: DecidePorts) -> Shape:
    """Into an intent or an article."""
    return group_shape(decide.merge(_decision(caller, kind, id, version, chosen), into, ports))


def merge_groups(caller: Caller, kind: GapKind, id: str, version: int, into: str, ports: DecidePorts) -> Shape:
    return group_shape(decide.merge_groups(_decision(caller, kind, id, version), into, ports))


def ignore(caller: Caller, kind: GapKind, id: str, version: int, ports: DecidePorts) -> Shape:
    return group_shape(decide.ignore(_decision(caller, kind, id, version), ports))


def reopen(caller: Caller, kind: GapKind, id: str, version: int, ports: DecidePorts) -> Shape:
    return group_shape(decide.reopen(_decision(caller, kind, id, version), ports))


def group_shape(group: GapGroup) -> Shape:
    return {
        "id": group.id,
        "kind": group.kind.value,
        "phrases": list(group.phrases),
        "members": group.members,
        "calls": group.calls,
        "nearest": group.nearest or None,
        "near": group.near,
        "state": group.state.value,
        "label": group.label or None,
        "into": group.into or None,
        "who": group.who or None,
        "madeAtMs": group.made_at_ms,
        "changedAtMs": group.changed_at_ms or None,
        "version": group.version,
    }


def _decision(caller: Caller, kind: GapKind, id: str, version: int, chosen: Chosen = ()) -> Decision:
    _admitted(caller)
    return Decision(caller.tenant, caller.agent, kind, id, version, chosen)


def _admitted(caller: Caller) -> None:
    if Reach.ANY not in caller.reach(Action.JUDGE_EXAMPLES):
        raise Unauthorised("role: new intents and missing articles are for quality managers")
