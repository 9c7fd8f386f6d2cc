"""A request and its answer, as far as the API looks at them; whatever carries them is somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from pydantic_core import from_json

from sotto.api.rest.problem import Problem

JSON = "application/json"
PROBLEM = "application/problem+json"
MOST_BODY_BYTES = 1_000_000
MOST_PARAMETERS = 100
DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Request:
    """``headers``: names in lower case. ``query``: as it stands in the address."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def parameters(self) -> dict[str, list[str]]:
        """Raises Problem."""
        try:
            pairs = parse_qsl(self.query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict")
        except ValueError:
            raise Problem(400, "bad-query", "The query of the address cannot be read; encode it as UTF-8.") from None
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            found.setdefault(name, []).append(value)
        return found

    def json(self) -> Any:
        """The body. Raises Problem."""
        if len(self.body) > MOST_BODY_BYTES:
            raise Problem(413, "body-too-large", f"A body has at most {MOST_BODY_BYTES:,} bytes; send less at a time.")
        given = self.headers.get("content-type", JSON).partition(";")[0].strip().lower()
        if given != JSON:
            raise Problem(415, "not-json", f"Send the body as {JSON}.")
        try:
            found = from_json(self.body, allow_inf_nan=False, cache_strings=False)
        except ValueError:  # its message quotes the body; deep nesting is one of its reasons
            raise Problem(400, "bad-json", "The body is no JSON that can be read, or is nested too deeply.") from None
        if _depth_exceeds(found, DEEPEST):
            raise Problem(400, "bad-json", f"The body is nested more than {DEEPEST} deep.")
        return found


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, more: Mapping[str, str]) -> Response:
        return replace(self, headers={**self.headers, **more})


def _depth_exceeds(found: Any, most: int) -> bool:
    """Level by level, so that nothing deep is walked down."""
    level = [found]
    for _ in range(most):
        level = [
            each
            for parent in level
            for each in (parent.values() if isinstance(parent, dict) else parent if isinstance(parent, list) else ())
            if isinstance(each, dict | list)
        ]
        if not level:
            return False
    return True
