"""The built panel, its configuration, and tokens of the local issuer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sotto.core.settings import CHANNELS

TokenFor = Callable[[str, str, str], str]
"""(tenant, agent, role) -> token."""
PlayAgain = Callable[[], bool]
"""Whether the calls begin again: not while they play."""
AGAIN = "/demo/play-again"


def panel_site(
    dist: Path,
    first_agent: Callable[[], tuple[str, str]],
    token_for: TokenFor,
    channel: str = CHANNELS[0],
    play_again: Callable[[], PlayAgain | None] = lambda: None,
) -> Sequence[BaseRoute]:
    """``/config.json`` says where to connect and as whom; ``?tenant=&agent=&role=&channel=`` choose another.

    For development: in production tokens come from the customer's identity provider. ``first_agent`` gives (tenant,
    agent) for an address that names nobody; a supervisor whom nobody names is called "supervisor". ``play_again``: what
    has the calls played again, where they can be.
    """

    def who(request: Request) -> tuple[str, str]:
        tenant, agent = first_agent()
        if request.query_params.get("role") == "supervisor":
            agent = "supervisor"
        return request.query_params.get("tenant", tenant), request.query_params.get("agent", agent)

    def token(request: Request) -> JSONResponse:
        asked = request.query_params
        tenant, agent = who(request)
        return JSONResponse({"token": token_for(tenant, agent, asked.get("role", "agent"))})

    def config(request: Request) -> JSONResponse:
        asked = request.query_params
        tenant, agent = who(request)
        host = request.url.netloc
        return JSONResponse(
            {
                "graphqlUrl": f"http://{host}/graphql",
                "realtimeUrl": f"ws://{host}/graphql/realtime",
                "websocketUrl": f"ws://{host}/live",
                "channel": asked.get("channel", channel),
                "tokenUrl": f"/token?tenant={tenant}&agent={agent}&role={asked.get('role', 'agent')}",
                "tenant": tenant,
                "agent": agent,
                **({} if play_again() is None else {"playAgainUrl": AGAIN}),
            }
        )

    def again(request: Request) -> Response:
        play = play_again()
        if play is None:
            return PlainTextResponse("There is nothing to play again.\n", status_code=404)
        return Response(status_code=204 if play() else 409)

    routes: list[BaseRoute] = [
        Route("/config.json", config),
        Route("/token", token),
        Route(AGAIN, again, methods=["POST"]),
    ]
    if (dist / "index.html").exists():
        return [*routes, Mount("/", StaticFiles(directory=dist, html=True))]
    return [*routes, Route("/", _not_built)]


def _not_built(request: Request) -> PlainTextResponse:
    return PlainTextResponse("The panel is not built: run 'make panel'.\n", status_code=503)
