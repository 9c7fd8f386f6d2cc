"""What coaches shared with agents, over all contacts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sotto.api.rest.cursor import name_after, next_name
from sotto.api.rest.fields import Next, Paged
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, route
from sotto.api.rest.routes.contacts.shared_moments import EXAMPLE, SharedMoment
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape


class SharedMoments(Shown):
    data: list[SharedMoment]
    next: Next


class WantedShares(Paged):
    waiting: Annotated[bool, Field(description="Only those that the agent has not acknowledged.")] = False


@route(
    "GET", "/v1/shared-moments", action=Action.SHARE_MOMENT, scope="contacts:read", query=WantedShares,
    answers=SharedMoments, example=Example(role="quality", answer={"data": [EXAMPLE], "next": None}),
)  # fmt: skip
def list_shared_moments(asked: Asked, ports: ApiPorts) -> Shape:
    """What was shared with agents of the teams that the caller coaches, the latest first, without words."""
    from sotto.api.coaching.use_cases import list_shared
    from sotto.api.panel.shared_moments import moment_shape

    wanted: WantedShares = asked.query
    what = "shared moments waiting" if wanted.waiting else "shared moments"
    before = name_after(wanted.cursor, what, asked, ports)
    found = list_shared(asked.caller, ports.panel(), limit=wanted.limit, before=before, only_waiting=wanted.waiting)
    return {
        "data": [moment_shape(each) for each in found.moments],
        "next": next_name(found.goes_on or None, what, asked, ports),
    }
