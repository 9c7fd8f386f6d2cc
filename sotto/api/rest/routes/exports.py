"""What is kept of a person, for the person: asked for, then read a few contacts at a time."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sotto.api.privacy import ask_to_hand_over, hand_over_page
from sotto.api.rest.cursor import name_after, next_name
from sotto.api.rest.fields import AtMs, Cursor, Next
from sotto.api.rest.person import EXAMPLE, Person
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.erasure.export import FORMAT, ExportRequest
from sotto.erasure.identity import IdentityKind
from sotto.erasure.request import NobodyKnown, NoSuchRequest
from sotto.realtime.shapes import Shape


class Export(Shown):
    id: str
    asked_by: str
    asked_at_ms: AtMs
    by: Annotated[IdentityKind, Field(description="What kind of identity was asked for, never which.")]
    contacts: Annotated[int, Field(description="How many were found.")]
    expires_at_ms: AtMs


class ExportPage(Export):
    format: str
    data: Annotated[list[dict[str, Any]], Field(description="One for each contact, as it is kept now.")]
    next: Next


class WantedExport(Wanted):
    person: Person


class WantedPage(Wanted):
    limit: Annotated[int, Field(ge=1, le=20)] = 5
    cursor: Cursor | None = None


_EXPORT = {
    "id": "e1", "asked_by": "ann", "asked_at_ms": 1_790_000_000_000, "by": "contact", "contacts": 1,
    "expires_at_ms": 1_790_604_800_000,
}  # fmt: skip


@route(
    "POST", "/v1/exports", action=Action.HANDLE_DATA, scope="exports:write", body=WantedExport, answers=Export,
    status=202, absent=(NobodyKnown,),
    example=Example(role="privacy_officer", body={"person": EXAMPLE}, answer=_EXPORT),
)  # fmt: skip
def export_person(asked: Asked, ports: ApiPorts) -> Shape:
    """Ask for all that is kept of a person's contacts, and who looked at it; then read it by its id, within a week."""
    wanted: WantedExport = asked.body
    return _shape(ask_to_hand_over(asked.caller, wanted.person.identity, ports.privacy()))


@route(
    "GET", "/v1/exports/{export_id}", action=Action.HANDLE_DATA, scope="exports:read", query=WantedPage,
    answers=ExportPage, absent=(NoSuchRequest,),
    example=Example(
        path={"export_id": "e1"}, role="privacy_officer",
        answer=_EXPORT | {"format": FORMAT, "data": [], "next": None},
    ),
)  # fmt: skip
def get_export(asked: Asked, ports: ApiPorts) -> Shape:
    """What is kept now of the contacts of an export, some at a time. That it was handed out is noted first."""
    wanted: WantedPage = asked.query
    after = name_after(wanted.cursor, "export", asked, ports)
    found, page = hand_over_page(asked.caller, asked.path["export_id"], after, wanted.limit, ports.privacy())
    last = str(page[-1]["contact_id"]) if page and page[-1]["contact_id"] != found.contacts[-1] else None
    return _shape(found) | {"format": FORMAT, "data": page, "next": next_name(last, "export", asked, ports)}


def _shape(request: ExportRequest) -> Shape:
    return {
        "id": request.id,
        "askedBy": request.asked_by,
        "askedAtMs": request.asked_at_ms,
        "by": request.by,
        "contacts": len(request.contacts),
        "expiresAtMs": request.expires_at_ms,
    }
