"""HTTP as all connectors speak it: to declared hosts alone, bounded in time and bytes, and asked again.

A service's answers name further addresses (next pages, downloads). They are followed only where the declaration leads:
a secret never goes to another host, and nothing is fetched from a network that somebody's page points to.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol, cast
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError

from sotto.core.errors import Rejected
from sotto.knowledge.knowledge_source import SourceRefused, SourceUnavailable
from sotto.knowledge.retries import AskAgain, Retries
from sotto.tenants.reading.addresses import origin
from sotto.tenants.reading.documents import LARGEST_BYTES

AGENT = "sotto-knowledge"
CONNECT_S, READ_S, WHOLE_S = 10.0, 30.0, 120.0
PIECE = 65_536
REFUSED = (401, 403)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Authorisation(Protocol):
    def headers(self) -> Mapping[str, str]:
        """Raises KeyMissing or KeyUnavailable."""
        ...

    def refused(self) -> None:
        """The service does not take these headers: others are to be had, or not."""
        ...


class NoAuthorisation:
    def headers(self) -> Mapping[str, str]:
        return {}

    def refused(self) -> None:
        """There is nothing else to show."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Raises SourceUnavailable: half an answer, or a page that says that all is well."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise SourceUnavailable("it answers with something that is not JSON") from error
        if not isinstance(found, dict):
            raise SourceUnavailable("it answers with JSON of another form")
        return found


@dataclass(frozen=True, slots=True)
class Limit:
    """``error`` is raised for more than ``most_bytes``."""

    most_bytes: int
    error: type[Rejected]


LISTING = Limit(LARGEST_BYTES, SourceRefused)


class Web:
    def __init__(self, origins: Collection[str], retries: Retries, pool: urllib3.PoolManager | None = None) -> None:
        """``origins``: ``https://host``, all that may be asked."""
        self._origins = frozenset(origins)
        self._retries = retries
        self._pool = pool or urllib3.PoolManager(maxsize=2)

    def reaches(self, url: str) -> bool:
        return origin(url) in self._origins

    def get(
        self,
        url: str,
        *,
        authorisation: Authorisation | None = None,
        headers: Mapping[str, str] | None = None,
        wanted: Collection[int] = (200,),
        limit: Limit = LISTING,
    ) -> Answer:
        """Statuses of ``wanted`` are the caller's; redirects are not followed. Raises SourceUnavailable, SourceRefused
        and the limit's error."""
        shown = authorisation or NoAuthorisation()
        answer = self._asked("GET", url, {**(headers or {}), **shown.headers()}, None, {401, *wanted}, limit)
        if answer.status == 401 and authorisation is not None:
            authorisation.refused()
            again = {**(headers or {}), **authorisation.headers()}
            answer = self._asked("GET", url, again, None, {401, *wanted}, limit)
        if answer.status == 401 and 401 not in wanted:
            raise _refusal(url, 401)
        return answer

    def post_form(self, url: str, form: Mapping[str, str], *, wanted: Collection[int] = (200,)) -> Answer:
        return self._asked("POST", url, _FORM, form, wanted, LISTING)

    def _asked(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None,
        wanted: Collection[int],
        limit: Limit,
    ) -> Answer:
        if not self.reaches(url):
            raise SourceRefused(f"it leads to {origin(url)}, which the declaration does not name")
        return self._retries.ask(lambda: self._once(method, url, headers, form, wanted, limit))

    def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None,
        wanted: Collection[int],
        limit: Limit,
    ) -> Answer:
        try:
            response = self._pool.request(
                method,
                url,
                body=urlencode(form) if form is not None else None,
                headers={"User-Agent": AGENT, "Accept-Encoding": "gzip", **headers},
                timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            with closing(response):
                status = response.status
                after_ms = self._retries.retry_after_ms(response.headers.get("Retry-After"))
                if status not in wanted:
                    if status == 429 or status >= 500:
                        raise AskAgain(f"{origin(url)} answers {status}", after_ms)
                    raise _refusal(url, status)
                named = {name.lower(): value for name, value in response.headers.items()}
                return Answer(status, named, self._body(cast(urllib3.HTTPResponse, response), limit))
        except HTTPError as error:
            raise AskAgain(f"{origin(url)} cannot be read ({type(error).__name__})") from error

    def _body(self, response: urllib3.HTTPResponse, limit: Limit) -> bytes:
        """What is packed counts as it unpacks. Raises urllib3's ProtocolError where less comes than was announced."""
        ends_at_ms = self._retries.clock.monotonic_ms() + WHOLE_S * 1000
        body = bytearray()
        while piece := response.read1(PIECE, decode_content=True):
            body += piece
            if len(body) > limit.most_bytes:
                raise limit.error(f"it has more than {limit.most_bytes // 1024**2} MB; split it")
            if self._retries.clock.monotonic_ms() > ends_at_ms:
                raise AskAgain(f"an answer takes more than {WHOLE_S:.0f} s")
        return bytes(body)


def _refusal(url: str, status: int) -> SourceRefused:
    if status in REFUSED:
        return SourceRefused(f"{origin(url)} does not let us read ({status}); replace the secret, or give it access")
    if 300 <= status < 400:
        return SourceRefused(f"{origin(url)} sends elsewhere ({status}); write the address where it leads")
    return SourceRefused(f"{origin(url)} answers {status}; check the declaration")
