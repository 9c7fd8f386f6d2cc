"""What carries requests: one connection pool, retries, errors."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx

from .operations import Operations

VERSION = "2026-11-30"
TRIES = 4
LONGEST_WAIT_S = 60.0
_AGAIN = frozenset({429, 503})
_UNDER_WAY = "under-way"


class ApiError(Exception):
    """The API refused. ``type`` is stable; ``errors`` names wrong fields."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail', problem.get('message', ''))}")
        self.status = status
        self.type = str(problem.get("type", "")).rpartition("/")[2]
        self.detail = str(problem.get("detail", ""))
        self.errors: list[dict[str, str]] = list(problem.get("errors", ()))


class Sotto(Operations):
    """``url``: ``https://host``; ``key``: an API key, or a person's token. Close it, or use it in ``with``.

    Asked again are those whose answer was lost, 429 and 503, up to four times in all. Each write carries an
    Idempotency-Key of its own, so one that is sent again is done once.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout_s: float = 35.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}", "Sotto-Version": VERSION, "User-Agent": "sotto-python/0.1.0"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout_s, transport=transport)
        self._sleep = sleep

    def __enter__(self) -> Sotto:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        writes: bool = False,
    ) -> Any:
        headers = {"Idempotency-Key": uuid.uuid4().hex} if writes else {}
        given = {name: value for name, value in (query or {}).items() if value is not None}
        sent = None if body is None else {name: value for name, value in body.items() if value is not None}
        for number in range(1, TRIES + 1):
            try:
                answer = self._http.request(method, path, params=given, json=sent, headers=headers)
            except httpx.TransportError:
                if number == TRIES:
                    raise
                self._sleep(_wait_s(number, None))
                continue
            if answer.is_success:
                return answer.json() if answer.content else None
            problem = _problem(answer)
            if number == TRIES or not (answer.status_code in _AGAIN or problem.type == _UNDER_WAY):
                raise problem
            self._sleep(_wait_s(number, answer.headers.get("Retry-After")))
        raise AssertionError("unreachable")

    def _pages(self, ask: Callable[[str | None], Any]) -> Iterator[Any]:
        """All that a list holds, page by page as it is asked for."""
        cursor: str | None = None
        while True:
            page = ask(cursor)
            yield from page["data"]
            cursor = page["next"]
            if cursor is None:
                return


def _problem(answer: httpx.Response) -> ApiError:
    try:
        found = answer.json()
    except ValueError:
        found = {}
    return ApiError(answer.status_code, found if isinstance(found, dict) else {})


def _wait_s(number: int, asked: str | None) -> float:
    own: float = min(LONGEST_WAIT_S, 0.25 * 2**number) * (0.5 + random.random() / 2)
    return max(own, min(LONGEST_WAIT_S, float(asked))) if asked and asked.isdigit() else own
