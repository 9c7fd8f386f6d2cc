"""The whole of Sotto on one machine: the embedded AWS, the functions, a shard, the tenants, the agent's panel.

The same handlers, state machine and schema that are deployed; only the addresses in the environment differ.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from functions.specs import everything
from local.adapters_behind import AdaptersBehind
from local.agents_server import AgentsServer
from local.audio_tap import AudioTap
from local.audit_trail import AuditTrail
from local.aws import step_functions
from local.aws.chime.voice_connectors import VoiceConnectors, connector_of
from local.aws.connect import ACCOUNT, REGION, AmazonConnect, ChatSegments
from local.aws.connect.exports import InstanceExports
from local.aws.connect_directory.instance import instances_of
from local.aws.keys import create_keys
from local.aws.kinesis_video.server import FRAGMENTS_A_SECOND
from local.aws.kinesis_video.stream import LiveStream
from local.aws.resources import create
from local.aws.sagemaker_runtime import MultiModelEndpoint
from local.aws.stack import EmbeddedAws
from local.aws.topics import create_topics
from local.call_recogniser import CallRecogniser
from local.ended_functions import Ended, EndedFunctions
from local.filing_systems import FilingSystems
from local.function_host import FunctionHost, deployed_environment, tapped
from local.import_places import BUCKET as ARCHIVE
from local.import_places import create_import_places
from local.interruption import Interruption
from local.options import REPOSITORY, Options, Training
from local.outside_providers import check_provider
from local.panel_lines import PanelLine
from local.played_days import PlayedDays
from local.publishing import PublishTarget, publish
from local.records import BUCKET, recording_key, records_environment
from local.scratch import scratch_folder
from local.shard_process import ShardProcess
from local.telephony.embedded_gateway import EmbeddedGateway, gateway_id
from local.tenants import ModelPublisher, PublishedModels, identity
from local.trained_models import Trainer, train_tenants
from local.warm_up import WARM_UP, warm_models, warm_up_calls
from local.writing import Writing
from media_gateway.protocols.providers import PROVIDERS
from sotto.api.caller import Caller
from sotto.api.keys.use_cases import KeyRequest, create_key
from sotto.api.rest.routing import all_scopes
from sotto.api.roles import Role
from sotto.aws.audit_log import DynamoAuditLog
from sotto.aws.table import Table
from sotto.core.clock import Clock, SystemClock
from sotto.core.errors import Degraded
from sotto.core.resources import AFTER_CALL, GUIDE_UTTERANCE, IMPORT_CONVERSATIONS, REVIEW, RUN_WORKFLOW
from sotto.history.keep import forget
from sotto.imports.item import ItemMistaken, Reason
from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry
from sotto.models.publish_plan import ModelStep
from sotto.recognition.recogniser import Recogniser
from sotto.search.index import erase
from sotto.tenants.adapters.published_books import BookRetention, PublishedBooks
from sotto.tenants.book import AUDIT_DAYS, TenantBook
from sotto.transcription.adapters.dynamodb_leases import DynamoLeases
from sotto.wiring.recognisers import RecogniserParts
from sotto.wiring.sotto import Sotto

ENDPOINT = "sotto-shard"


def voices_parted(mono: bytes) -> tuple[bytes, bytes]:
    """Raises ItemMistaken where what tells voices apart is not installed."""
    from local.recordings.voices import VoicesUnreadable, parted_by_voice

    try:
        return parted_by_voice(mono)
    except VoicesUnreadable as error:
        raise ItemMistaken(Reason.ONE_CHANNEL) from error


class FunctionFailed(Degraded):
    """A function that a resolver asked has failed; its error stays in the function's log."""


