"""Errors as RFC 9457 has them: what happened, and what to do about it. Nothing that was sent is repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sotto.api.caller import Unauthorised
from sotto.api.keys.authorise import NOBODY, ScopeMissing
from sotto.api.keys.store import KeysChanged
from sotto.api.panel.request_models import NotFound, TooManyRequests
from sotto.core.errors import Degraded, Rejected, Retryable, SottoError

KINDS = "https://sotto.dev/problems/"
TITLES: Mapping[int, str] = {
    400: "Bad request", 401: "Unauthorized", 403: "Forbidden", 404: "Not found", 405: "Method not allowed",
    406: "Not acceptable", 409: "Conflict", 412: "Precondition failed", 413: "Content too large",
    415: "Unsupported media type", 422: "Unprocessable content", 429: "Too many requests",
    500: "Internal server error", 503: "Service unavailable",
}  # fmt: skip


class WrongField(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    field: str = Field(description="Where it stands: body.app, query.limit.")
    detail: str = Field(description="What to write instead.")


class ProblemBody(BaseModel):
    """application/problem+json, RFC 9457."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    type: str = Field(description="Names the kind of problem; stable.")
    title: str
    status: int
    detail: str = Field(description="What to do about it.")
    errors: tuple[WrongField, ...] = ()


class Problem(SottoError):
    """Answered as it is. ``headers``: beside it."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: tuple[WrongField, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.body = ProblemBody(type=KINDS + kind, title=TITLES[status], status=status, detail=detail, errors=errors)
        self.headers: Mapping[str, str] = headers or {}

    @property
    def status(self) -> int:
        return self.body.status

    def content(self) -> dict[str, Any]:
        return self.body.model_dump(mode="json", exclude_defaults=True)


UNAVAILABLE = "This could not be served just now; try again."
_SIGN_IN = {"WWW-Authenticate": 'Bearer realm="sotto"'}


@dataclass(frozen=True, slots=True)
class Means:
    """What errors of a route's own mean to a client, beside those of the tree."""

    absent: tuple[type[SottoError], ...] = ()
    conflict: tuple[type[SottoError], ...] = ()


def problem_of(error: SottoError, means: Means, *, about_one: bool) -> Problem:
    """``about_one``: a thing that the address names was asked for; then what may not be seen is not there. Raises
    ``error`` again where it is none that a client could do something about."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, means.absent) or (about_one and isinstance(error, Unauthorised)):
        return Problem(404, "not-found", "There is no such thing among what you may see.")
    if isinstance(error, (KeysChanged, *means.conflict)):
        return Problem(409, "changed-meanwhile", _named(error))
    match error:
        case Unauthorised():
            return Problem(403, "forbidden", str(error))
        case ScopeMissing():
            return Problem(403, "scope-missing", str(error))
        case TooManyRequests():
            return Problem(429, "too-many-requests", str(error), headers={"Retry-After": "60"})
        case Retryable() | Degraded():
            return Problem(503, "unavailable", UNAVAILABLE, headers={"Retry-After": "1"})
        case NotFound():
            return Problem(404, "not-found", _named(error))
        case Rejected():
            return Problem(422, "not-accepted", _named(error))
    raise error


def _named(error: SottoError) -> str:
    """With the field that the message begins with as the API writes it: the panel says filter.sinceMs."""
    name, colon, rest = str(error).partition(":")
    if not colon or " " in name:
        return str(error)
    return re.sub(r"(?<=[a-z])[A-Z]", lambda letter: f"_{letter[0].lower()}", name).removeprefix("filter.") + ":" + rest


def nobody(error: SottoError) -> Problem:
    """Of what the door raises. Raises ``error`` again where it is not that nobody is let in."""
    if isinstance(error, NOBODY):
        return Problem(401, "not-identified", str(error), headers=_SIGN_IN)
    return problem_of(error, Means(), about_one=False)
