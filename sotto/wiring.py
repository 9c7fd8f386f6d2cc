"""The one place where adapters are chosen and the environment is read.

Each function asks for its own ports, so it imports only what it needs: adapters are imported inside the builders. The
embedded stack runs the same builders; only the addresses in the environment differ.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from sotto.clock import Clock, SystemClock
from sotto.contact.contact import Contact, ContactStatus
from sotto.contact.follow import FollowPorts
from sotto.contact.start import StartPorts
from sotto.contact.worker_order import WorkerOrder
from sotto.errors import Rejected

if TYPE_CHECKING:
    from sotto.circuit import CircuitBreaker
    from sotto.contact.adapters.lambda_functions import LambdaFunctions
    from sotto.delivery.adapters.appsync import AppSyncChannel
    from sotto.delivery.agent_requests import AgentPorts
    from sotto.generation.generator import Generator
    from sotto.generation.nodes import Routes
    from sotto.generation.settings import GenerationSettings
    from sotto.guidance.deliver import DeliverPorts
    from sotto.inference.adapters.dynamo_registry import DynamoModelRegistry
    from sotto.inference.orchestrate import OrchestratePorts
    from sotto.inference.router import Router
    from sotto.privacy.redactor import Redactor
    from sotto.speech.consented import ConsentPorts
    from sotto.speech.recogniser import Recogniser
    from sotto.speech.segments import SegmentPorts
    from sotto.speech.transcription import Assignment, Ears, TranscriptionPorts
    from sotto.speech.watchdog import Stalled, WatchedRecogniser
    from sotto.storage.adapters.dynamodb_consents import DynamoConsents
    from sotto.storage.adapters.dynamodb_contacts import DynamoContacts
    from sotto.storage.adapters.dynamodb_conversations import DynamoConversations
    from sotto.storage.adapters.dynamodb_leases import DynamoLeases
    from sotto.storage.adapters.tenant_books import PublishedBooks
    from sotto.storage.adapters.tenant_sessions import TenantSessions

PROVIDER_FAILURES = 3
PROVIDER_REST_MS = 30_000
HANDOVER_MARGIN_MS = 60_000
"""A successor starts this long before Lambda ends its predecessor: a cold start and the catching up fit many times."""


class MissingSetting(Rejected):
    """An environment variable is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``recogniser`` overrides the tenants' order, for development. ``worker_limit_s``: hand over this often."""

    region: str
    contacts_table: str
    tenants_table: str
    models_table: str
    artifacts_bucket: str
    graphql_url: str
    guide_utterance_arn: str
    function_prefix: str = ""
    tenant_role_arn: str | None = None
    recogniser: str | None = None
    transcripts: Path | None = None
    worker_limit_s: float | None = None
    deepgram_secret: str | None = None
    """Name or ARN of the secret in Secrets Manager that holds Deepgram's API key."""
    deepgram_url: str | None = None
    transcribe_endpoint: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Raises MissingSetting naming the variable."""

        def needed(name: str) -> str:
            if not environment.get(name):
                raise MissingSetting(f"environment variable {name} is not set")
            return environment[name]

        limit = environment.get("SOTTO_WORKER_LIMIT_S")
        transcripts = environment.get("SOTTO_TRANSCRIPTS")
        return cls(
            region=needed("AWS_REGION"),
            contacts_table=environment.get("SOTTO_CONTACTS_TABLE", "sotto-contacts"),
            tenants_table=environment.get("SOTTO_TENANTS_TABLE", "sotto-tenants"),
            models_table=environment.get("SOTTO_MODELS_TABLE", "sotto-models"),
            artifacts_bucket=environment.get("SOTTO_ARTIFACTS_BUCKET", "sotto-artifacts"),
            graphql_url=environment.get("SOTTO_GRAPHQL_URL", ""),
            guide_utterance_arn=environment.get("SOTTO_GUIDE_UTTERANCE_ARN", ""),
            function_prefix=environment.get("SOTTO_FUNCTION_PREFIX", ""),
            tenant_role_arn=environment.get("SOTTO_TENANT_ROLE_ARN") or None,
            recogniser=environment.get("SOTTO_RECOGNISER") or None,
            transcripts=Path(transcripts) if transcripts else None,
            worker_limit_s=float(limit) if limit else None,
            deepgram_secret=environment.get("SOTTO_DEEPGRAM_SECRET") or None,
            deepgram_url=environment.get("SOTTO_DEEPGRAM_URL") or None,
            transcribe_endpoint=environment.get("AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING") or None,
        )


def logger(service: str) -> Logger:
    """Structured, and told nothing that a caller said or is."""
    return Logger(service=service)


@cache
def settings() -> Settings:
    return Settings.from_environment()


@cache
def clock() -> Clock:
    return SystemClock()


@cache
def client(service: str) -> Any:
    """One boto3 client per service and process: they are safe to share between threads."""
    return boto3.client(service, region_name=settings().region, config=_config())  # type: ignore[call-overload]


def _config() -> Config:
    return Config(
        retries={"mode": "standard", "total_max_attempts": 3},
        connect_timeout=2,
        read_timeout=10,
        max_pool_connections=32,
        tcp_keepalive=True,
    )


@cache
def tenant_sessions(role_arn: str) -> TenantSessions:
    from sotto.storage.adapters.tenant_sessions import Credentials, TenantSessions

    def acting(service: str, given: Credentials) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            region_name=settings().region,
            config=_config(),
            aws_access_key_id=given.access_key,
            aws_secret_access_key=given.secret_key,
            aws_session_token=given.token,
        )

    return TenantSessions(client("sts"), role_arn, acting, clock())


@cache
def records(service: str) -> Any:
    """DynamoDB and S3 as the tenant that a request's key names, where the deployment has roles for tenants."""
    role_arn = settings().tenant_role_arn
    if role_arn is None:
        return client(service)
    from sotto.storage.adapters.tenant_sessions import TenantDynamoDB, TenantS3

    sessions = tenant_sessions(role_arn)
    return TenantDynamoDB(sessions, client("dynamodb")) if service == "dynamodb" else TenantS3(sessions)


