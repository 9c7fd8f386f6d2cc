"""Quality forms of a contact, as they are filled in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sotto.api.panel.scorecards import scorecards
from sotto.api.rest.about import about
from sotto.api.rest.fields import AtMs, Word
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, route
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape


class EvaluationAnswer(Shown):
    question: str
    standing: Word
    value: str | None
    how: Word
    confidence: float | None
    utterance_ids: Annotated[list[str], Field(description="What it rests on.")]
    from_ms: int | None
    to_ms: int | None
    reason: str | None


class Evaluation(Shown):
    form: str
    version: int
    kind: Word
    by: str
    at_ms: AtMs
    percentage: float | None
    has_failed: bool
    determined: Annotated[float, Field(description="The share of questions that were answered.")]
    answers: list[EvaluationAnswer]


class Appeal(Shown):
    form: str
    version: int
    by: str
    at_ms: AtMs
    questions: list[str]
    reason: str
    decided_version: int | None


class Scorecard(Shown):
    form: str
    title: str
    stands: Annotated[Evaluation | None, Field(description="The evaluation that counts.")]
    versions: list[Evaluation]
    appeal: Appeal | None
    acknowledged_at_ms: AtMs | None


class Scorecards(Shown):
    data: list[Scorecard]


@route(
    "GET", "/v1/contacts/{contact_id}/evaluations", action=Action.READ_EVALUATION, scope="evaluations:read",
    answers=Scorecards, example=Example(path={"contact_id": "c1"}, role="quality", answer={"data": []}),
)  # fmt: skip
def list_evaluations(asked: Asked, ports: ApiPorts) -> Shape:
    """Each quality form of the contact: which evaluation counts, and those before it."""
    return {"data": scorecards(about(asked), asked.caller, ports.panel())}
