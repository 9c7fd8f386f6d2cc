"""What coaches share of a contact with its agent."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from sotto.api.panel.shared_moments import (
    AcknowledgedShare,
    NewShare,
    ShareId,
    acknowledge_share,
    share_moment,
    shared_moments_of,
)
from sotto.api.rest.about import about
from sotto.api.rest.fields import AtMs, Id
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.rest.routes.contacts.contact import Utterance
from sotto.api.roles import Action
from sotto.call.shared_moment import LONGEST_ANSWER, LONGEST_COMMENT
from sotto.realtime.shapes import Shape


class SharedMoment(Shown):
    contact_id: str
    id: str
    sharer: str
    sharer_name: Annotated[str, Field(description="As people call them.")]
    agent: Annotated[str, Field(description="Whose call it was, and for whom it is.")]
    team: str | None
    comment: Annotated[str, Field(description="Redacted, as answer is.")]
    from_ms: Annotated[int, Field(description="Of the call's time, as until_ms.")]
    until_ms: int
    annotation_id: str | None
    moment: Annotated[str | None, Field(description="What was noticed there, where that is what is shared.")]
    shared_at_ms: AtMs
    acknowledged_at_ms: AtMs | None
    answer: str | None


class SharedMomentWithWords(SharedMoment):
    utterances: Annotated[list[Utterance], Field(description="The words of that stretch, redacted.")]


class SharedMomentsOfContact(Shown):
    data: list[SharedMomentWithWords]


class WantedShare(Wanted):
    from_ms: Annotated[int, Field(ge=0, le=1_000_000_000, description="Of the call's time.")]
    until_ms: Annotated[int, Field(ge=0, le=1_000_000_000, description="At most ten minutes later.")]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_COMMENT)]
    annotation_id: Id | None = None


class WantedAcknowledgement(Wanted):
    share_id: ShareId
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_ANSWER)] = ""


_PATH = {"contact_id": "c1"}
_SHARE_ID = "share-000000000000000000000000000000aa"
EXAMPLE: dict[str, Any] = {
    "contact_id": "c1", "id": _SHARE_ID, "sharer": "cleo", "sharer_name": "Cleo Park", "agent": "emma",
    "team": "service", "comment": "Well asked.", "from_ms": 1_000, "until_ms": 2_400, "annotation_id": None,
    "moment": None, "shared_at_ms": 1_790_000_000_000, "acknowledged_at_ms": None, "answer": None,
}  # fmt: skip
_WORDS = [{
    "id": "u1", "seq": 1, "speaker": "customer", "start_ms": 1_000, "end_ms": 2_400, "text": "I want to leave.",
    "confidence": 0.93, "private": [],
}]  # fmt: skip
_WITH_WORDS = EXAMPLE | {"utterances": _WORDS}


@route(
    "GET", "/v1/contacts/{contact_id}/shared-moments", action=Action.READ_CALL, scope="contacts:read",
    answers=SharedMomentsOfContact,
    example=Example(path=_PATH, role="quality", answer={"data": [_WITH_WORDS]}),
)  # fmt: skip
def list_shared_moments_of_contact(asked: Asked, ports: ApiPorts) -> Shape:
    """What was shared of a contact: for those who may share it, and for its agent."""
    return {"data": shared_moments_of(about(asked), asked.caller, ports.panel())}


@route(
    "POST", "/v1/contacts/{contact_id}/shared-moments", action=Action.SHARE_MOMENT, scope="contacts:write",
    body=WantedShare, answers=SharedMomentWithWords, status=201,
    example=Example(
        path=_PATH, role="quality", body={"from_ms": 1_000, "until_ms": 2_400, "comment": "Well asked."},
        answer=_WITH_WORDS,
    ),
)  # fmt: skip
def share_moment_of_contact(asked: Asked, ports: ApiPorts) -> Shape:
    """Share a stretch of a contact with the agent who had it. The same again, by the same client, is shared once."""
    wanted: WantedShare = asked.body
    new = about(
        asked,
        NewShare,
        fromMs=wanted.from_ms,
        untilMs=wanted.until_ms,
        annotationId=wanted.annotation_id,
        comment=wanted.comment,
    )
    return share_moment(new, asked.caller, ports.panel())


@route(
    "PUT", "/v1/contacts/{contact_id}/shared-moments", action=Action.ACKNOWLEDGE, scope="contacts:write",
    body=WantedAcknowledgement, answers=SharedMomentWithWords,
    example=Example(
        path=_PATH, role="agent", body={"share_id": _SHARE_ID, "answer": "Thank you."},
        answer=_WITH_WORDS | {"acknowledged_at_ms": 1_790_000_000_000, "answer": "Thank you."},
    ),
)  # fmt: skip
def acknowledge_shared_moment(asked: Asked, ports: ApiPorts) -> Shape:
    """Acknowledge what was shared, for the agent with whom it was; an answer is given once, now or later."""
    wanted: WantedAcknowledgement = asked.body
    seen = about(asked, AcknowledgedShare, shareId=wanted.share_id, answer=wanted.answer)
    return acknowledge_share(seen, asked.caller, ports.panel())
