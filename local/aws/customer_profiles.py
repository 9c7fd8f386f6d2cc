"""Amazon Connect Customer Profiles' SearchProfiles, for unmodified SDK clients.

As documented, and no kinder: keys are those that every domain has, a page holds at most what was asked for (and may be
empty with a next one), tokens are good for the search that gave them, and whoever searches too often is refused.
https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_SearchProfiles.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sotto.core.clock import Clock, SystemClock

RATE_A_SECOND, BURST = 20.0, 20.0
"""Of a domain. The service's own rates are quotas of an account and not public: see docs/unverified.md."""
_E164 = re.compile(r"\+[1-9]\d{1,14}")
_PHONES = ("PhoneNumber", "MobilePhoneNumber", "HomePhoneNumber", "BusinessPhoneNumber")
_EMAILS = ("EmailAddress", "PersonalEmailAddress", "BusinessEmailAddress")
Profile = Mapping[str, Any]


class CustomerProfilesApi:
    """``domains``: profiles by the domain's name. ``forbidden``: IAM refuses whoever asks; ``empty_first``: the first
    page of a search is empty and has a next one, which the documentation allows. ``asked``: how many searches."""

    def __init__(self, *, clock: Clock | None = None, rate: float = RATE_A_SECOND, burst: float = BURST) -> None:
        self.domains: dict[str, list[Profile]] = {}
        self.forbidden = False
        self.empty_first = False
        self.asked = 0
        self._clock = clock or SystemClock()
        self._rate, self._burst = rate, burst
        self._tokens, self._filled_ms = burst, self._clock.monotonic_ms()
        self.routes = [
            Route("/domains/{domain}/profiles/search", self._search, methods=["POST"]),
            Route("/domains/{domain}/profiles/delete", self._delete, methods=["POST"]),
        ]
        self.app = Starlette(routes=self.routes)

    def add(self, domain: str, profiles: Iterable[Profile]) -> None:
        """A profile of the same id is replaced."""
        known = {each["ProfileId"]: each for each in (*self.domains.get(domain, ()), *profiles)}
        self.domains[domain] = list(known.values())

    async def _search(self, request: Request) -> Response:
        self.asked += 1
        if self.forbidden:
            return _error(403, "AccessDeniedException", "User is not authorized to perform: profile:SearchProfiles")
        if not self._admits():
            return _error(429, "ThrottlingException", "Rate exceeded")
        profiles = self.domains.get(request.path_params["domain"])
        if profiles is None:
            return _error(404, "ResourceNotFoundException", "Domain does not exist")
        body = json.loads(await request.body() or b"{}")
        query = {name: values[0] for name, values in parse_qs(request.url.query).items()}
        key, values = body.get("KeyName"), body.get("Values")
        if not isinstance(key, str) or not isinstance(values, list) or not values:
            return _error(400, "BadRequestException", "KeyName and Values are required")
        matching = _matching(profiles, key, [str(each) for each in values])
        if matching is None:
            return _error(400, "BadRequestException", f"Unknown search key {key}")
        return self._page(matching, query, [key, *values])

    async def _delete(self, request: Request) -> Response:
        body, known = json.loads(await request.body()), self.domains.get(request.path_params["domain"], [])
        left = [each for each in known if each["ProfileId"] != body.get("ProfileId")]
        if len(left) == len(known):
            return _error(404, "ResourceNotFoundException", "Profile does not exist")
        self.domains[request.path_params["domain"]] = left
        return JSONResponse({"Message": "OK"})

    def _page(self, matching: Sequence[Profile], query: Mapping[str, str], search: list[str]) -> Response:
        size = int(query.get("max-results", "10"))
        begin = _place(query.get("next-token"), search)
        if begin is None:
            return _error(400, "BadRequestException", "Invalid token")
        if self.empty_first and "next-token" not in query:
            return JSONResponse({"Items": [], "NextToken": _token(0, search)})
        items = [dict(each) for each in matching[begin : begin + size]]
        more = {"NextToken": _token(begin + size, search)} if begin + size < len(matching) else {}
        return JSONResponse({"Items": items, **more})

    def _admits(self) -> bool:
        now_ms = self._clock.monotonic_ms()
        self._tokens = min(self._burst, self._tokens + (now_ms - self._filled_ms) / 1000 * self._rate)
        self._filled_ms = now_ms
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def _matching(profiles: Sequence[Profile], key: str, values: Sequence[str]) -> list[Profile] | None:
    """None for a key that no domain has. Telephone numbers are found as E.164 alone."""
    if key == "_profileId":
        return [each for each in profiles if each["ProfileId"] in values]
    if key == "_phone":
        numbers = {each for each in values if _E164.fullmatch(each)}
        return [each for each in profiles if any(each.get(phone) in numbers for phone in _PHONES)]
    if key == "_email":
        return [each for each in profiles if any(each.get(email) in values for email in _EMAILS)]
    return None


def _token(place: int, search: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps([place, search]).encode()).decode()


def _place(token: str | None, search: list[str]) -> int | None:
    if token is None:
        return 0
    try:
        place, of = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        return None
    return int(place) if of == search else None


def _error(status: int, kind: str, message: str) -> Response:
    return JSONResponse({"Message": message}, status_code=status, headers={"x-amzn-errortype": kind})
