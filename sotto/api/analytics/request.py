"""What answer_metric is invoked with: who asks, by the claims of a token that was verified, and what."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sotto.analytics.query.compile import MOST_BEHIND
from sotto.core.validation import read_event, silent

LONGEST_WRITTEN = 1_000
"""A longer question is no request; one that is too long to be understood is refused by the analyst, who says so."""


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    claims: dict[str, Any]


class AskedMetrics(_Asked):
    """What can be asked, and of whom."""

    ask: Literal["metrics"]


class AskedFigure(_Asked):
    ask: Literal["figure"]
    form: dict[str, Any]


class AskedQuestion(_Asked):
    """``before``: the form of the question that this one may follow."""

    ask: Literal["question"]
    question: Annotated[str, Field(max_length=LONGEST_WRITTEN)]
    before: dict[str, Any] | None = None


class AskedConversations(_Asked):
    """Those behind a figure. ``after``: the cursor of the page before."""

    ask: Literal["conversations"]
    form: dict[str, Any]
    first: Annotated[int, Field(ge=1, le=MOST_BEHIND)] = 50
    after: Annotated[str, Field(max_length=500)] | None = None


class AskedAnomalies(_Asked):
    """What has been out of the ordinary in the last day."""

    ask: Literal["anomalies"]


class AskedDrift(_Asked):
    """Whether the latest calls are unlike the weeks before. ``days``: the latest."""

    ask: Literal["drift"]
    days: Annotated[int, Field(ge=1, le=28)] = 7


class AskedCoaching(_Asked):
    """Agents beside their teams, and what guidance goes with."""

    ask: Literal["coaching"]
    first: Annotated[str, Field(max_length=10)]
    last: Annotated[str, Field(max_length=10)]
    team: Annotated[str, Field(max_length=256)] | None = None


FigureRequest = (
    AskedMetrics | AskedAnomalies | AskedDrift | AskedFigure | AskedQuestion | AskedConversations | AskedCoaching
)
_requests = silent(Annotated[FigureRequest, Field(discriminator="ask")])


def read_request(event: Any) -> FigureRequest:
    """Raises MalformedEvent."""
    found: FigureRequest = read_event(_requests, event, "a FigureRequest")
    return found
