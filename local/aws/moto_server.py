"""moto in this process, behind ASGI: DynamoDB, S3, EventBridge, Step Functions, Secrets Manager, SSM, STS, KMS.

moto's own server is werkzeug's, whose answers leave in two small packets: Nagle's algorithm and the client's delayed
acknowledgement then cost up to 40 ms a call. Here uvicorn speaks HTTP and moto's WSGI application runs in threads.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from local.aws.object_links import is_signed_link, refused_link, signed_by_header
from local.aws.tenant_isolation import Refusal, Request

THREADS = 32
_CORS = "access-control-"
"""moto lets every page read every answer; no page has any business here."""


def configure_moto() -> None:
    """Real state machines, no Docker. Called before the first request."""
    from moto.core.config import default_user_config

    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    default_user_config["lambda"] = {"use_docker": False}
    # moto logs every failed step and its data at error level; a transcript must not reach a log.
    logging.getLogger("moto").setLevel(logging.CRITICAL)


def forget_everything() -> None:
    """Empty every service, so that one process can hold one embedded AWS after another."""
    from moto.core.base_backend import BackendDict

    BackendDict.reset()


class MotoApp:
    """moto's WSGI application as an ASGI application. Requests are read whole: none of these services stream.

    ``refusal``: what is answered instead, where the caller has no right to ask.
    """

    def __init__(self, refusal: Callable[[Request], Refusal | None] = lambda request: None) -> None:
        configure_moto()
        self._refusal = refusal
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        self._wsgi: Any = DomainDispatcherApplication(create_backend_app)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="moto")
        self._one_at_a_time = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _is_motos_own(scope["path"]):
            await PlainTextResponse("AWS has no such service\n", status_code=404)(scope, receive, send)
            return
        body = await _whole_body(receive)
        asked = _request(scope, body)
        if (refused := refused_link(asked) or self._refusal(signed_by_header(asked))) is not None:
            status, headers, content = refused.status, refused.headers, refused.body
        else:
            loop = asyncio.get_running_loop()
            status, headers, content = await loop.run_in_executor(self._threads, self._answer, _environ(scope, body))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def warm(self) -> None:
        """Import the services before the first caller waits for them."""
        for service in ("dynamodb", "s3", "events", "stepfunctions"):
            self._wsgi.get_application({"PATH_INFO": "/", "HTTP_AUTHORIZATION": _signed_for(service), **_TARGET})

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _answer(self, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        # moto undoes a failed transaction by putting whole tables back as they were, with what others wrote meanwhile
        # undone as well; and between a condition and its write another thread may come. DynamoDB does neither.
        alone = environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_")
        with self._one_at_a_time if alone else nullcontext():
            return self._answered(environ)

    def _answered(self, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            started[:] = [int(status.split(" ", 1)[0]), headers]

        parts: Iterable[bytes] = self._wsgi(environ, start_response)
        content = b"".join(parts)
        if callable(close := getattr(parts, "close", None)):
            close()
        status, headers = started
        kept = [(name.lower(), value) for name, value in headers if not name.lower().startswith(_CORS)]
        return status, [(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept], content


def _is_motos_own(path: str) -> bool:
    """moto's way of emptying itself, for its own users: whoever can send a form could wipe a call."""
    return path.lstrip("/").lower().startswith("moto-api")


_TARGET = {"HTTP_X_AMZ_TARGET": "DynamoDB_20120810.ListTables"}


def _signed_for(service: str) -> str:
    return f"AWS4-HMAC-SHA256 Credential=embedded/20200101/us-east-1/{service}/aws4_request, SignedHeaders=host"


async def _whole_body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    return b"".join(parts)


def _request(scope: Scope, body: bytes) -> Request:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], scope["path"], scope.get("query_string", b"").decode("latin-1"), headers, body)


def session_of(role_arn: str, access_key: str, token: str) -> tuple[str, str] | None:
    """Whose role STS gave these credentials of, and the session's name: ``role_arn`` holds ``{tenant}``. None for
    anybody else's."""
    from moto.sts.models import sts_backends

    before, _, after = role_arn.partition("{tenant}")
    for account in list(sts_backends.values()):
        for backend in list(account.values()):
            given = backend.get_assumed_role_from_access_key(access_key)
            if given is None or given.session_token != token:
                continue
            arn = str(given.role_arn)
            if not (arn.startswith(before) and arn.endswith(after)):
                return None
            return arn[len(before) : len(arn) - len(after)], str(given.session_name)
    return None


def secret_of(access_key: str, token: str) -> str | None:
    """Of a session that STS gave."""
    from moto.sts.models import sts_backends

    for account in list(sts_backends.values()):
        for backend in list(account.values()):
            given = backend.get_assumed_role_from_access_key(access_key)
            if given is not None and given.session_token == token:
                return str(given.secret_access_key)
    return None


def plays_link(scope: Scope) -> bool:
    """Whether a page asks for what a good link leads to."""
    return is_signed_link(_request(scope, b""), secret_of)


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of an ASGI request."""
    host, port = scope["server"]
    path: str = scope["path"]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode("utf-8").decode("latin-1"),
        "RAW_URI": scope.get("raw_path", path.encode()).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": (scope.get("client") or ("127.0.0.1",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),
    }
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        if name == "CONTENT_LENGTH":
            continue  # the true length is known above, even of a chunked body
        environ["CONTENT_TYPE" if name == "CONTENT_TYPE" else f"HTTP_{name}"] = raw_value.decode("latin-1")
    return environ
