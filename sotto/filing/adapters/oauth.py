"""How systems of record are shown who we are: tokens that end, keys that are rotated."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

from sotto.core.api_keys import ApiKey
from sotto.core.clock import Clock
from sotto.filing.adapters.http import Answer, CrmHttp
from sotto.filing.crm import CrmRefused, CrmUnavailable

RENEWED_BEFORE_MS = 60_000
UNSAID_MS = 30 * 60_000
"""Of a token whose life the system does not say."""


class BearerKey:
    """The secret is the token: a private app's, or a personal one."""

    def __init__(self, key: ApiKey) -> None:
        self._key = key
        self._shown = ""

    def headers(self) -> Mapping[str, str]:
        self._shown = self._key.current()
        return {"Authorization": f"Bearer {self._shown}"}

    def refused(self) -> None:
        self._key.refused(self._shown)


class BasicKey:
    """``user`` with the secret as its password."""

    def __init__(self, user: str, key: ApiKey) -> None:
        self._user, self._key = user, key
        self._shown = ""

    def headers(self) -> Mapping[str, str]:
        self._shown = self._key.current()
        return {"Authorization": f"Basic {base64.b64encode(f'{self._user}:{self._shown}'.encode()).decode()}"}

    def refused(self) -> None:
        self._key.refused(self._shown)


class FetchedToken:
    """A token for the secret, fetched again before it ends and when it is refused. ``form(secret)`` asks for it."""

    def __init__(
        self, login: CrmHttp, path: str, key: ApiKey, clock: Clock, form: Callable[[str], Mapping[str, str]]
    ) -> None:
        self._login, self._path, self._key, self._clock, self._form = login, path, key, clock, form
        self._token, self._ends_at_ms = "", 0.0

    def headers(self) -> Mapping[str, str]:
        if not self._token or self._clock.monotonic_ms() >= self._ends_at_ms:
            self._fetch()
        return {"Authorization": f"Bearer {self._token}"}

    def refused(self) -> None:
        self._token = ""

    def _fetch(self) -> None:
        """A secret that was rotated is read again, once."""
        secret = self._key.current()
        answer = self._asked(secret)
        if answer.status != 200:
            self._key.refused(secret)
            if (other := self._key.current()) != secret:
                answer = self._asked(other)
        if answer.status != 200:
            raise CrmRefused(f"it gives no token ({answer.status}); check the secret and the application")
        found = answer.json()
        token, lasts_s = found.get("access_token"), found.get("expires_in")
        if not isinstance(token, str) or not token:
            raise CrmUnavailable("a token comes in another form")
        lasts_ms = float(lasts_s) * 1000 if isinstance(lasts_s, int | float | str) and lasts_s else UNSAID_MS
        self._token, self._ends_at_ms = token, self._clock.monotonic_ms() + lasts_ms - RENEWED_BEFORE_MS

    def _asked(self, secret: str) -> Answer:
        return self._login.ask("POST", self._path, form=self._form(secret), wanted=(200, 400, 401, 403))
