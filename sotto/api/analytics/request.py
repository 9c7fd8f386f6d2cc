"""What answer_metric is invoked with."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sotto.core.validation import read_event, silent


class FigureRequest(BaseModel):
    """``claims``: of a token that was verified. ``behind``: how many conversations behind the figure, instead of it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    claims: dict[str, Any]
    form: dict[str, Any]
    behind: Annotated[int, Field(ge=0, le=200)] = 0


_requests = silent(FigureRequest)


def read_request(event: Any) -> FigureRequest:
    """Raises MalformedEvent."""
    return read_event(_requests, event, "a FigureRequest")
