"""Who looked at what, and who changed what: of a period, and of one call."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from pydantic import Field

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.history import DAY_MS, MOST_DAYS, Time, note
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import About, BadRequest, RequestModel
from sotto.api.roles import Action, Reach
from sotto.core.audit import AuditAction, AuditEntry
from sotto.realtime.shapes import Shape


class AuditRequest(RequestModel):
    since_ms: Time
    until_ms: Time
    first: Annotated[int, Field(ge=1, le=500)] = 100


def audit_trail(asked: AuditRequest, caller: Caller, ports: AgentPorts) -> list[Shape]:
    if Reach.ANY not in caller.reach(Action.READ_AUDIT):
        raise Unauthorised("role: only admins and auditors may read the audit log")
    if asked.until_ms - asked.since_ms > MOST_DAYS * DAY_MS:
        raise BadRequest(f"sinceMs: more than {MOST_DAYS} days before untilMs; ask for less at a time")
    found = ports.audit.entries(caller.tenant, int(asked.since_ms), int(asked.until_ms))
    entries = list(islice(found, asked.first))
    note(caller, AuditAction.AUDIT_READ, f"audit/{len(entries)}", ports)
    return [_entry_shape(each) for each in entries]


def call_audit_trail(asked: About, caller: Caller, ports: AgentPorts) -> list[Shape]:
    """Of an erased call too: that it was erased, and by whom, stays in the log."""
    if Reach.ANY not in caller.reach(Action.READ_AUDIT):
        raise Unauthorised("role: only admins and auditors may read the audit log")
    entries = ports.audit.about_contact(caller.tenant, asked.contact_id)
    note(caller, AuditAction.AUDIT_READ, f"audit/{len(entries)}", ports)
    return [_entry_shape(each) for each in entries]


def _entry_shape(each: AuditEntry) -> Shape:
    return {"who": each.who, "action": each.action.value, "record": each.record, "atMs": each.at_ms}
