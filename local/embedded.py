"""The whole of Sotto on one machine: the embedded AWS, the functions, a shard, two tenants, the agent's panel.

The same handlers, state machine and schema that are deployed; only the addresses in the environment differ.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from local.audio_tap import AudioTap
from local.aws import step_functions
from local.aws.api_gateway.sotto_websocket import sotto_websocket
from local.aws.appsync.authorisation import IamCaller
from local.aws.appsync.sotto_api import sotto_appsync
from local.aws.appsync.tokens import LocalIssuer
from local.aws.connect import AmazonConnect, Caller, PlacedCall
from local.aws.resources import create
from local.aws.sagemaker_runtime import MultiModelEndpoint
from local.aws.stack import ACCESS_KEY, REGION, SECRET_KEY, EmbeddedAws
from local.aws.web_server import LateApp, WebServer
from local.interruption import Interruption
from local.panel_lines import AppSyncLine, PanelLine, WebSocketLine
from local.panel_site import panel_site
from local.shard_process import ShardProcess
from local.tenants import MODELS_PREFIX, publish
from local.trained_models import train_tenants
from sotto.clock import Clock, SystemClock
from sotto.contact.contact import Speaker
from sotto.errors import Degraded, Rejected
from sotto.inference.adapters.dynamo_registry import DynamoModelRegistry
from sotto.inference.node import Node, NodeCall
from sotto.policy.book import TenantBook
from sotto.resources import SOTTO, WEBSOCKET
from sotto.speech.recogniser import Recogniser
from sotto.speech.utterance import Utterance
from sotto.storage.adapters.dynamodb import Table
from sotto.storage.adapters.dynamodb_leases import DynamoLeases
from sotto.storage.adapters.tenant_books import PublishedBooks
from sotto.wiring.once import Once
from sotto.wiring.process import client
from sotto.wiring.recognisers import recogniser, register_recogniser
from sotto.wiring.settings import CHANNELS, settings
from sotto.wiring.stores import leases

REPOSITORY = Path(__file__).resolve().parents[1]
BUCKET = "sotto-artifacts"
ENDPOINT = "sotto-shard"
WARM_UP = "warm-up"
METRICS = "metrics.jsonl"
WARM_UP_BYTES = 2 * 8_000 * 4
"""Two seconds of silence on both channels."""
RECOGNISERS = ("embedded", "transcript", "transcribe", "deepgram")

_node_call = TypeAdapter(NodeCall)
Progress = Callable[[str], None]


class UnknownRecogniser(Rejected):
    """``--recogniser`` names one that this stack has not."""


class FunctionFailed(Degraded):
    """A function that a resolver asked has failed; its error stays in the function's log."""


@dataclass(frozen=True, slots=True)
class Options:
    """``port``: of the panel; 0 chooses a free one. ``state``: where trained models and logs are kept between runs.
    ``provider``: a recogniser outside this stack, with credentials of its own. ``channels``: to every tenant's panels;
    the first is the one that a call is watched by."""

    port: int = 0
    speed: float = 1.0
    recogniser: str = "embedded"
    provider: Recogniser | None = None
    worker_limit_s: float | None = None
    channels: tuple[str, ...] = CHANNELS[:1]
    state: Path = REPOSITORY / ".sotto"
    tenants: Path = REPOSITORY / "tenants"
    metrics: Path | None = None
    """What functions write as metrics in this run; by default ``metrics.jsonl`` among the state."""
    progress: Progress = field(default=lambda line: None)

    @property
    def metrics_file(self) -> Path:
        return self.metrics or self.state / METRICS


@asynccontextmanager
async def embedded_sotto(options: Options) -> AsyncIterator[EmbeddedSotto]:
    """Start everything, publish the tenants, and end everything. Raises PortTaken, TrainingFailed, TenantMistaken."""
    if options.recogniser not in RECOGNISERS:
        raise UnknownRecogniser(f"--recogniser {options.recogniser!r}: use one of {', '.join(RECOGNISERS)}")
    stack, interruption = ExitStack(), Interruption()
    starting = asyncio.ensure_future(asyncio.to_thread(_started, options, stack, interruption))
    try:
        yield await asyncio.shield(starting)
    finally:
        interruption.interrupt()
        await asyncio.gather(starting, return_exceptions=True)
        await asyncio.to_thread(stack.close)