def missed(service: str) -> Callable[[str], None]:
    """Counts what could not be told, by kind."""
    log = logger(service)
    return lambda what: log.warning("not told", extra={"what": what})


@cache
def books() -> PublishedBooks:
    from sotto.storage.adapters.dynamodb import Table
    from sotto.storage.adapters.tenant_books import PublishedBooks

    table = Table(records("dynamodb"), settings().tenants_table)
    return PublishedBooks(table, records("s3"), settings().artifacts_bucket, clock())


def _contact_table() -> tuple[Any, Any]:
    from sotto.storage.adapters.dynamodb import Table
    from sotto.storage.adapters.tenant_books import BookRetention

    retention = BookRetention(lambda tenant: books().current(tenant).settings.retention_days, clock())
    return Table(records("dynamodb"), settings().contacts_table), retention


@cache
def contacts() -> DynamoContacts:
    from sotto.storage.adapters.dynamodb_contacts import DynamoContacts

    return DynamoContacts(*_contact_table())


@cache
def conversations() -> DynamoConversations:
    from sotto.storage.adapters.dynamodb_conversations import DynamoConversations

    return DynamoConversations(*_contact_table())


@cache
def consents() -> DynamoConsents:
    from sotto.storage.adapters.dynamodb_consents import DynamoConsents

    return DynamoConsents(*_contact_table())


def consent_ports() -> ConsentPorts:
    from sotto.speech.consented import ConsentPorts

    return ConsentPorts(lambda tenant: books().current(tenant).settings.consent.rule, consents(), consents(), clock())


@cache
def functions() -> LambdaFunctions:
    from sotto.contact.adapters.lambda_functions import LambdaFunctions

    return LambdaFunctions(client("lambda"), settings().function_prefix)


@cache
def channel() -> AppSyncChannel:
    from botocore.session import get_session

    from sotto.delivery.adapters.appsync import AppSyncChannel

    if not settings().graphql_url:
        raise MissingSetting("environment variable SOTTO_GRAPHQL_URL is not set")
    return AppSyncChannel(settings().graphql_url, region=settings().region, credentials=get_session().get_credentials())


def start_ports() -> StartPorts:
    from sotto.contact.adapters.lambda_functions import LambdaAudioWorkers
    from sotto.privacy.contact_consent import BookConsent

    return StartPorts(
        tenants=books(),
        consent=BookConsent(books(), consents(), clock()),
        contacts=contacts(),
        workers=LambdaAudioWorkers(functions()),
    )


