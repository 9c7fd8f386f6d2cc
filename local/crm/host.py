"""An HTTP server that is five systems of record at once, with what goes wrong at such systems."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol

from local.document_hosts.host import DocumentHost, Reply, Request
from sotto.core.clock import Clock, SystemClock

WRITES = ("POST", "PATCH", "PUT", "DELETE")
SERVICED = b"<!DOCTYPE html><html><body><h1>We'll be back soon</h1></body></html>"


class Vendor(Protocol):
    """One system. ``paths``: what its paths begin with; ``reads``: those of its POST paths that write nothing, by their
    ends."""

    paths: Sequence[str]
    reads: Sequence[str]

    def reply(self, request: Request) -> Reply: ...

    def busy(self, after: str) -> Reply:
        """It has no room: ``after`` is what it says of when, where it says so."""
        ...


class LocalCrm(DocumentHost):
    """``vendors(url)``: made when the server's address is known. ``is_serviced``: every answer is a page, with 200.
    ``lost_answers``: so many of the next writes are done, and nobody is told. ``served``: how many requests came."""

    def __init__(self, vendors: Callable[[LocalCrm], Sequence[Vendor]], clock: Clock | None = None) -> None:
        super().__init__()
        self.clock = clock or SystemClock()
        self.is_serviced = False
        self.lost_answers = 0
        self.vendors = vendors(self)
        self.served = 0

    def _next(self, request: Request) -> tuple[Reply, bool]:
        self.served += 1
        vendor = next((each for each in self.vendors if request.path.startswith(tuple(each.paths))), None)
        if vendor is None:
            return Reply(404, b"not here"), False
        if self.is_serviced:
            return Reply(200, SERVICED, {"Content-Type": "text/html"}), False
        if self.is_down:
            return Reply(503, SERVICED, {"Content-Type": "text/html"}), False
        if self.busy:
            return vendor.busy(self.busy.popleft()), False
        reply = vendor.reply(request)
        if self.lost_answers and request.method in WRITES and not request.path.endswith(tuple(vendor.reads)):
            self.lost_answers -= 1
            return Reply(LOST), False
        is_cut = self.cut_next > 0 and len(reply.body) > 1
        self.cut_next -= is_cut
        return reply, is_cut

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        try:
            super()._serve(_Quiet(handler), body)  # type: ignore[arg-type]
        except AnswerLost:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True


LOST = -1


class AnswerLost(Exception):
    """What was asked is done, and the connection ends."""


class _Quiet:
    """A handler that says nothing where the answer is lost."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.__dict__["_handler"] = handler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handler, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._handler, name, value)

    def send_response(self, status: int) -> None:
        if status == LOST:
            raise AnswerLost
        self._handler.send_response(status)


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    kind = {"Content-Type": "application/json;charset=UTF-8"}
    return Reply(status, json.dumps(content).encode(), kind | dict(headers or {}))


def json_of(request: Request) -> dict[str, Any]:
    found = json.loads(request.body or b"{}")
    return found if isinstance(found, dict) else {}


def bearer(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")