def _started(options: Options, stack: ExitStack, interruption: Interruption) -> EmbeddedSotto:
    """An interruption ends the trainer, which takes longest; the rest stops between two steps."""
    shard = stack.enter_context(ShardProcess(REPOSITORY, options.state / "shard.log"))
    folders = sorted(folder for folder in options.tenants.iterdir() if (folder / "tenant.yaml").exists())
    packages = train_tenants(folders, options.state / "models", REPOSITORY, options.progress, interruption)
    interruption.check()
    options.progress("starting the embedded AWS")
    aws = stack.enter_context(EmbeddedAws(speed=options.speed, tenants=lambda: sotto.books))
    scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sotto-")))
    stack.enter_context(_environment(_settings(aws, options, scratch)))
    arns = create(SOTTO, aws.functions, aws.engineer, REPOSITORY)
    create(WEBSOCKET, aws.functions, aws.engineer, REPOSITORY)
    os.environ["SOTTO_GUIDE_UTTERANCE_ARN"] = arns["guide_utterance"]
    sotto = EmbeddedSotto(aws, options, shard, scratch)
    stack.callback(sotto.close)
    stack.enter_context(sotto.serve_agents(options.port))
    os.environ.update(sotto.addresses())
    forget_wiring()
    shard.wait_until_ready(interruption.check)
    for folder, archives in packages.items():
        interruption.check()
        sotto.publish(folder, archives)
    interruption.check()
    sotto.warm()
    return sotto


def _settings(aws: EmbeddedAws, options: Options, scratch: Path) -> dict[str, str]:
    options.metrics_file.parent.mkdir(parents=True, exist_ok=True)
    options.metrics_file.unlink(missing_ok=True)
    chosen = aws.environment() | {
        "SOTTO_ARTIFACTS_BUCKET": BUCKET,
        "SOTTO_TRANSCRIPTS": str(scratch),
        "SOTTO_CHANNELS": json.dumps({"*": options.channels}),
        "SOTTO_RECOGNISER": f"tapped-{options.recogniser}",
        "POWERTOOLS_LOG_LEVEL": os.environ.get("POWERTOOLS_LOG_LEVEL", "ERROR"),
        "POWERTOOLS_TRACE_DISABLED": "true",
        "SOTTO_METRICS_FILE": str(options.metrics_file),
    }
    return chosen | ({} if options.worker_limit_s is None else {"SOTTO_WORKER_LIMIT_S": str(options.worker_limit_s)})


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """All functions share this process's environment, as they would have their own on Lambda."""
    before = dict(os.environ)
    for inherited in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        os.environ.pop(inherited, None)
    os.environ.update(wanted)
    forget_wiring()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        forget_wiring()


def forget_wiring() -> None:
    """Have settings, clients and ports made anew from the environment as it is now."""
    built = ("sotto.wiring.", "functions.")
    for module in [module for name, module in list(sys.modules.items()) if name.startswith(built)]:
        for each in list(vars(module).values()):
            if isinstance(each, Once):
                each.cache_clear()