def follow_ports() -> FollowPorts:
    from sotto.delivery.assignments import PanelAssignments
    from sotto.delivery.telling import GuidanceListeners

    not_told = missed("follow_contact")
    return FollowPorts(
        tenants=books(),
        contacts=contacts(),
        teams=books(),
        channel=PanelAssignments(channel(), clock(), not_told),
        guidance=GuidanceListeners(channel(), functions(), not_told),
    )


def orchestrate_ports() -> OrchestratePorts:
    from sotto.inference.adapters.step_functions import StepFunctionsRunner
    from sotto.inference.orchestrate import OrchestratePorts
    from sotto.policy.compile import PolicyCache

    runner = StepFunctionsRunner(client("stepfunctions"), settings().guide_utterance_arn)
    return OrchestratePorts(contacts(), books(), PolicyCache(), runner, clock())


def node_router() -> Routes:
    """The router, which also writes texts when the environment names providers (sotto.generation.settings)."""
    from sotto.generation.settings import GenerationSettings, WrongSetting

    try:
        generation = GenerationSettings.from_environment(os.environ)
    except WrongSetting as error:  # the other models must not fall silent with it
        logger("route_inference").error("generation not set up", extra={"problem": str(error)})
        return router()
    return _writing(router(), generation) if generation.order else router()


def _writing(others: Router, generation: GenerationSettings) -> Routes:
    from sotto.generation.account import Price
    from sotto.generation.adapters.embedded_metrics import EmbeddedMetricsAccount
    from sotto.generation.chain import GenerationChain, Provider
    from sotto.generation.nodes import GenerativeNodes, GenerativeRouter

    providers = [
        Provider(name, generator(name, generation), generation.prices.get(name, Price())) for name in generation.order
    ]
    chain = GenerationChain(providers, clock(), EmbeddedMetricsAccount(clock()))
    return GenerativeRouter(others, GenerativeNodes(chain, clock()))


def generator(name: str, generation: GenerationSettings) -> Generator:
    from sotto.generation.adapters.bedrock import BedrockGenerator, bedrock_clients
    from sotto.generation.adapters.openai_compatible import OpenAiCompatibleGenerator
    from sotto.generation.adapters.sagemaker_shard import ShardGenerator
    from sotto.inference.adapters.sagemaker import sagemaker_clients
    from sotto.inference.registry import CachedRegistry
    from sotto.speech.adapters.provider_keys import SecretsManagerKey

    if name == "shard":
        return ShardGenerator(sagemaker_clients(), CachedRegistry(model_registry(), clock()))
    if name == "bedrock":
        return BedrockGenerator(bedrock_clients(), generation.bedrock_model)
    key = SecretsManagerKey(client("secretsmanager"), generation.openai_secret, clock())
    return OpenAiCompatibleGenerator(generation.openai_url, generation.openai_model, key)


def router() -> Router:
    from sotto.inference.adapters.sagemaker import SageMakerShard, sagemaker_clients
    from sotto.inference.registry import CachedRegistry
    from sotto.inference.router import Router

    shard = SageMakerShard(sagemaker_clients(), clock(), lambda ms: time.sleep(ms / 1000))
    return Router(CachedRegistry(model_registry(), clock()), shard, clock())


@cache
def model_registry() -> DynamoModelRegistry:
    from sotto.inference.adapters.dynamo_registry import DynamoModelRegistry

    return DynamoModelRegistry(records("dynamodb"), settings().models_table)


def deliver_ports() -> DeliverPorts:
    from sotto.guidance.deliver import DeliverPorts
    from sotto.policy.compile import PolicyCache

    return DeliverPorts(
        contacts=contacts(),
        books=books(),
        policies=PolicyCache(),
        conversations=conversations(),
        channel=channel(),
        clock=clock(),
        missed=missed("deliver_annotations"),
    )


def serve_agent_ports() -> AgentPorts:
    from sotto.delivery.agent_requests import AgentPorts
    from sotto.inference.search import RoutedKnowledge
    from sotto.storage.adapters.agent_view import AgentView
    from sotto.storage.adapters.dynamodb_feedback import DynamoFeedback
    from sotto.storage.adapters.dynamodb_follows import DynamoFollows

    view, feedback, follows = (
        AgentView(contacts(), conversations()),
        DynamoFeedback(*_contact_table()),
        DynamoFollows(*_contact_table()),
    )
    return AgentPorts(view, feedback, RoutedKnowledge(router()), clock(), follows)


