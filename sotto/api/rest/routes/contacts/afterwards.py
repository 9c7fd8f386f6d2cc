"""What is made of a contact afterwards: its summary, how it ended, what agents thought of their guidance."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from sotto.api.panel import requests
from sotto.api.panel.after_call import after_call, choose
from sotto.api.panel.questions import summary
from sotto.api.panel.request_models import AboutAnnotation, AboutCode, RateRequest
from sotto.api.rest.about import about
from sotto.api.rest.fields import LOWER, AtMs, Id, Name, Word
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.call.summary import Origin, SummaryPart
from sotto.realtime.shapes import Shape


class SummaryLine(Shown):
    part: Annotated[SummaryPart, LOWER]
    text: str
    utterance_ids: Annotated[list[str], Field(description="What it rests on.")]
    owner: Word | None
    due: str | None


class Summary(Shown):
    lines: list[SummaryLine]
    origin: Annotated[Origin, LOWER]
    model: str
    made_at_ms: AtMs
    through_seq: Annotated[int, Field(description="Of the last utterance that it is about.")]
    version: int
    edited_by: str | None


class RankedDisposition(Shown):
    code: str
    title: str
    confidence: float | None
    utterance_ids: list[str]


class DispositionChoice(Shown):
    code: str
    title: str
    agent: str
    at_ms: AtMs


class Disposition(Shown):
    ranked: list[RankedDisposition]
    suggested: str | None
    choice: DispositionChoice | None


class Feedback(Shown):
    contact_id: str
    annotation_id: str
    acknowledged_at_ms: float | None
    dismissed_at_ms: float | None
    rated_at_ms: float | None
    rating: Annotated[Literal["up", "down"] | None, LOWER]
    reason: str | None


class FeedbackList(Shown):
    data: list[Feedback]


class WantedDisposition(Wanted):
    code: Id


class WantedFeedback(Wanted):
    annotation_id: Name
    action: Literal["acknowledge", "dismiss", "restore", "rate"]
    rating: Annotated[Literal["up", "down"] | None, Field(description="With the action rate, and only with it.")] = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None

    @model_validator(mode="after")
    def _rates_or_not(self) -> Self:
        if (self.action == "rate") != (self.rating is not None) or (self.reason and self.action != "rate"):
            raise ValueError("rating and reason go with the action rate")
        return self


_PATH = {"contact_id": "c1"}
_DISPOSITION = {
    "ranked": [{"code": "saved", "title": "Customer stays", "confidence": 0.8, "utterance_ids": ["u1"]}],
    "suggested": "saved",
    "choice": None,
}


@route(
    "GET", "/v1/contacts/{contact_id}/summary", action=Action.READ_CALL, scope="contacts:read", answers=Summary,
    example=Example(
        path=_PATH,
        answer={
            "lines": [{"part": "reason", "text": "I want to leave.", "utterance_ids": ["u1"], "owner": None,
                       "due": None}],
            "origin": "quoted", "model": "", "made_at_ms": 1_790_000_000_000, "through_seq": 1,
            "version": 1, "edited_by": None,
        },
    ),
)  # fmt: skip
def get_summary(asked: Asked, ports: ApiPorts) -> Shape | None:
    """The summary; each line names the utterances that it rests on."""
    return summary(about(asked), asked.caller, ports.panel())


@route(
    "GET", "/v1/contacts/{contact_id}/disposition", action=Action.READ_CALL, scope="contacts:read",
    answers=Disposition, example=Example(path=_PATH, answer=_DISPOSITION),
)  # fmt: skip
def get_disposition(asked: Asked, ports: ApiPorts) -> Shape | None:
    """How the contact ended: what is suggested, and what its agent chose."""
    found = after_call(about(asked), asked.caller, ports.panel())
    return found["disposition"] if found else None


@route(
    "PUT", "/v1/contacts/{contact_id}/disposition", action=Action.READ_CALL, scope="contacts:write",
    body=WantedDisposition, answers=Disposition | None,
    example=Example(
        path=_PATH, body={"code": "saved"}, role="agent",
        answer=_DISPOSITION | {
            "choice": {"code": "saved", "title": "Customer stays", "agent": "emma", "at_ms": 1_790_000_000_000},
        },
    ),
)  # fmt: skip
def choose_disposition(asked: Asked, ports: ApiPorts) -> Shape | None:
    """Choose how the contact ended: for the agent who had it."""
    wanted: WantedDisposition = asked.body
    found = choose(about(asked, AboutCode, code=wanted.code), asked.caller, ports.panel())
    return found["disposition"] if found else None


@route(
    "GET", "/v1/contacts/{contact_id}/feedback", action=Action.READ_CALL, scope="contacts:read",
    answers=FeedbackList,
    example=Example(
        path=_PATH,
        answer={"data": [{
            "contact_id": "c1", "annotation_id": "a1", "acknowledged_at_ms": 1.0, "dismissed_at_ms": None,
            "rated_at_ms": None, "rating": None, "reason": None,
        }]},
    ),
)  # fmt: skip
def list_feedback(asked: Asked, ports: ApiPorts) -> Shape:
    """What the agent thought of the guidance."""
    return {"data": requests.feedback(about(asked), asked.caller, ports.panel())}


@route(
    "POST", "/v1/contacts/{contact_id}/feedback", action=Action.READ_CALL, scope="contacts:write",
    body=WantedFeedback, answers=Feedback,
    example=Example(
        path=_PATH, role="agent", body={"annotation_id": "a1", "action": "rate", "rating": "up"},
        answer={
            "contact_id": "c1", "annotation_id": "a1", "acknowledged_at_ms": 1.0, "dismissed_at_ms": None,
            "rated_at_ms": 1_790_000_000_000.0, "rating": "up", "reason": None,
        },
    ),
)  # fmt: skip
def give_feedback(asked: Asked, ports: ApiPorts) -> Shape:
    """Acknowledge, dismiss, restore or rate a card: for the agent who has the contact."""
    wanted: WantedFeedback = asked.body
    card = {"annotationId": wanted.annotation_id}
    if wanted.rating is not None:
        rated = about(asked, RateRequest, **card, rating=wanted.rating.upper(), reason=wanted.reason)
        return requests.rate(rated, asked.caller, ports.panel())
    given = {"acknowledge": requests.acknowledge, "dismiss": requests.dismiss, "restore": requests.restore}
    return given[wanted.action](about(asked, AboutAnnotation, **card), asked.caller, ports.panel())
