"""An HTTP server that keeps documents, and can be busy, down or cut off."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, parse_qs, urlsplit

from local.aws.own_pages import objection

MOST_SEEN = 1_000


@dataclass(frozen=True, slots=True)
class Request:
    """``headers`` by lower-case name; ``form``: of a POST that has one."""

    url: SplitResult
    headers: Mapping[str, str]
    form: Mapping[str, list[str]] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.url.path

    def parameter(self, name: str, default: str = "") -> str:
        return parse_qs(self.url.query).get(name, [default])[0]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class DocumentHost:
    """``with`` it serves. ``busy``: answers to come that are 429, each with its ``Retry-After``. ``is_down``: 503 until
    it is false. ``cut_next``: so many answers break off in the middle, their length announced."""

    def __init__(self) -> None:
        self.busy: deque[str] = deque()
        self.is_down = False
        self.cut_next = 0
        self.asked: deque[Request] = deque(maxlen=MOST_SEEN)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="documents", daemon=True)

    def reply(self, request: Request) -> Reply:
        """One at a time. GET has no form."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                self.connection.settimeout(10)

            def do_GET(self) -> None:
                owner._serve(self, b"")

            def do_POST(self) -> None:
                owner._serve(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            do_PATCH = do_PUT = do_DELETE = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """Requests hold names of documents."""

        return Handler

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        if (refused := objection(headers, port=self._server.server_port)) is not None:
            handler.send_error(403, refused)
            return
        form = parse_qs(body.decode()) if "json" not in headers.get("content-type", "") else {}
        request = Request(urlsplit(handler.path), headers, form, handler.command, body)
        with self._lock:
            self.asked.append(request)
            reply, is_cut = self._next(request)
        handler.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(reply.body[: len(reply.body) // 2] if is_cut else reply.body)
        handler.close_connection = is_cut

    def _next(self, request: Request) -> tuple[Reply, bool]:
        if self.is_down:
            return Reply(503, b"down"), False
        if self.busy:
            return Reply(429, b"", {"Retry-After": self.busy.popleft()}), False
        reply = self.reply(request)
        is_cut = self.cut_next > 0 and len(reply.body) > 1
        self.cut_next -= is_cut
        return reply, is_cut
