"""The providers of text, in a tenant's order, behind one that outlives them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from sotto.core.metrics.measure import AUDIO_REPLAYED, RECOGNISER_LOST, TRANSCRIPT_STALLED
from sotto.core.once import once
from sotto.wiring.delivery import panel
from sotto.wiring.process import client, clock, logger, metrics
from sotto.wiring.settings import MissingSetting, Settings, settings
from sotto.wiring.stores import books

if TYPE_CHECKING:
    from sotto.core.circuit_breaker import CircuitBreaker
    from sotto.recognition.recogniser import Recogniser
    from sotto.recognition.watchdog import Stalled, WatchedRecogniser


PROVIDER_FAILURES = 3


PROVIDER_REST_MS = 30_000


RecogniserFactory = Callable[[Settings], "Recogniser"]


_recognisers: dict[str, RecogniserFactory] = {}


def register_recogniser(name: str, factory: RecogniserFactory) -> None:
    """Make another provider known under ``name``; tenants name it in ``recognisers``."""
    _recognisers[name] = factory
    recogniser.cache_clear()


@once
def recogniser(name: str) -> Recogniser:
    """Raises MissingSetting for a name that is not known."""
    if name in _recognisers:
        return _recognisers[name](settings())
    if name == "embedded":
        from sotto.recognition.adapters.pocketsphinx import PocketsphinxRecogniser

        return PocketsphinxRecogniser()
    if name == "transcript":
        from sotto.recognition.adapters.transcript import TranscriptRecogniser

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

    from sotto.recognition.adapters.transcribe import TranscribeRecogniser

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
    from sotto.aws.secrets import SecretsManagerKey
    from sotto.recognition.adapters.deepgram import URL, DeepgramRecogniser

    secret = settings().deepgram_secret
    if secret is None:
        raise MissingSetting("environment variable SOTTO_DEEPGRAM_SECRET is not set: the secret with Deepgram's key")
    key = SecretsManagerKey(client("secretsmanager"), secret, clock())
    return DeepgramRecogniser(key, clock=clock(), url=settings().deepgram_url or URL)


@once
def provider_breaker(name: str) -> CircuitBreaker:
    """Shared by the calls of this process: a provider that is down is not tried first by each of them."""
    from sotto.core.circuit_breaker import CircuitBreaker

    return CircuitBreaker(clock(), failures=PROVIDER_FAILURES, open_ms=PROVIDER_REST_MS)


@once
def alarms() -> ThreadPoolExecutor:
    """Where health is told, so that audio never waits for it."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")


def stall_alarm() -> Callable[[Stalled], None]:
    """A log event, a metric that an alarm watches, and a line on the agent's screen."""
    from sotto.realtime.health import publish_stall

    log = logger("transcribe_call")

    def alarm(stalled: Stalled) -> None:
        extra = {"provider": stalled.provider, "speaker": stalled.speaker, "speech_ms": stalled.speech_ms}
        log.error("transcript stalled", extra=extra)
        metrics().add(TRANSCRIPT_STALLED, tenant=stalled.tenant, provider=stalled.provider)
        alarms().submit(publish_stall, stalled, panel("transcribe_call"))

    return alarm


def failover_recogniser(tenant: str) -> WatchedRecogniser:
    """The tenant's providers in its order of preference, behind one that outlives their sockets and is watched."""
    from sotto.recognition.failover import FailoverRecogniser, Reopened
    from sotto.recognition.watchdog import WatchedRecogniser

    log = logger("transcribe_call")

    def reopened(lost: Reopened) -> None:
        extra = {"provider": lost.provider, "reason": lost.reason, "replayed_ms": lost.replayed_ms}
        log.warning("recogniser lost", extra=extra)
        metrics().add(RECOGNISER_LOST, tenant=tenant, provider=lost.provider)
        metrics().add(AUDIO_REPLAYED, lost.replayed_ms, tenant=tenant, provider=lost.provider)

    found = _providers(tenant, log)
    steady = FailoverRecogniser(
        found,
        clock=clock(),
        on_reopen=reopened,
        breaker_of=provider_breaker,
    )
    for provider in found:
        metrics().add(RECOGNISER_LOST, 0, tenant=tenant, provider=provider.name)
    metrics().add(TRANSCRIPT_STALLED, 0, tenant=tenant, provider=steady.name)
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
