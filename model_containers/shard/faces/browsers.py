"""No browser has any business here: on a developer's machine any web page could load models and send texts."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_SENT_BY_BROWSERS = frozenset({b"origin", b"sec-fetch-site"})
"""One or both, with every request, and no page can leave them out."""


class NoBrowsers:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and any(name in _SENT_BY_BROWSERS for name, _ in scope["headers"]):
            await PlainTextResponse("the shard answers no browser\n", status_code=403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
