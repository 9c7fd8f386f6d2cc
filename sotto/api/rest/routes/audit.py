"""The audit log."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sotto.api.panel.audit import AuditRequest, audit_trail
from sotto.api.panel.request_models import BadRequest
from sotto.api.rest.fields import AtMs, Ms
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape

LONGEST_MS = 31 * 86_400_000
"""Each day is a partition of its own, read by itself."""


class AuditEntry(Shown):
    who: str
    action: str
    record: Annotated[str, Field(description="Its kind and id; never what it says.")]
    at_ms: AtMs


class AuditEntries(Shown):
    data: list[AuditEntry]


class WantedAudit(Wanted):
    since_ms: Ms
    until_ms: Annotated[Ms, Field(description="Not included.")]
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@route(
    "GET", "/v1/audit", action=Action.READ_AUDIT, scope="audit:read", query=WantedAudit, answers=AuditEntries,
    example=Example(role="auditor", query={"since_ms": "0", "until_ms": "1"}, answer={"data": []}),
)  # fmt: skip
def list_audit_entries(asked: Asked, ports: ApiPorts) -> Shape:
    """Who did what, when, to which record, of 31 days at most: the oldest first. Reading it is noted too."""
    wanted: WantedAudit = asked.query
    if wanted.until_ms - wanted.since_ms > LONGEST_MS:
        raise BadRequest("since_ms: more than 31 days before until_ms; ask for less at a time")
    given = {"sinceMs": wanted.since_ms, "untilMs": wanted.until_ms, "first": wanted.limit}
    return {"data": audit_trail(AuditRequest.read(given), asked.caller, ports.panel())}