@asynccontextmanager
async def embedded_sotto(options: Options) -> AsyncIterator[EmbeddedSotto]:
    """Start everything, publish the tenants, and end everything.

    Raises PortTaken, TrainingFailed, TenantMistaken, CredentialsMissing."""
    check_provider(options.recogniser, options.provider)
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
    models = options.state / "models"
    packages = train_tenants(folders, models, REPOSITORY, options.progress, interruption, at_once=True)
    interruption.check()
    options.progress("starting the embedded AWS")
    aws = stack.enter_context(
        EmbeddedAws(
            speed=options.speed,
            tenants=lambda: sotto.books,
            delivery_faults=options.delivery_faults,
            spans=options.spans,
            patience=options.patience,
        )
    )
    scratch = stack.enter_context(scratch_folder("sotto-"))
    options.metrics_file.parent.mkdir(parents=True, exist_ok=True)
    options.metrics_file.unlink(missing_ok=True)
    filing = stack.enter_context(FilingSystems(REPOSITORY / "events" / "calls", aws.connect_cases))
    sotto = EmbeddedSotto(aws, options, shard, scratch, filing)
    stack.callback(sotto.close)
    sotto.deploy(tenants=[folder.name for folder in packages])
    stack.enter_context(sotto.serving(options.port))
    shard.wait_until_ready(interruption.check)
    if options.writing is not None:
        _write_texts(options.writing, aws, options, stack, interruption)
    for folder, archives in packages.items():
        interruption.check()
        asking = options.writing.asked_by(folder, scratch / "asking") if options.writing else folder
        sotto.publish(asking, archives)
    interruption.check()
    sotto.synchronise_directory()
    sotto.warm()
    if options.training is not None:
        stack.enter_context(_adapters_behind(options.training, folders, models, sotto, interruption))
    return sotto


def _adapters_behind(
    show: Training, folders: Sequence[Path], models: Path, sotto: EmbeddedSotto, interruption: Interruption
) -> AdaptersBehind:
    def going_on(what: str, share: float) -> None:
        show(what, min(share, 0.99))  # it is over when it is released

    return AdaptersBehind(folders, Trainer(models, REPOSITORY, interruption, going_on), sotto.release, show)


def _write_texts(
    writing: Writing, aws: EmbeddedAws, options: Options, stack: ExitStack, interruption: Interruption
) -> None:
    shard = writing.shard(aws, REPOSITORY, options.state / "writer.log")
    if shard is not None:
        stack.enter_context(shard).wait_until_ready(interruption.check)
    writing.host(aws, shard, records_environment()["SOTTO_MODELS_TABLE"])


