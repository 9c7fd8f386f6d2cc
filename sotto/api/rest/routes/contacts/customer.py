"""Whose contact it was: what all conversations with this customer say together."""

from __future__ import annotations

from sotto.api.rest.route import ApiPorts, Asked, Example, route
from sotto.api.rest.routes.insights import INSIGHTS_EXAMPLE, CustomerInsights, insights_shape
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape


@route(
    "GET", "/v1/contacts/{contact_id}/insights", action=Action.READ_INSIGHTS, scope="insights:read",
    answers=CustomerInsights, example=Example(path={"contact_id": "c1"}, answer=INSIGHTS_EXAMPLE),
)  # fmt: skip
def get_insights_of_contact(asked: Asked, ports: ApiPorts) -> Shape:
    """The insights of the customer whose contact it was, over all their conversations."""
    from sotto.api.insights.use_cases import preview
    from sotto.erasure.identity import IdentityKind, identity

    person = identity(IdentityKind.CONTACT, asked.path["contact_id"])
    return insights_shape(preview(asked.caller, person, ports.insights()))
