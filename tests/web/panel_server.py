"""What the panel talks to, in one process: the emulated AppSync with serve_agent behind it, and the built panel.

Only the conversation is a test's own: kept in memory and filled through ``SampleCall``. ``python -m
tests.web.panel_server`` serves a call for looking at the panel.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from aws_lambda_powertools import Logger
from botocore.credentials import Credentials, ReadOnlyCredentials
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from functions.serve_agent.answer import answer
from local.aws.appsync import IamCaller, LocalIssuer, sotto_appsync
from local.reserved_port import reserved_port
from sotto.core.clock import SystemClock
from sotto.realtime.adapters.appsync import AppSyncChannel
from sotto.search.adapters.embedded import EmbeddedIndex
from tests.fakes.desk import Desk
from tests.web.audio_files import AudioFiles

APPS = Path(__file__).parents[2] / "web" / "apps"
DIST = APPS / "agent" / "dist"
MANAGER = APPS / "manager" / "dist"
TENANT, AGENT = "harbour_bank", "maria"
SUPERVISOR = "sue"
ACCESS_KEY, SECRET_KEY, REGION = "AKIALOCAL", "local-secret", "eu-west-2"


class LocalCredentials:
    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        return Credentials(ACCESS_KEY, SECRET_KEY).get_frozen_credentials()


class PanelServer:
    """``url`` is the panel's address; ``channel`` is how guidance reaches it; ``stop`` and ``start`` cut the line.

    ``port`` is one that stays ours while the line is cut.
    """

    def __init__(self, port: int) -> None:
        self._folder = TemporaryDirectory(prefix="sotto-panel-")
        self.desk = Desk(SystemClock(), search_index=EmbeddedIndex(Path(self._folder.name)))
        self.conversations = self.desk.conversations
        self.feedback = self.desk.feedback
        self.knowledge = self.desk.knowledge
        self.follows = self.desk.follows
        self.teams = ["retention"]
        self._port = port
        self._issuer = LocalIssuer(self.url)
        self._log = Logger(service="test")
        self.channel = AppSyncChannel(f"{self.url}/graphql", region=REGION, credentials=LocalCredentials())
        self.desk.channel = self.channel
        self.audio = AudioFiles(self.url)
        self.desk.files = self.audio

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def manager_url(self) -> str:
        return f"{self.url}/manager/"

    def start(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self._port))
        config = uvicorn.Config(self._app(), log_level="error", ws="websockets-sansio", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="panel-server")
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()
        self._listening.close()

    def cleanup(self) -> None:
        self._folder.cleanup()

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listening]))

    def _app(self) -> Any:
        return sotto_appsync(
            invoke=self._serve_agent,
            issuer=self._issuer,
            iam=IamCaller(ACCESS_KEY, SECRET_KEY, REGION),
            routes=self._routes(),
        )

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/config.json", self._config),
            Route("/token", self._token),
            Route("/manager/config.json", self._manager_config),
            Route("/audio/{link}", self.audio.serve),
            Mount("/manager", StaticFiles(directory=MANAGER, html=True)),
            Mount("/", StaticFiles(directory=DIST, html=True)),
        ]

    async def _config(self, request: Request) -> JSONResponse:
        addresses = {"graphqlUrl": "/graphql", "realtimeUrl": "/graphql/realtime", "tokenUrl": "/token"}
        if request.query_params.get("role") == "supervisor":
            addresses["tokenUrl"] = "/token?role=supervisor"
            return JSONResponse(addresses | {"agent": SUPERVISOR, "tenant": TENANT})
        return JSONResponse(addresses | {"agent": AGENT, "tenant": TENANT})

    async def _manager_config(self, request: Request) -> JSONResponse:
        role = request.query_params.get("role", "supervisor")
        addresses = {"graphqlUrl": "/graphql", "realtimeUrl": "/graphql/realtime", "tokenUrl": f"/token?role={role}"}
        return JSONResponse(addresses | {"agent": SUPERVISOR, "tenant": TENANT})

    async def _token(self, request: Request) -> JSONResponse:
        agent = request.query_params.get("agent", AGENT)
        role = request.query_params.get("role", "agent")
        token = self._issuer.issue(agent=agent, tenant=TENANT, role=role, teams=self.teams)
        return JSONResponse({"token": token})

    def _serve_agent(self, name: str, event: dict[str, Any]) -> Any:
        return json.loads(json.dumps(answer(event, self.desk.ports(), self._log, tenants=[TENANT])))


@contextmanager
def served_panel() -> Iterator[PanelServer]:
    with reserved_port() as port:
        server = PanelServer(port)
        server.start()
        try:
            yield server
        finally:
            server.stop()
            server.cleanup()


def main() -> None:
    from tests.web.sample_call import SampleCall, play_cancellation

    with served_panel() as server:
        call = SampleCall(server)
        call.begin()
        play_cancellation(call)
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