class EmbeddedSotto:
    """A running stack. Make it with ``embedded_sotto``."""

    def __init__(
        self, aws: EmbeddedAws, options: Options, shard: ShardProcess, scratch: Path, filing: FilingSystems
    ) -> None:
        self.clock: Clock = SystemClock()
        self.tap = AudioTap()
        self.days = PlayedDays(self.clock)
        self.books: dict[str, TenantBook] = {}
        self._aws = aws
        self._options = options
        self._shard = shard
        self._scratch = scratch
        self._open = ExitStack()
        self.filing = filing
        self._recogniser = CallRecogniser(options, scratch, self._deployed_recogniser)
        self._ended = EndedFunctions()
        self._functions = FunctionHost(
            deployed_environment(aws, options, scratch),
            aws.session,
            other_observers=(self._ended.node_answered,),
            recogniser_factories={tapped(options.recogniser): lambda: self.tap.on(self._recogniser.chosen())},
            recording_recognisers=lambda tenant: self._recogniser.of_recordings(),
            policy_instant=self.days.instant,
            voices_parted=voices_parted,
        )
        aws.functions.observe(self._ended)
        apps = REPOSITORY / "web" / "apps"
        self.agents = AgentsServer(
            self.invoke,
            self.books,
            self.clock,
            apps=apps,
            channel=options.channels[0],
            spans=options.spans,
            audio=aws.url,
        )
        self.connect = AmazonConnect(
            aws.session.client("lambda"),
            aws.session.client("events"),
            aws.media,
            self.clock,
            contacts=aws.connect_contacts,
            faults=options.contact_event_faults,
            exports=InstanceExports(self._taken, aws.directory.instances, recording_of=aws.recordings.location_of),
            profiles=aws.customer_profiles,
            recordings=aws.recordings,
            segments=ChatSegments(self._taken, options.segment_faults),
        )
        self.voice_connectors = VoiceConnectors(
            aws.session.client("events"), aws.media, self.clock, options.stream_event_faults
        )
        models = PublishedModels(aws.engineer("s3"), BUCKET)
        endpoint = MultiModelEndpoint(ENDPOINT, shard.url, models, scratch / "models", spans=options.spans)
        aws.sagemaker.add(endpoint)

    def deploy(self, *, tenants: Sequence[str]) -> None:
        """Tables, functions, state machines and rules. ``tenants``: whom the issuer of tokens signs for."""
        arns = create(everything(), self._aws.functions, self._aws.engineer, REPOSITORY, self._functions.load)
        self._aws.recordings.create_bucket()
        self._functions.deploy(
            {
                "SOTTO_GUIDE_UTTERANCE_ARN": arns[GUIDE_UTTERANCE.name],
                "SOTTO_AFTER_CALL_ARN": arns[AFTER_CALL.name],
                "SOTTO_REVIEW_ARN": arns[REVIEW.name],
                "SOTTO_RUN_WORKFLOW_ARN": arns[RUN_WORKFLOW.name],
                "SOTTO_IMPORT_CONVERSATIONS_ARN": arns[IMPORT_CONVERSATIONS.name],
                "SOTTO_OIDC_TENANTS": ",".join(tenants),
                **create_import_places(tenants, self._aws.engineer("s3")),
                **create_keys(tenants, self._aws.engineer("kms")),
                **create_topics(tenants, self._aws.engineer("sns")),
                "SOTTO_RECORDING_KEYS": json.dumps({tenant: recording_key(tenant) for tenant in tenants}),
            }
        )

    def start_functions_anew(self) -> None:
        """As a deployment does, while none of them runs: what the former ones kept, such as books, is read again."""
        for spec in everything().functions:
            self._aws.functions.register(spec, load=self._functions.load)

    @contextmanager
    def serving(self, port: int) -> Iterator[None]:
        """What agents talk to. Raises PortTaken."""
        self.agents.archive = {"url": self._aws.url, "bucket": ARCHIVE}
        with self.agents.serving(port):
            self._functions.deploy(self.agents.addresses())
            yield

    def engineer(self, service: str) -> Any:
        """A boto3 client of whoever may everything; the functions' own reach no tenant's records."""
        return self._aws.engineer(service)

    @cached_property
    def root(self) -> Sotto:
        """The composition root as functions have it: it reaches what they reach."""
        return self._functions.sotto()

    @cached_property
    def media_gateway(self) -> EmbeddedGateway:
        """Started with the first call that is sent to it."""
        speed = self._options.speed
        gateway = EmbeddedGateway(
            self._aws.session,
            self._aws.engineer("secretsmanager"),
            self.clock,
            list(self.books),
            list(PROVIDERS),
            fragments_a_second=FRAGMENTS_A_SECOND * speed,
        )
        return self._open.enter_context(gateway)

    def media_streams(self, contact_id: str) -> list[LiveStream]:
        """Those that are named after the contact."""
        return [each for each in self._aws.media.streams if each.name.endswith(contact_id)]

    @property
    def leases(self) -> DynamoLeases:
        return self.root.leases

    @property
    def panel_url(self) -> str:
        return self.agents.panel_url

    @property
    def manager_url(self) -> str:
        return self.agents.manager_url

    @property
    def rest_url(self) -> str:
        return self.agents.rest_url

    def api_key(self, tenant: str) -> str:
        """One that reads all that the REST API shows of conversations, for as long as the stack runs."""
        asked = KeyRequest("demo", Role.QUALITY, frozenset(each for each in all_scopes() if each.endswith(":read")))
        return create_key(Caller(tenant, "demo", Role.ADMIN), asked, self.root.key_ports).text

    @property
    def line(self) -> PanelLine:
        """By which a call is watched."""
        return self.agents.line

    def token(self, tenant: str, agent: str, role: str = "agent") -> str:
        return self.agents.token(tenant, agent, role)

    def publish(self, folder: Path, packages: list[Path]) -> None:
        """As the engineer: functions only read what tenants publish."""
        book = publish(folder, packages, self._target, self._options.progress)
        self.books[book.tenant] = book
        addresses = self.filing.prepare(book, self._aws.engineer("secretsmanager"))
        self._functions.deploy({"SOTTO_FILING_ADDRESSES": json.dumps(dict(addresses))})
        self._aws.directory.instances.update(instances_of(book, region=REGION, account=ACCOUNT))

    def release(self, packages: Sequence[Path], why: str) -> list[ModelStep]:
        """Models alone: see PublishTarget.release."""
        return self._target.release(packages, why)

    @cached_property
    def _target(self) -> PublishTarget:
        dynamodb, s3, tables = self._aws.engineer("dynamodb"), self._aws.engineer("s3"), records_environment()
        retention = BookRetention(lambda tenant, kind: AUDIT_DAYS, self.clock)
        audit = DynamoAuditLog(Table(dynamodb, tables["SOTTO_AUDIT_TABLE"]), retention)
        registry = DynamoModelRegistry(dynamodb, tables["SOTTO_MODELS_TABLE"])
        trail = AuditTrail(audit, lambda: "engineer", self.clock)
        return PublishTarget(
            books=PublishedBooks(Table(dynamodb, tables["SOTTO_TENANTS_TABLE"]), s3, BUCKET, self.clock),
            models=ModelPublisher(s3, BUCKET, registry, trail=trail),
            endpoint=ENDPOINT,
            publisher=lambda: identity(self._aws.engineer("sts")),
        )

    def synchronise_directory(self) -> None:
        """While the rest warms up, which waits for it: the first call's agent is known by name."""
        tenants = {id: tenant for tenant, book in self.books.items() for id in book.settings.instances}
        for instance in tenants:
            self._aws.customer_profiles.add(instance, ())
        domains = {instance: instance for instance in tenants}
        connectors = {connector_of(tenant): tenant for tenant in self.books}
        self._functions.deploy(
            {
                "SOTTO_CONNECT_INSTANCES": json.dumps(tenants),
                "SOTTO_CUSTOMER_DOMAINS": json.dumps(domains),
                "SOTTO_VOICE_CONNECTORS": json.dumps(connectors),
                "SOTTO_MEDIA_GATEWAYS": json.dumps(
                    {gateway_id(provider, tenant): tenant for provider in PROVIDERS for tenant in self.books}
                ),
            }
        )
        self._aws.functions.invoke_async("synchronise_directory")
        self._aws.schedules.start(everything().functions)

    def warm(self) -> None:
        """So that the first real call finds models loaded, clients made and handlers imported."""
        warm_models(self.books, self.invoke)
        self._recogniser.warm()
        asyncio.run(warm_up_calls(self.books, self.connect, self._scratch, self._recogniser.chosen().languages))
        self._wait_until_idle()
        self._forget_warm_up()

    def _forget_warm_up(self) -> None:
        """Nobody has had these conversations."""
        for tenant in self.books:
            forget(tenant, f"{WARM_UP}-{tenant}", self.root.history)
            erase(tenant, f"{WARM_UP}-{tenant}", self.root.search_index)

    def transcript(self, contact_id: str, source: Path, *, from_ms: int = 0) -> None:
        """What is said in a contact's call: it is not recognised, but read. ``from_ms``: where in ``source`` a contact
        begins that was transferred."""
        self._recogniser.read(contact_id, source, from_ms=from_ms)

    @property
    def waiting_events(self) -> int:
        """Asynchronous events that no function has taken yet."""
        return self._aws.functions.waiting()

    def ended(self, contact_id: str) -> Ended:
        """What became of the functions of a contact."""
        return self._ended.of(contact_id)

    async def idle(self, contact_id: str) -> None:
        """Wait until no function and no execution is under way."""
        await asyncio.to_thread(self._wait_until_idle)

    def _wait_until_idle(self) -> None:
        while self._is_busy():
            time.sleep(0.05)

    def _is_busy(self) -> bool:
        """Functions start executions, and executions run functions: what one has left behind, the other shows."""
        announcing = self.connect.busy() or self.voice_connectors.busy()
        return announcing or self._aws.busy() or step_functions.running() > 0 or self._aws.busy()

    async def inflict(self, fault: str, drop_media: Callable[[], None]) -> None:
        """One of local.faults.FAULTS. ``drop_media``: every GetMedia connection of the call."""
        match fault:
            case "kvs-drop":
                drop_media()
            case "worker-kill":
                self._aws.functions.kill("transcribe_call")
            case "shard-down":
                await asyncio.to_thread(self._shard.kill)
                await asyncio.to_thread(self._shard.start)
            case "recogniser-drop":
                self.tap.drop_sessions()
            case "channel-drop":
                await asyncio.to_thread(self.agents.drop_connections)

    def close(self) -> None:
        self._open.close()
        self.connect.stop()
        self.voice_connectors.stop()
        self._recogniser.close()

    def _deployed_recogniser(self, name: str) -> Recogniser:
        return RecogniserParts(self.root.settings, session=self._aws.session).recogniser(name)

    def _taken(self, name: str, batch: bytes) -> Any:
        return self.invoke(name, json.loads(batch))

    def invoke(self, name: str, event: dict[str, Any]) -> Any:
        """What a function answers. Raises FunctionFailed."""
        answer = self._aws.functions.invoke(name, json.dumps(event).encode())
        if answer.error:
            raise FunctionFailed(f"{name} failed")
        return json.loads(answer.payload)
