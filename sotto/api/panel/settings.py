"""What the tenant has settled in its folder, and what roles may do: to be read. It is changed where it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import RequestModel
from sotto.api.roles import TABLE, Action, Reach, Role
from sotto.core.subject_data import DataKind
from sotto.realtime.shapes import Shape


def settings(asked: RequestModel, caller: Caller, ports: AgentPorts) -> Shape:
    if Reach.ANY not in caller.reach(Action.READ_SETTINGS):
        raise Unauthorised("role: this role does not see the company's settings")
    book = ports.books.current(caller.tenant)
    known = book.settings
    return {
        "title": known.title,
        "version": book.version,
        "teams": [{"name": name, "agents": sorted(team.agents)} for name, team in sorted(known.teams.items())],
        "languages": list(known.languages),
        "residency": known.residency,
        "retention": [{"kind": kind.value, "days": known.days_of(kind)} for kind in DataKind],
        "recordDays": known.retention_days,
        "auditDays": known.audit_days,
        "redaction": [{"kind": kind, "action": done} for kind, done in sorted(known.redaction_in_effect.items())],
        "policies": [
            {"name": each.name, "playbooks": list(each.playbooks)}
            for each in sorted(book.policies, key=lambda each: each.name)
        ],
        "roles": [
            {
                "role": role.value,
                "actions": [
                    {"action": action.value, "reach": _reach(TABLE[action][role])}
                    for action in Action
                    if TABLE[action][role]
                ],
            }
            for role in Role
        ],
    }


def _reach(reach: Reach) -> str:
    """The widest."""
    return next(wide.name or "" for wide in (Reach.ANY, Reach.TEAM, Reach.OWN) if wide in reach)


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.settings": (RequestModel, settings),
}