class _PrefixedStore:
    """The models prefix of the artifacts bucket, as SageMaker reads it with its own role."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def archive(self, key: str) -> bytes | None:
        try:
            return bytes(self._s3.get_object(Bucket=BUCKET, Key=MODELS_PREFIX + key)["Body"].read())
        except self._s3.exceptions.NoSuchKey:
            return None


class EmbeddedSotto:
    """A running stack. Make it with ``embedded_sotto``."""

    def __init__(self, aws: EmbeddedAws, options: Options, shard: ShardProcess, scratch: Path) -> None:
        self.clock: Clock = SystemClock()
        self.tap = AudioTap()
        self.books: dict[str, TenantBook] = {}
        self.graphql_url = self.realtime_url = self.websocket_url = self.panel_url = ""
        self._aws = aws
        self._options = options
        self._shard = shard
        self._scratch = scratch
        self._issuer: LocalIssuer | None = None
        self._pocketsphinx: Any = None
        self._shown_to: tuple[str, str] | None = None
        self.connect = AmazonConnect(client("lambda"), client("events"), aws.media, self.clock)
        aws.sagemaker.add(
            MultiModelEndpoint(ENDPOINT, shard.url, _PrefixedStore(aws.engineer("s3")), scratch / "models")
        )
        register_recogniser(f"tapped-{options.recogniser}", lambda _: self.tap.on(self._recogniser()))

    def engineer(self, service: str) -> Any:
        """A boto3 client of whoever may everything; the functions' own reach no tenant's records."""
        return self._aws.engineer(service)

    @property
    def leases(self) -> DynamoLeases:
        return leases()

    @contextmanager
    def serve_agents(self, port: int) -> Iterator[None]:
        """AppSync, the WebSocket API, the panel, its configuration and its tokens, on one port."""
        bound = LateApp()
        with WebServer(bound, port=port, name="agents") as server:
            self._issuer = LocalIssuer(f"{server.url}/issuer")
            iam = IamCaller(ACCESS_KEY, SECRET_KEY, REGION)
            gateway = sotto_websocket(self._invoke, iam=iam, clock=self.clock)
            site = panel_site(REPOSITORY / "web" / "dist", self._first_agent, self.token, self._options.channels[0])
            bound.app = sotto_appsync(
                invoke=self._invoke, issuer=self._issuer, iam=iam, routes=[*gateway.routes(), *site]
            )
            self.graphql_url = f"{server.url}/graphql"
            self.realtime_url = f"ws://127.0.0.1:{server.port}/graphql/realtime"
            self.websocket_url = f"ws://127.0.0.1:{server.port}/{gateway.stage}"
            self.panel_url = f"http://localhost:{server.port}/"
            self._agents = server
            yield

    def addresses(self) -> dict[str, str]:
        """What functions have to know of the servers, in their environment."""
        assert self._issuer is not None
        return {
            "SOTTO_GRAPHQL_URL": self.graphql_url,
            "SOTTO_WEBSOCKET_URL": self.websocket_url,
            "SOTTO_OIDC_ISSUER": self._issuer.url,
            "SOTTO_OIDC_CLIENT_ID": self._issuer.audience,
        }

    @property
    def line(self) -> PanelLine:
        """By which a call is watched."""
        if self._options.channels[0] == "websocket":
            return WebSocketLine(self.websocket_url)
        return AppSyncLine(self.graphql_url, self.realtime_url)

    def publish(self, folder: Path, packages: list[Path]) -> None:
        """As the engineer: functions only read what tenants publish."""
        dynamodb, s3 = self._aws.engineer("dynamodb"), self._aws.engineer("s3")
        book = publish(
            folder,
            packages,
            books=PublishedBooks(Table(dynamodb, settings().tenants_table), s3, BUCKET, self.clock),
            registry=DynamoModelRegistry(dynamodb, settings().models_table),
            s3=s3,
            bucket=BUCKET,
            endpoint=ENDPOINT,
            progress=self._options.progress,
        )
        self.books[book.tenant] = book

    def warm(self) -> None:
        """Send one call of each tenant through the whole route, so that the first real one finds models loaded, clients
        made and handlers imported. On AWS, SnapStart and provisioned concurrency stand for this."""
        with ThreadPoolExecutor(max_workers=4) as side:
            list(side.map(self._warm_model, *zip(*self._uses(), strict=True)))
        if self._options.recogniser == "embedded":
            self._recogniser().prestart()
        asyncio.run(self._warm_up_calls())

    def _uses(self) -> list[tuple[str, str, str]]:
        return [(tenant, name, use.task) for tenant, book in self.books.items() for name, use in book.models.items()]

    def _warm_model(self, tenant: str, name: str, task: str) -> None:
        heard = Utterance(tenant, WARM_UP, WARM_UP, 0, Speaker.CUSTOMER, 0, 1, "hello there")
        node = Node(id=name, task=task, model=name, deadline_ms=20_000)
        self._invoke("route_inference", _node_call.dump_python(NodeCall(node, heard), mode="json"))

    async def _warm_up_calls(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for book in self.books.values():
                tasks.create_task(self._warm_up_call(book))
        await self.idle(WARM_UP)

    async def _warm_up_call(self, book: TenantBook) -> None:
        """Nobody's: the agent is in no team, so no panel lists it."""
        contact_id = f"{WARM_UP}-{book.tenant}"
        said = {"speaker": "customer", "start_ms": 200, "end_ms": 900, "text": "hello there"}
        words = [{"text": "hello", "start_ms": 200, "end_ms": 500}, {"text": "there", "start_ms": 500, "end_ms": 900}]
        (self._scratch / f"{contact_id}.jsonl").write_text(json.dumps(said | {"words": words}) + "\n")
        caller = Caller(book.settings.instances[0].rsplit("/", 1)[-1], WARM_UP)
        call = await self.connect.place(bytes(WARM_UP_BYTES), caller, contact_id=contact_id)
        await self.connect.play(call, speed=0)

    def token(self, tenant: str, agent: str, role: str = "agent") -> str:
        """A supervisor here supervises every team of the tenant."""
        assert self._issuer is not None
        teams: list[str] = []
        if tenant in self.books:
            settings = self.books[tenant].settings
            team = settings.team_of(agent)
            teams = list(settings.teams) if role == "supervisor" else [team] if team else []
        return self._issuer.issue(agent=agent, tenant=tenant, role=role, teams=teams)

    def transcript(self, contact_id: str, source: Path) -> None:
        """What the transcript recogniser is to say for a contact."""
        shutil.copyfile(source, self._scratch / f"{contact_id}.jsonl")

    async def idle(self, contact_id: str) -> None:
        """Wait until no function and no execution is under way."""
        await asyncio.to_thread(self._wait_until_idle)

    def _wait_until_idle(self) -> None:
        while self._aws.functions.busy() or step_functions.running():
            time.sleep(0.05)

    async def inflict(self, fault: str, call: PlacedCall) -> None:
        match fault:
            case "kvs-drop":
                call.stream.drop_connections()
            case "worker-kill":
                self._aws.functions.kill("transcribe_call")
            case "shard-down":
                await asyncio.to_thread(self._shard.kill)
                await asyncio.to_thread(self._shard.start)
            case "recogniser-drop":
                self.tap.drop_sessions()
            case "channel-drop":
                await asyncio.to_thread(self._agents.drop_connections)

    def show_to(self, tenant: str, agent: str) -> None:
        """Whose panel it is when its address names nobody."""
        self._shown_to = (tenant, agent)

    def close(self) -> None:
        if self._pocketsphinx is not None:
            self._pocketsphinx.close()

    def _recogniser(self) -> Any:
        if self._options.provider is not None:
            return self._options.provider
        if self._options.recogniser != "embedded":
            return recogniser(self._options.recogniser)
        if self._pocketsphinx is None:
            from sotto.speech.adapters.pocketsphinx import PocketsphinxRecogniser

            self._pocketsphinx = PocketsphinxRecogniser()
        return self._pocketsphinx

    def _first_agent(self) -> tuple[str, str]:
        if self._shown_to is not None:
            return self._shown_to
        tenant, book = next(iter(self.books.items()))
        agents = [agent for team in book.settings.teams.values() for agent in team.agents]
        return tenant, agents[0]

    def _invoke(self, name: str, event: dict[str, Any]) -> Any:
        answer = self._aws.functions.invoke(name, json.dumps(event).encode())
        if answer.error:
            raise FunctionFailed(f"{name} failed")
        return json.loads(answer.payload)