@dataclass(frozen=True, slots=True)
class WorkerPorts:
    """What the audio worker's handler needs before it knows the contact's tenant."""

    contacts: DynamoContacts
    transcription: Callable[[Contact], TranscriptionPorts]
    consent: ConsentPorts
    assignment: Callable[[WorkerOrder, Any], Assignment]


RecogniserFactory = Callable[[Settings], "Recogniser"]
_recognisers: dict[str, RecogniserFactory] = {}


def register_recogniser(name: str, factory: RecogniserFactory) -> None:
    """Make another provider known under ``name``; tenants name it in ``recognisers``."""
    _recognisers[name] = factory
    recogniser.cache_clear()


@cache
def recogniser(name: str) -> Recogniser:
    """Raises MissingSetting for a name that is not known."""
    if name in _recognisers:
        return _recognisers[name](settings())
    if name == "embedded":
        from sotto.speech.adapters.pocketsphinx import PocketsphinxRecogniser

        return PocketsphinxRecogniser()
    if name == "transcript":
        from sotto.speech.adapters.transcript import TranscriptRecogniser

        folder = settings().transcripts
        if folder is None:
            raise MissingSetting("environment variable SOTTO_TRANSCRIPTS is not set: the folder of transcripts to read")
        return TranscriptRecogniser(lambda contact_id: folder / f"{contact_id}.jsonl")
    if name == "transcribe":
        return transcribe()
    if name == "deepgram":
        return deepgram()
    known = ", ".join(sorted({"embedded", "transcript", "transcribe", "deepgram", *_recognisers}))
    raise MissingSetting(f"recogniser {name!r} is not known; known are: {known}")


def transcribe() -> Recogniser:
    """Amazon Transcribe with the function's own role; the role's credentials are renewed as they age."""
    from botocore.exceptions import NoCredentialsError
    from botocore.session import get_session

    from sotto.speech.adapters.transcribe import TranscribeRecogniser

    session = get_session()

    def credentials() -> Any:
        found = session.get_credentials()
        if found is None:
            raise NoCredentialsError
        return found.get_frozen_credentials()

    return TranscribeRecogniser(
        credentials, region=settings().region, clock=clock(), endpoint=settings().transcribe_endpoint
    )


def deepgram() -> Recogniser:
    """Raises MissingSetting when no secret is named."""
    from sotto.speech.adapters.deepgram import URL, DeepgramRecogniser
    from sotto.speech.adapters.provider_keys import SecretsManagerKey

    secret = settings().deepgram_secret
    if secret is None:
        raise MissingSetting("environment variable SOTTO_DEEPGRAM_SECRET is not set: the secret with Deepgram's key")
    key = SecretsManagerKey(client("secretsmanager"), secret, clock())
    return DeepgramRecogniser(key, clock=clock(), url=settings().deepgram_url or URL)


@cache
def provider_breaker(name: str) -> CircuitBreaker:
    """Shared by the calls of this process: a provider that is down is not tried first by each of them."""
    from sotto.circuit import CircuitBreaker

    return CircuitBreaker(clock(), failures=PROVIDER_FAILURES, open_ms=PROVIDER_REST_MS)


@cache
def alarms() -> ThreadPoolExecutor:
    """Where health is told, so that audio never waits for it."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")


def stall_alarm() -> Callable[[Stalled], None]:
    """A log event, which a metric filter counts, and a line on the agent's screen."""
    from sotto.delivery.health import tell_stall

    log = logger("transcribe_call")

    def alarm(stalled: Stalled) -> None:
        extra = {"provider": stalled.provider, "speaker": stalled.speaker, "speech_ms": stalled.speech_ms}
        log.error("transcript stalled", extra=extra)
        alarms().submit(tell_stall, stalled, channel(), missed("transcribe_call"))

    return alarm


@cache
def leases() -> DynamoLeases:
    from sotto.storage.adapters.dynamodb_leases import DynamoLeases

    return DynamoLeases(*_contact_table())


