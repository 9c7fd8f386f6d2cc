"""From a request to its answer: who asks, how often, what, whether they may; then the use case."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from sotto.api.keys.authorise import DoorPorts, Principal, identified
from sotto.api.rest import routing
from sotto.api.rest.http import JSON, PROBLEM, Request, Response
from sotto.api.rest.ports import Requests, Standing, Write, Writes
from sotto.api.rest.problem import Problem, WrongField, nobody, problem_of
from sotto.api.rest.query import read_query
from sotto.api.rest.route import ApiPorts, Asked, Route
from sotto.api.roles import Reach
from sotto.core.clock import Clock
from sotto.core.errors import SottoError

VERSIONS = ("2026-11-30",)
"""Of the API, by the day on which they came; the last is the newest. Who names none gets the first."""
WINDOW_S = 60
REQUESTS_A_WINDOW = 3_000
"""Of a key or a person: 50 a second."""
KEPT_MS = 24 * 3_600_000
LOST_AFTER_MS = 60_000
"""Twice as long as a request may take."""
_TOKEN = re.compile(r"[\x21-\x22\x24-\x7e]{1,128}")
_ETAG = re.compile(r'(?:W/)?"[^"]*"')
MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class GatePorts:
    """``failed``: learns what nobody foresaw; the client does not."""

    door: DoorPorts
    requests: Requests
    writes: Writes
    clock: Clock
    api: ApiPorts
    failed: Callable[[Exception], None]


def answer(request: Request, ports: GatePorts) -> Response:
    """Never raises."""
    try:
        answered = _answered(request, ports)
    except Problem as problem:
        answered = problem_response(problem)
    except Exception as error:
        ports.failed(error)
        detail = "This is our fault, and we know of it; try again, or tell us the header Apigw-Requestid."
        answered = problem_response(Problem(500, "failed", detail))
    if request.method == "HEAD":
        answered = Response(answered.status, b"", answered.headers)
    return answered.with_headers({"Sotto-Version": VERSIONS[0], "Cache-Control": "no-store"})


def problem_response(problem: Problem) -> Response:
    return Response(problem.status, _json(problem.content()), {"Content-Type": PROBLEM, **problem.headers})


def _answered(request: Request, ports: GatePorts) -> Response:
    match = routing.found(request.method, request.path)
    try:
        principal = identified(request.headers.get("authorization"), ports.door)
    except SottoError as error:
        raise nobody(error) from None
    try:
        left = within_limit(principal, ports)
    except SottoError as error:
        raise problem_of(error, match.route.means, about_one=False) from None
    try:
        answered = _permitted(request, match, principal, ports)
    except SottoError as error:
        answered = problem_response(problem_of(error, match.route.means, about_one=bool(match.route.names)))
    return answered.with_headers(left)


def _permitted(request: Request, match: routing.Match, principal: Principal, ports: GatePorts) -> Response:
    route = match.route
    _check_version(request)
    check_may(route, principal)
    asked = Asked(
        caller=principal.caller,
        path=match.path,
        query=read_fields(lambda: read_query(route.query, request.parameters()), "query"),
        body=_body(request, route),
    )
    _check_accept(request)
    if not route.writes:
        return _conditional(request, done(route, asked, ports))
    token = request.headers.get("idempotency-key")
    if token is not None and not _TOKEN.fullmatch(token):
        raise Problem(400, "bad-idempotency-key", "Idempotency-Key: 1 to 128 visible ASCII characters without '#'.")
    _check_match(request, route, asked, principal, ports)
    return done(route, asked, ports) if token is None else _once(token, request, route, asked, principal, ports)


def check_may(route: Route, principal: Principal) -> None:
    """By its scopes and its role. Raises ScopeMissing and Problem."""
    principal.require(route.scope)
    if principal.caller.reach(route.action) is Reach.NONE:
        raise Problem(403, "forbidden", f"The role {principal.caller.role} may not do this.")


def done(route: Route, asked: Asked, ports: GatePorts) -> Response:
    made = route.handle(asked, ports.api)
    if made is None and route.method == "GET":
        raise Problem(404, "not-found", "There is none yet.")
    shown = route.shown.validate_python(made)
    body = route.shown.dump_json(shown, by_alias=False)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Response(route.status, body, {"Content-Type": JSON, **({"ETag": etag} if route.method == "GET" else {})})


def _conditional(request: Request, answered: Response) -> Response:
    known, etag = request.headers.get("if-none-match"), answered.headers.get("ETag")
    if known and etag and (known.strip() == "*" or etag in _tags(known)):
        return Response(304, b"", {"ETag": etag})
    return answered


def _check_match(request: Request, route: Route, asked: Asked, principal: Principal, ports: GatePorts) -> None:
    """If-Match: the thing must still be as the client saw it. Raises Problem and what showing it raises."""
    wanted = request.headers.get("if-match")
    if wanted is None:
        return
    shown = routing.beside(route)
    if shown is None:
        raise Problem(400, "no-etag", "Leave out If-Match: what this changes has no ETag.")
    principal.require(shown.scope)
    now = done(shown, Asked(asked.caller, asked.path, read_query(shown.query, {}), None), ports)
    if wanted.strip() != "*" and now.headers["ETag"] not in _tags(wanted):
        raise Problem(412, "changed-meanwhile", "It is no longer as you saw it; get it again, then decide.")


def _tags(header: str) -> set[str]:
    return {each.removeprefix("W/") for each in _ETAG.findall(header)}


def _once(token: str, request: Request, route: Route, asked: Asked, principal: Principal, ports: GatePorts) -> Response:
    sent = f"{route.method} {request.path}?{request.query}\n".encode() + request.body
    write = Write(principal.caller.tenant, principal.name, token, hashlib.sha256(sent).hexdigest())
    now_ms = int(ports.clock.now_ms())
    standing = ports.writes.begin(write, now_ms, until_ms=now_ms + KEPT_MS, lost_after_ms=LOST_AFTER_MS)
    match standing:
        case Response():
            return standing.with_headers({"Idempotent-Replayed": "true"})
        case Standing.OTHER:
            raise Problem(
                422, "idempotency-key-reused", "Idempotency-Key: it came with another request; take a new one."
            )
        case Standing.UNDER_WAY:
            raise Problem(
                409, "under-way", "The same request is under way; wait for its answer.", headers={"Retry-After": "1"}
            )
    try:
        answered = done(route, asked, ports)
    except Exception:
        ports.writes.give_up(write)
        raise
    ports.writes.finish(write, answered if route.keeps_answer else _shown_once())
    return answered


def _shown_once() -> Response:
    return problem_response(
        Problem(
            409, "shown-once", "This was done, and its answer holds a secret that is shown once; list what there is."
        )
    )


def within_limit(principal: Principal, ports: GatePorts) -> dict[str, str]:
    """The RateLimit headers. Raises Problem and Retryable."""
    now_s = int(ports.clock.now_ms() / 1000)
    window, left_s = now_s // WINDOW_S, WINDOW_S - now_s % WINDOW_S
    made = ports.requests.count(principal.caller.tenant, principal.name, window, now_s + 2 * WINDOW_S)
    headers = {
        "RateLimit-Policy": f'"default";q={REQUESTS_A_WINDOW};w={WINDOW_S}',
        "RateLimit": f'"default";r={max(0, REQUESTS_A_WINDOW - made)};t={left_s}',
    }
    if made > REQUESTS_A_WINDOW:
        detail = f"At most {REQUESTS_A_WINDOW} requests in {WINDOW_S} s; go on in {left_s} s."
        raise Problem(429, "too-many-requests", detail, headers={**headers, "Retry-After": str(left_s)})
    return headers


def _check_version(request: Request) -> None:
    asked = request.headers.get("sotto-version")
    if asked is not None and asked not in VERSIONS:
        raise Problem(400, "no-such-version", f"Sotto-Version: there is {', '.join(VERSIONS)}.")


def _check_accept(request: Request) -> None:
    wanted = [each.partition(";")[0].strip() for each in request.headers.get("accept", "*/*").split(",")]
    if not {"*/*", "application/*", JSON, PROBLEM, ""} & set(wanted):
        raise Problem(406, "not-acceptable", f"Answers are {JSON}; accept it.")


def _body(request: Request, route: Route) -> BaseModel | None:
    body = route.body
    if body is None:
        return None
    found = request.json()
    if not isinstance(found, dict):
        raise Problem(422, "not-accepted", "The body is a JSON object.")
    read: BaseModel = read_fields(lambda: body.model_validate_json(request.body, strict=True), "body")
    return read


def read_fields(read: Callable[[], Any], where: str) -> Any:
    """Raises Problem with the names of the fields, and none of the values."""
    try:
        return read()
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        wrong = tuple(
            WrongField(field=_place(where, each["loc"]), detail=_detail(each)) for each in found[:MOST_ERRORS]
        )
        raise Problem(422, "not-accepted", "Some fields are wrong; errors says which.", errors=wrong) from None


def _detail(wrong: Any) -> str:
    """pydantic's own words of what it expected; of a check of ours nothing, because they may quote."""
    return "write something else here" if wrong["type"] == "value_error" else str(wrong["msg"])


def _place(where: str, location: tuple[int | str, ...]) -> str:
    """A name that the client has made up is not repeated."""
    steps = [
        str(each) if isinstance(each, int) or re.fullmatch(r"[a-z_]{1,40}", str(each)) else "*" for each in location
    ]
    return ".".join([where, *steps])


def _json(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
