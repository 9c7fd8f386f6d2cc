"""Legal holds: what must be kept though somebody asks for its erasure, or its time is up."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from sotto.api.privacy import hold, release
from sotto.api.rest.fields import AtMs
from sotto.api.rest.person import EXAMPLE, Person
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.erasure.request import NobodyKnown
from sotto.realtime.shapes import Shape


class Hold(Shown):
    contact_id: str
    matter: str
    placed_by: str
    placed_at_ms: AtMs


class Holds(Shown):
    data: list[Hold]


class Released(Shown):
    erasure_id: Annotated[str | None, Field(description="Of the erasure that was asked for meanwhile and is now due.")]


class WantedHold(Wanted):
    person: Person
    matter: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]


class WantedRelease(Wanted):
    person: Person


@route(
    "POST", "/v1/holds", action=Action.HANDLE_DATA, scope="holds:write", body=WantedHold, answers=Holds, status=201,
    absent=(NobodyKnown,),
    example=Example(
        role="privacy_officer", body={"person": EXAMPLE, "matter": "2026/441"},
        answer={"data": [
            {
                "contact_id": "c1", "matter": "2026/441", "placed_by": "key:k7f3m2p9q1z8",
                "placed_at_ms": 1_790_000_000_000,
            },
        ]},
    ),
)  # fmt: skip
def place_hold(asked: Asked, ports: ApiPorts) -> Shape:
    """Keep all contacts of a person, whatever asks for them to go."""
    wanted: WantedHold = asked.body
    placed = hold(asked.caller, wanted.person.identity, wanted.matter, ports.privacy())
    return {
        "data": [
            {
                "contactId": each.contact_id,
                "matter": each.matter,
                "placedBy": each.placed_by,
                "placedAtMs": each.placed_at_ms,
            }
            for each in placed
        ]
    }


@route(
    "POST", "/v1/holds/release", action=Action.HANDLE_DATA, scope="holds:write", body=WantedRelease, answers=Released,
    absent=(NobodyKnown,),
    example=Example(role="privacy_officer", body={"person": EXAMPLE}, answer={"erasure_id": None}),
)  # fmt: skip
def release_hold(asked: Asked, ports: ApiPorts) -> Shape:
    """No longer hold the contacts of a person; what was to be erased meanwhile is erased now."""
    wanted: WantedRelease = asked.body
    request = release(asked.caller, wanted.person.identity, ports.privacy())
    return {"erasureId": request.id if request is not None else None}
