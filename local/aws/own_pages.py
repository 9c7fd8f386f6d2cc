"""Whom a server of this machine answers: programs on this machine, and the pages that it serves itself.

A browser sends what any page on the web asks it to send to 127.0.0.1, so to listen on loopback alone is no protection.
Three things that no page can forge distinguish them: ``Origin``, ``Sec-Fetch-Site``, and ``Host``, which after DNS
rebinding names the page's own domain. https://developer.mozilla.org/en-US/docs/Glossary/Forbidden_request_header
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost")


def own_hosts(port: int) -> frozenset[str]:
    """What ``Host`` may be; a client leaves out port 80."""
    return frozenset(f"{name}:{port}" for name in LOOPBACK) | (frozenset(LOOPBACK) if port == 80 else frozenset())


def objection(headers: Mapping[str, str], *, port: int, has_pages: bool = False) -> str | None:
    """Why a request is refused; None when it may be answered. ``headers`` by lower-case name.

    ``has_pages``: requests of the server's own pages are answered too, and a link elsewhere may open one of them.
    """
    hosts = own_hosts(port)
    if headers.get("host", "").lower() not in hosts:
        return f"Host: this server answers as {LOOPBACK[0]}:{port} alone"
    origin = headers.get("origin")
    if origin is not None and not (has_pages and origin.lower() in {f"http://{host}" for host in hosts}):
        return "Origin: this server answers no other page"
    if not _may_fetch(headers, has_pages=has_pages):
        return "Sec-Fetch-Site: this server answers no other page"
    return None


def _may_fetch(headers: Mapping[str, str], *, has_pages: bool) -> bool:
    """Scripts, images and frames carry no Origin. Another port of this machine is ``same-site``, and another page."""
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return True
    return has_pages and (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")


def nothing_is_played(scope: Scope) -> bool:
    return False


class OwnPagesOnly:
    """An ASGI application that asks ``app`` for those that may be answered; others get 403, or no WebSocket.
    ``plays``: of what a page's player asks for, whether the address alone is leave enough: a signed link."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int,
        has_pages: bool = False,
        plays: Callable[[Scope], bool] = nothing_is_played,
    ) -> None:
        self._app = app
        self._port = port
        self._has_pages = has_pages
        self._plays = plays

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = objection(headers, port=self._port, has_pages=self._has_pages)
        if refused is None or self._is_played(scope, headers):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused})
        else:
            await PlainTextResponse(f"{refused}\n", status_code=403)(scope, receive, send)

    def _is_played(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        """A player sends no Origin, and its page gets nothing of the answer to read."""
        is_ours = headers.get("host", "").lower() in own_hosts(self._port) and "origin" not in headers
        is_player = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("no-cors", "audio")
        return is_ours and is_player and scope.get("method") == "GET" and self._plays(scope)
