"""The panel's requests answered, as every way in shares them: a result, or an error that the panel may show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sotto.api.admission import admitted
from sotto.api.caller import Unauthorised
from sotto.api.panel.notes import TooManyNotes
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.questions import TooManyQuestions
from sotto.api.panel.request_models import BadRequest, NotFound
from sotto.api.panel.requests import serve
from sotto.core.errors import Degraded, Retryable, SottoError

Answer = dict[str, Any]
"""``{"data": ...}`` or ``{"error": {"type", "message"}}``."""

Refused = Callable[[str, SottoError], None]
"""Gets the field and the error of what was refused, for the log."""

UNAVAILABLE = "This could not be served just now; try again."

_TYPES: tuple[tuple[type[SottoError], str], ...] = (
    (Unauthorised, "Unauthorized"),
    (NotFound, "NotFound"),
    (BadRequest, "BadRequest"),
    (TooManyQuestions, "TooManyQuestions"),
    (TooManyNotes, "TooManyNotes"),
    (Retryable, "Unavailable"),
    (Degraded, "Unavailable"),
)


def answered(
    field: str, arguments: Mapping[str, Any], claims: Mapping[str, Any], ports: AgentPorts, refused: Refused
) -> Answer:
    """``claims`` are a verified token's. What none of the named errors covers is raised."""
    try:
        return {"data": serve(field, arguments, admitted(claims, ports.directory), ports)}
    except tuple(kind for kind, _ in _TYPES) as error:
        refused(field, error)
        return _refusal(error)


def refusal_of(given: Answer) -> str | None:
    """The kind of error that a request was answered with, if any: one of a few."""
    return given["error"]["type"] if "error" in given else None


def refusal(type_: str, message: str) -> Answer:
    return {"error": {"type": type_, "message": message}}


def type_of(error: SottoError) -> str:
    """The name that the panel knows it by. Raises StopIteration for what ``answered`` would have raised."""
    return next(name for kind, name in _TYPES if isinstance(error, kind))


def _refusal(error: SottoError) -> Answer:
    named = type_of(error)
    return refusal(named, UNAVAILABLE if named == "Unavailable" else str(error))
