"""What a local generator does next, and the HTTP server that does it."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from local.aws.own_pages import objection

MOST_SEEN = 100


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """One answer. ``cut_after``: break the connection after so many chunks; ``stall_after``: say nothing more then,
    until the server closes; ``malformed``: send something that is not the protocol; ``fails_with``: an error inside
    the stream; ``aside``: what a model says before it does what it was asked, where the protocol lets it."""

    words: tuple[str, ...] = ()
    status: int = 200
    cut_after: int | None = None
    stall_after: int | None = None
    malformed: bool = False
    fails_with: str = ""
    finish: str = ""
    aside: str = ""


@dataclass(slots=True)
class ReceivedRequest:
    path: str
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)


class LocalGenerator:
    """``with LocalOpenAi() as host: host.turns.append(Turn(("{", "}")))``. Subclasses say how a turn looks."""

    def __init__(self) -> None:
        self.turns: deque[ScriptedAnswer] = deque(maxlen=MOST_SEEN)
        self.asked: deque[ReceivedRequest] = deque(maxlen=MOST_SEEN)
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="generator", daemon=True)

    content_type = "text/event-stream"

    def chunks(self, turn: ScriptedAnswer, asked: ReceivedRequest) -> Iterator[bytes]:
        """The body of a good answer, piece by piece."""
        raise NotImplementedError

    def refusal(self, status: int) -> tuple[dict[str, str], bytes]:
        """Headers and body of an answer with this status."""
        raise NotImplementedError

    def otherwise(self, asked: ReceivedRequest) -> ScriptedAnswer:
        """The answer when no turn is left."""
        return ScriptedAnswer()

    def status_for(self, asked: ReceivedRequest) -> int:
        """What the protocol's own rules say of a request, before any turn."""
        return 200

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
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

            def do_POST(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                if (refused := objection(headers, port=owner.port)) is not None:
                    self.send_error(403, refused)
                else:
                    owner.serve(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Requests hold what was said."""

        return Handler

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers.get("Content-Length", 0))) or b"{}")
        asked = ReceivedRequest(handler.path, {name.lower(): value for name, value in handler.headers.items()}, body)
        self.asked.append(asked)
        refused = self.status_for(asked)
        turn = (
            ScriptedAnswer(status=refused)
            if refused != 200
            else self.turns.popleft()
            if self.turns
            else self.otherwise(asked)
        )
        handler.close_connection = True
        try:
            if turn.status != 200:
                self._refuse(handler, turn.status)
            else:
                self._stream(handler, turn, asked)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client has gone

    def _refuse(self, handler: BaseHTTPRequestHandler, status: int) -> None:
        headers, body = self.refusal(status)
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def _stream(self, handler: BaseHTTPRequestHandler, turn: ScriptedAnswer, asked: ReceivedRequest) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", self.content_type)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Connection", "close")
        handler.end_headers()
        for place, chunk in enumerate(self.chunks(turn, asked)):
            if place == turn.cut_after:
                return  # without the last chunk: the client sees a broken body
            if place == turn.stall_after:
                self._closing.wait(10)
                return
            handler.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            handler.wfile.flush()
        handler.wfile.write(b"0\r\n\r\n")