@cache
def ears() -> Ears:
    from sotto.audio.adapters.kinesis_video import KinesisVideoMedia
    from sotto.audio.ears import MediaEars

    return MediaEars(KinesisVideoMedia.from_session(), clock())


def steady_recogniser(tenant: str) -> WatchedRecogniser:
    """The tenant's providers in its order of preference, behind one that outlives their sockets and is watched."""
    from sotto.speech.replay import Reopened, SteadyRecogniser
    from sotto.speech.watchdog import WatchedRecogniser

    log = logger("transcribe_call")

    def reopened(lost: Reopened) -> None:
        extra = {"provider": lost.provider, "reason": lost.reason, "replayed_ms": lost.replayed_ms}
        log.warning("recogniser lost", extra=extra)

    steady = SteadyRecogniser(
        _providers(tenant, log),
        clock=clock(),
        on_reopen=reopened,
        breaker_of=provider_breaker,
    )
    return WatchedRecogniser(steady, stall_alarm(), clock())


def _providers(tenant: str, log: Logger) -> list[Recogniser]:
    """Those that this deployment has; one that lacks a setting must not cost a call that another can hear. Raises
    MissingSetting when there is none."""
    order = (settings().recogniser,) if settings().recogniser else books().current(tenant).settings.recognisers
    found: list[Recogniser] = []
    missing = MissingSetting(f"tenant {tenant} names no recogniser")
    for name in filter(None, order):
        try:
            found.append(recogniser(name))
        except MissingSetting as error:
            log.error("recogniser not set up", extra={"provider": name, "problem": str(error)})
            missing = error
    if not found:
        raise missing
    return found


def redactor(contact: Contact) -> Redactor:
    from sotto.privacy.conversation import ConversationRedactor
    from sotto.privacy.rules import RedactionRules

    return ConversationRedactor(RedactionRules.of(books().current(contact.tenant).settings.redaction))


def worker_ports() -> WorkerPorts:
    from sotto.delivery.telling import GuidanceListeners
    from sotto.speech.transcription import TranscriptionPorts

    listeners = GuidanceListeners(channel(), functions(), missed("transcribe_call"))

    def transcription(contact: Contact) -> TranscriptionPorts:
        return TranscriptionPorts(
            ears=ears(),
            recogniser=steady_recogniser(contact.tenant),
            redactor=redactor,
            leases=leases(),
            listeners=listeners,
            clock=clock(),
            is_over=is_over,
        )

    return WorkerPorts(contacts(), transcription, consent_ports(), assignment)


def segment_ports() -> SegmentPorts:
    from sotto.delivery.telling import GuidanceListeners
    from sotto.privacy.contact_consent import BookConsent
    from sotto.speech.segments import SegmentPorts

    return SegmentPorts(
        tenants=books(),
        contacts=contacts(),
        consent=BookConsent(books(), consents(), clock()),
        consent_rule=lambda tenant: books().current(tenant).settings.consent.rule,
        consent_log=consents(),
        kept=consents(),
        redactor=redactor,
        leases=leases(),
        listeners=GuidanceListeners(channel(), functions(), missed("hear_contact_lens")),
        clock=clock(),
    )


def is_over(contact: Contact) -> bool:
    """Whether Connect has said that the contact ended."""
    now = contacts().contact(contact.tenant, contact.contact_id)
    return now is not None and now.status is ContactStatus.ENDED


def assignment(order: WorkerOrder, context: Any) -> Assignment:
    """What a worker may use of its Lambda's time, and how it calls the next one."""
    from sotto.contact.adapters.lambda_functions import LambdaAudioWorkers
    from sotto.speech.transcription import Assignment

    remaining_ms = float(context.get_remaining_time_in_millis())
    own_limit_s = settings().worker_limit_s
    limit_ms = own_limit_s * 1000 if own_limit_s is not None else remaining_ms - HANDOVER_MARGIN_MS
    workers = LambdaAudioWorkers(functions())
    return Assignment(
        worker=context.aws_request_id,  # the same when Lambda runs a failed order again
        generation=order.generation,
        until_ms=clock().monotonic_ms() + max(0.0, limit_ms),
        start_successor=lambda: workers.start(order.tenant, order.contact_id, order.generation + 1),
    )
