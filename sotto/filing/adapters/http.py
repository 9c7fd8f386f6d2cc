"""HTTP as all systems of record are spoken to: to the declared hosts alone, once, and bounded in time and bytes.

Nobody waits here: who is to be asked again is asked by the outbox's schedule.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError

from sotto.core.clock import Clock
from sotto.core.retry_after import retry_after_ms
from sotto.filing.crm import CrmRefused, CrmUnavailable

AGENT = "sotto-filing"
MOST_BYTES = 2 * 1024**2
WHOLE_S = 20.0
BUSY = (408, 423, 425, 429)
"""423: somebody else is changing the record."""


class Authorisation(Protocol):
    def headers(self) -> Mapping[str, str]:
        """Raises KeyMissing, KeyUnavailable, and what asking for a token raises."""
        ...

    def refused(self) -> None:
        """The system does not take these headers: a secret was rotated, or a token ended."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_json(self) -> bool:
        return "json" in self.headers.get("content-type", "")

    def json(self) -> dict[str, Any]:
        """Raises CrmUnavailable: a page that says that the system is being serviced, or half an answer."""
        found = self.any_json()
        if not isinstance(found, dict):
            raise CrmUnavailable("it answers with JSON of another form")
        return found

    def any_json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise CrmUnavailable("it answers with something that is not JSON") from error


def not_busy(answer: Answer) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Timeouts:
    connect_s: float = 5.0
    read_s: float = WHOLE_S


class CrmHttp:
    """``origin``: ``https://host[:port]``. ``is_busy``: what of the answers that are no error by their status, or say
    another one, mean that the system has no room now."""

    def __init__(
        self,
        origin: str,
        clock: Clock,
        *,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 (frozen)
        is_busy: Callable[[Answer], bool] = not_busy,
        pool: urllib3.PoolManager | None = None,
    ) -> None:
        self._origin = origin.rstrip("/")
        self._clock = clock
        self._timeouts = timeouts
        self._is_busy = is_busy
        self._pool = pool or urllib3.PoolManager(maxsize=4)

    def ask(
        self,
        method: str,
        path: str,
        *,
        by: Authorisation | None = None,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        wanted: Collection[int] = (200, 201, 204),
    ) -> Answer:
        """Answers with a status of ``wanted`` alone. What is refused with 401 is asked once more with fresh
        authorisation. Raises CrmUnavailable and CrmRefused."""
        url = self._origin + path + (f"?{urlencode(query)}" if query else "")
        data, kind = _body(body, form)
        shown = {"User-Agent": AGENT, "Accept": "application/json", **kind, **(headers or {})}
        answer = self._once(method, url, {**shown, **(by.headers() if by else {})}, data)
        if answer.status == 401 and 401 not in wanted and by is not None:
            by.refused()
            answer = self._once(method, url, {**shown, **by.headers()}, data)
        return self._judged(answer, wanted)

    def _judged(self, answer: Answer, wanted: Collection[int]) -> Answer:
        after_ms = retry_after_ms(answer.headers.get("retry-after"), now_ms=self._clock.now_ms())
        passes = answer.status in BUSY or answer.status >= 500
        if self._is_busy(answer) or (passes and answer.status not in wanted):
            raise CrmUnavailable(f"it answers {answer.status}", after_ms)
        if answer.status in wanted:
            return answer
        if answer.status == 401:
            raise CrmRefused("it does not take our credentials (401); put a valid secret in place")
        if answer.status == 403:
            raise CrmRefused("our credentials may not do this (403); give them the rights that docs/filing.md lists")
        raise CrmRefused(f"it answers {answer.status}; check the declaration and the fields that docs/filing.md lists")

    def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        try:
            response = self._pool.request(
                method,
                url,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(connect=self._timeouts.connect_s, read=self._timeouts.read_s),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            with closing(response):
                data = response.read(MOST_BYTES + 1, decode_content=True)
            if len(data) > MOST_BYTES:
                raise CrmUnavailable("it answers with more than anybody asked for")
            return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, data)
        except HTTPError as error:
            raise CrmUnavailable(f"it cannot be reached ({type(error).__name__})") from error


def _body(body: Any, form: Mapping[str, str] | None) -> tuple[bytes | None, Mapping[str, str]]:
    if form is not None:
        return urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    if body is None:
        return None, {}
    return json.dumps(body).encode(), {"Content-Type": "application/json"}
