"""Moments that coaches share with agents, on the manager's app and on the agent's panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import About, RequestModel
from sotto.call.shared_moment import LONGEST_ANSWER, LONGEST_COMMENT, SharedMoment
from sotto.realtime.shapes import Shape, utterance_shape

ShareId = Annotated[str, StringConstraints(pattern=r"^share-[0-9a-f]{32}$")]
Place = Annotated[str, StringConstraints(pattern=r"^\d{13}#share-[0-9a-f]{32}$")]
Ms = Annotated[int, Field(ge=0, le=1_000_000_000)]


class NewShare(About):
    from_ms: Ms
    until_ms: Ms
    annotation_id: Annotated[str, StringConstraints(pattern="^[^#]*$", max_length=256)] | None = None
    comment: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_COMMENT)]


class AcknowledgedShare(About):
    share_id: ShareId
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_ANSWER)] | None = None


class MyShares(RequestModel):
    first: Annotated[int, Field(ge=1, le=50)] = 20


class SharesRequest(RequestModel):
    first: Annotated[int, Field(ge=1, le=100)] = 25
    after: Place | None = None
    only_waiting: bool = False


def share_moment(asked: NewShare, caller: Caller, ports: AgentPorts) -> Shape:
    from sotto.api.coaching.use_cases import Span, share

    span = Span(asked.from_ms, asked.until_ms, asked.annotation_id or "")
    return _shown(share(caller, asked.contact_id, span, asked.comment, ports))


def acknowledge_share(asked: AcknowledgedShare, caller: Caller, ports: AgentPorts) -> Shape:
    from sotto.api.coaching.use_cases import acknowledge

    return _shown(acknowledge(caller, asked.contact_id, asked.share_id, asked.answer or "", ports))


def my_shared_moments(asked: MyShares, caller: Caller, ports: AgentPorts) -> list[Shape]:
    from sotto.api.coaching.use_cases import shared_with

    return [_shown(each) for each in shared_with(caller, ports, limit=asked.first)]


def shared_moments_of(asked: About, caller: Caller, ports: AgentPorts) -> list[Shape]:
    from sotto.api.coaching.use_cases import shared_of

    return [_shown(each) for each in shared_of(caller, asked.contact_id, ports)]


def shared_moments(asked: SharesRequest, caller: Caller, ports: AgentPorts) -> Shape:
    from sotto.api.coaching.use_cases import list_shared

    found = list_shared(caller, ports, limit=asked.first, before=asked.after or "", only_waiting=asked.only_waiting)
    return {"moments": [moment_shape(each) for each in found.moments], "cursor": found.goes_on or None}


def _shown(shown: Any) -> Shape:
    shape = moment_shape(shown.moment)
    words = [utterance_shape(each) for each in shown.words]
    return shape | {"utterances": words, "callStartedAtMs": shown.contact.media_started_at_ms}


def moment_shape(moment: SharedMoment) -> Shape:
    return {
        "contactId": moment.contact_id,
        "id": moment.id,
        "sharer": moment.sharer,
        "sharerName": moment.sharer_name,
        "agent": moment.agent,
        "team": moment.team,
        "comment": moment.comment,
        "fromMs": moment.from_ms,
        "untilMs": moment.until_ms,
        "annotationId": moment.annotation_id or None,
        "moment": moment.moment or None,
        "sharedAtMs": moment.shared_at_ms,
        "acknowledgedAtMs": moment.acknowledged_at_ms,
        "answer": moment.answer or None,
        "utterances": [],
        "callStartedAtMs": None,
    }


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.mySharedMoments": (MyShares, my_shared_moments),
    "Query.sharedMomentsOf": (About, shared_moments_of),
    "Query.sharedMoments": (SharesRequest, shared_moments),
    "Mutation.shareMoment": (NewShare, share_moment),
    "Mutation.acknowledgeShare": (AcknowledgedShare, acknowledge_share),
}
