"""The built pages, their configuration, and tokens of the local issuer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sotto.core.settings import CHANNELS
from sotto.realtime.page_policy import content_security_policy

TokenFor = Callable[[str, str, str], str]
"""(tenant, agent, role) -> token."""
PlayAgain = Callable[[], bool]
"""Whether the calls begin again: not while they play."""
AGAIN = "/demo/play-again"
MANAGER = "/manager/"


def panel_site(
    apps: Path,
    first_agent: Callable[[], tuple[str, str]],
    token_for: TokenFor,
    channel: str = CHANNELS[0],
    play_again: Callable[[], PlayAgain | None] = lambda: None,
    audio: Sequence[str] = (),
    archive: Callable[[], Mapping[str, str]] = dict,
) -> Sequence[BaseRoute]:
    """The agent's panel at ``/`` and the manager's app at ``/manager/``, both out of ``apps``, where they were built.

    ``config.json`` beside each says where to connect and as whom; ``?tenant=&agent=&role=&channel=`` choose another.
    For development: in production tokens come from the customer's identity provider. ``first_agent`` gives (tenant,
    agent) for an address that names nobody; the manager's app is opened by a supervisor, who is called "supervisor"
    where nobody names them. ``play_again``: what has the calls played again, where they can be. ``audio``: where the
    manager's app plays recordings from. ``archive``: where the demo's customers keep what they import.
    """

    def who(request: Request, role: str) -> tuple[str, str]:
        tenant, agent = first_agent()
        asked = request.query_params
        return asked.get("tenant", tenant), asked.get("agent", agent if role == "agent" else role)

    def token(request: Request) -> JSONResponse:
        role = request.query_params.get("role", "agent")
        tenant, agent = who(request, role)
        return JSONResponse({"token": token_for(tenant, agent, role)})

    def config_for(default_role: str) -> Callable[[Request], JSONResponse]:
        def config(request: Request) -> JSONResponse:
            asked = request.query_params
            role = asked.get("role", default_role)
            tenant, agent = who(request, role)
            host = request.url.netloc
            return JSONResponse(
                {
                    "graphqlUrl": f"http://{host}/graphql",
                    "realtimeUrl": f"ws://{host}/graphql/realtime",
                    "websocketUrl": f"ws://{host}/live",
                    "channel": asked.get("channel", channel),
                    "tokenUrl": f"/token?tenant={tenant}&agent={agent}&role={role}",
                    "tenant": tenant,
                    "agent": agent,
                    **({} if play_again() is None else {"playAgainUrl": AGAIN}),
                }
            )

        return config

    def again(request: Request) -> Response:
        play = play_again()
        if play is None:
            return PlainTextResponse("There is nothing to play again.\n", status_code=404)
        return Response(status_code=204 if play() else 409)

    return [
        Route("/config.json", config_for("agent")),
        Route("/demo/archive.json", lambda request: JSONResponse(dict(archive()))),
        Route(f"{MANAGER}config.json", config_for("supervisor")),
        Route("/token", token),
        Route(AGAIN, again, methods=["POST"]),
        *_pages(MANAGER, apps / "manager" / "dist", content_security_policy((), audio, ())),
        *_pages("/", apps / "agent" / "dist"),
    ]


class _Files(StaticFiles):
    """With the header that the deployed site sends."""

    def __init__(self, dist: Path, policy: str) -> None:
        super().__init__(directory=dist, html=True)
        self._policy = policy

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        if self._policy:
            response.headers["content-security-policy"] = self._policy
        return response


def _pages(path: str, dist: Path, policy: str = "") -> Sequence[BaseRoute]:
    if (dist / "index.html").exists():
        return [Mount(path, _Files(dist, policy))]
    return [Route(path, _not_built)]


def _not_built(request: Request) -> PlainTextResponse:
    return PlainTextResponse("The pages are not built: run 'make panel'.\n", status_code=503)
