"""All that an agent's browser talks to, on one port of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from functions.specs import http_function
from local.aws.api_gateway.http_api import HttpApi
from local.aws.api_gateway.sotto_websocket import sotto_websocket
from local.aws.appsync.authorisation import IamCaller
from local.aws.appsync.sotto_api import sotto_appsync
from local.aws.appsync.tokens import LocalIssuer
from local.aws.stack import ACCESS_KEY, REGION, SECRET_KEY
from local.aws.web_server import LateApp, WebServer
from local.panel_lines import AppSyncLine, PanelLine, WebSocketLine
from local.panel_site import MANAGER, PlayAgain, panel_site
from local.spans import Spans
from sotto.core.clock import Clock
from sotto.tenants.book import TenantBook


class AgentsServer:
    """AppSync, the WebSocket API, the REST API, the panel, the manager's app, their configuration and their tokens.
    ``apps``: where they are built. ``channel``: which of the two APIs serves the apps. ``audio``: whose links to
    recordings they play."""

    def __init__(
        self,
        invoke: Callable[[str, dict[str, Any]], Any],
        books: Mapping[str, TenantBook],
        clock: Clock,
        *,
        apps: Path,
        channel: str,
        spans: Spans | None = None,
        audio: str = "",
    ) -> None:
        self.graphql_url = self.realtime_url = self.websocket_url = self.panel_url = self.manager_url = ""
        self.rest_url = ""
        self._invoke = invoke
        self._books = books
        self._clock = clock
        self._apps = apps
        self._channel = channel
        self._spans = spans
        self._audio = (audio,) if audio else ()
        self._shown_to: tuple[str, str] | None = None
        self.play_again: PlayAgain | None = None
        """Called, from the server's thread, when a panel asks for the calls again; None: nothing can be played."""
        self.archive: Mapping[str, str] = {}
        """Where the stack's customers keep what they import: address and bucket."""
        self._issuer: LocalIssuer
        self._server: WebServer

    @contextmanager
    def serving(self, port: int) -> Iterator[None]:
        """Raises PortTaken."""
        bound = LateApp()
        app = bound if self._spans is None else self._spans.served(bound)
        with WebServer(app, port=port, name="agents", has_pages=True) as self._server:
            self._issuer = LocalIssuer(f"{self._server.url}/issuer")
            iam = IamCaller(ACCESS_KEY, SECRET_KEY, REGION)
            gateway = sotto_websocket(self._invoke, iam=iam, clock=self._clock)
            rest = HttpApi(http_function(), self._invoke, clock=self._clock)
            site = panel_site(
                self._apps,
                self._first_agent,
                self.token,
                self._channel,
                lambda: self.play_again,
                self._audio,
                lambda: self.archive,
            )
            bound.app = sotto_appsync(
                invoke=self._invoke, issuer=self._issuer, iam=iam, routes=[*rest.routes(), *gateway.routes(), *site]
            )
            self.graphql_url = f"{self._server.url}/graphql"
            self.realtime_url = f"ws://127.0.0.1:{self._server.port}/graphql/realtime"
            self.websocket_url = f"ws://127.0.0.1:{self._server.port}/{gateway.stage}"
            self.rest_url = f"{self._server.url}/v1"
            self.panel_url = f"http://localhost:{self._server.port}/"
            self.manager_url = f"http://localhost:{self._server.port}{MANAGER}"
            yield

    def addresses(self) -> dict[str, str]:
        """What functions have to know of the servers, in their environment."""
        return {
            "SOTTO_GRAPHQL_URL": self.graphql_url,
            "SOTTO_WEBSOCKET_URL": self.websocket_url,
            "SOTTO_OIDC_ISSUER": self._issuer.url,
            "SOTTO_OIDC_CLIENT_ID": self._issuer.audience,
            "SOTTO_MANAGER_URL": self.manager_url,
        }

    @property
    def line(self) -> PanelLine:
        """By which a call is watched."""
        if self._channel == "websocket":
            return WebSocketLine(self.websocket_url)
        return AppSyncLine(self.graphql_url, self.realtime_url)

    def drop_connections(self) -> None:
        self._server.drop_connections()

    def token(self, tenant: str, agent: str, role: str = "agent") -> str:
        """A supervisor or a coach here looks after every team of the tenant."""
        teams: list[str] = []
        if tenant in self._books:
            settings = self._books[tenant].settings
            team = settings.team_of(agent)
            teams = list(settings.teams) if role in ("supervisor", "coach") else [team] if team else []
        return self._issuer.issue(agent=agent, tenant=tenant, role=role, teams=teams)

    def show_to(self, tenant: str, agent: str) -> None:
        """Whose panel it is when its address names nobody."""
        self._shown_to = (tenant, agent)

    def _first_agent(self) -> tuple[str, str]:
        if self._shown_to is not None:
            return self._shown_to
        tenant, book = next(iter(self._books.items()))
        agents = [agent for team in book.settings.teams.values() for agent in team.agents]
        return tenant, agents[0]
