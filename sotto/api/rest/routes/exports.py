"""What is kept of a person, for the person."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sotto.api.privacy import hand_over
from sotto.api.rest.person import EXAMPLE, Person
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.erasure.request import NobodyKnown
from sotto.realtime.shapes import Shape


class Export(Shown):
    export: Annotated[dict[str, Any], Field(description="The format sotto-subject-export/1.")]


class WantedExport(Wanted):
    person: Person


@route(
    "POST", "/v1/exports", action=Action.HANDLE_DATA, scope="exports:write", body=WantedExport, answers=Export,
    absent=(NobodyKnown,), keeps_answer=False,
    example=Example(role="privacy_officer", body={"person": EXAMPLE}, answer={"export": {}}),
)  # fmt: skip
def export_person(asked: Asked, ports: ApiPorts) -> Shape:
    """All that is kept of a person's contacts, and who looked at it. That it was handed out is noted first."""
    wanted: WantedExport = asked.body
    return {"export": hand_over(asked.caller, wanted.person.identity, ports.privacy())}
