"""The providers of text, in a tenant's order, behind one that outlives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from sotto.core.built import built, built_per_name
from sotto.core.errors import SottoError
from sotto.core.metrics.measure import AUDIO_REPLAYED, RECOGNISER_LOST, TRANSCRIPT_STALLED
from sotto.core.residency import OutsideResidency
from sotto.core.settings import AwsRegion, MissingSetting, Recognition
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.core.circuit_breaker import CircuitBreaker
    from sotto.recognition.adapters.self_hosted.link import Links
    from sotto.recognition.failover import Reopened
    from sotto.recognition.recogniser import Recogniser
    from sotto.recognition.watchdog import Stalled, WatchedRecogniser

PROVIDER_FAILURES = 3
PROVIDER_REST_MS = 30_000
RecogniserFactory = Callable[[], "Recogniser"]


class RecogniserParts(PanelParts):
    @built
    def recogniser_factories(self) -> Mapping[str, RecogniserFactory]:
        """Providers by the names that tenants give in ``recognisers``. To know another one, give ``Sotto`` these and
        its own."""
        return {
            "embedded": self._embedded,
            "transcript": self._transcript,
            "transcribe": self._transcribe,
            "deepgram": self._deepgram,
            "self_hosted": self._self_hosted,
        }

    @built_per_name
    def recogniser(self, name: str) -> Recogniser:
        """Raises MissingSetting for a name that is not known."""
        factories = self.recogniser_factories
        if name not in factories:
            raise MissingSetting(f"recogniser {name!r} is not known; known are: {', '.join(sorted(factories))}")
        return factories[name]()

    @built_per_name
    def provider_breaker(self, name: str) -> CircuitBreaker:
        """Shared by the calls of this process: a provider that is down is not tried first by each of them."""
        from sotto.core.circuit_breaker import CircuitBreaker

        return CircuitBreaker(self.clock, failures=PROVIDER_FAILURES, open_ms=PROVIDER_REST_MS)

    @built
    def alarms(self) -> ThreadPoolExecutor:
        """Where panels are told of health, so that audio never waits for it."""
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")

    def failover_recogniser(self, tenant: str) -> WatchedRecogniser:
        """The tenant's providers in its order of preference, behind one that outlives their sockets and is watched."""
        from sotto.recognition.failover import FailoverRecogniser
        from sotto.recognition.quality import RecognitionQuality
        from sotto.recognition.watchdog import WatchedRecogniser

        found = self._providers(tenant)
        recogniser = FailoverRecogniser(
            found,
            clock=self.clock,
            on_reopen=lambda lost: self._provider_lost(tenant, lost),
            on_result=RecognitionQuality(self.metrics, tenant).note,
            breaker_of=self.provider_breaker,
        )
        for provider in found:
            self.metrics.add(RECOGNISER_LOST, 0, tenant=tenant, provider=provider.name)
        self.metrics.add(TRANSCRIPT_STALLED, 0, tenant=tenant, provider=recogniser.name)
        return WatchedRecogniser(recogniser, self.stall_alarm, self.clock)

    def stall_alarm(self, stalled: Stalled) -> None:
        """A log event, a metric that an alarm watches, and a line on the agent's screen."""
        from sotto.realtime.health import publish_stall

        extra = {"provider": stalled.provider, "speaker": stalled.speaker, "speech_ms": stalled.speech_ms}
        self.logger("transcribe_call").error("transcript stalled", extra=extra)
        self.metrics.add(TRANSCRIPT_STALLED, tenant=stalled.tenant, provider=stalled.provider)
        self.alarms.submit(publish_stall, stalled, self.panel("transcribe_call"))

    def _provider_lost(self, tenant: str, lost: Reopened) -> None:
        extra = {"provider": lost.provider, "reason": lost.reason, "replayed_ms": lost.replayed_ms}
        self.logger("transcribe_call").warning("recogniser lost", extra=extra)
        self.metrics.add(RECOGNISER_LOST, tenant=tenant, provider=lost.provider)
        self.metrics.add(AUDIO_REPLAYED, lost.replayed_ms, tenant=tenant, provider=lost.provider)

    def _providers(self, tenant: str) -> list[Recogniser]:
        """Those that this deployment has and the tenant's residency admits; one that lacks a setting must not cost a
        call that another can transcribe. Raises MissingSetting or OutsideResidency when there is none."""
        chosen = self.settings.of(Recognition).recogniser
        order = (chosen,) if chosen else self.books.current(tenant).settings.recognisers
        found: list[Recogniser] = []
        missing: SottoError = MissingSetting(f"tenant {tenant} names no recogniser")
        for name in filter(None, order):
            try:
                self.refuse_outside(tenant, name, self._place(name))
                found.append(self.recogniser(name))
            except (MissingSetting, OutsideResidency) as error:
                extra = {"provider": name, "problem": str(error)}
                self.logger("transcribe_call").error("recogniser not set up", extra=extra)
                missing = error
        if not found:
            raise missing
        return found

    def _place(self, name: str) -> str:
        """Where speech goes: the host of a provider that is elsewhere, or where this function runs."""
        settings = self.settings.of(Recognition)
        elsewhere = {"deepgram": settings.deepgram_url, "self_hosted": settings.self_hosted or ""}.get(name, "")
        return elsewhere if "://" in elsewhere else self.settings.of(AwsRegion).region

    def _embedded(self) -> Recogniser:
        from sotto.recognition.adapters.whisper.recogniser import WhisperRecogniser

        return WhisperRecogniser()

    def _transcript(self) -> Recogniser:
        from sotto.recognition.adapters.transcript import TranscriptRecogniser

        folder = self.settings.of(Recognition).transcripts
        if folder is None:
            raise MissingSetting("environment variable SOTTO_TRANSCRIPTS is not set: the folder of transcripts to read")
        return TranscriptRecogniser(lambda contact_id: folder / f"{contact_id}.jsonl")

    def _transcribe(self) -> Recogniser:
        """Amazon Transcribe with the function's own role."""
        from sotto.recognition.adapters.transcribe import TranscribeRecogniser

        return TranscribeRecogniser(
            self._own_credentials,
            region=self.settings.of(AwsRegion).region,
            clock=self.clock,
            endpoint=self.settings.of(Recognition).transcribe_endpoint,
            vocabularies=self.settings.of(Recognition).transcribe_vocabularies,
        )

    def _own_credentials(self) -> Any:
        """Of the function's own role; they are renewed as they age. Raises NoCredentialsError."""
        from botocore.exceptions import NoCredentialsError

        found = self.session.get_credentials()
        if found is None:
            raise NoCredentialsError
        return found.get_frozen_credentials()

    def _self_hosted(self) -> Recogniser:
        """Raises MissingSetting when nothing says where it is."""
        from sotto.call.language import LanguageSet
        from sotto.recognition.adapters.self_hosted.recogniser import SelfHostedRecogniser

        settings = self.settings.of(Recognition)
        if settings.self_hosted is None:
            raise MissingSetting(
                "environment variable SOTTO_SELF_HOSTED_RECOGNISER is not set: a SageMaker endpoint or wss://host"
            )
        languages = LanguageSet(tuple(filter(None, settings.self_hosted_languages.split(","))))
        return SelfHostedRecogniser(self._links(settings.self_hosted), clock=self.clock, languages=languages)

    def _links(self, address: str) -> Links:
        from sotto.aws.secrets import SecretsManagerKey
        from sotto.recognition.adapters.self_hosted.sagemaker import SageMakerLinks
        from sotto.recognition.adapters.self_hosted.websocket import WebSocketLinks

        settings = self.settings.of(Recognition)
        if "://" in address:
            secret = settings.self_hosted_secret
            key = SecretsManagerKey(self.client("secretsmanager"), secret, self.clock) if secret else None
            return WebSocketLinks(address, key=key)
        return SageMakerLinks(
            address,
            self._own_credentials,
            region=self.settings.of(AwsRegion).region,
            clock=self.clock,
            address=settings.sagemaker_streams,
        )

    def _deepgram(self) -> Recogniser:
        """Raises MissingSetting when no secret is named."""
        from sotto.aws.secrets import SecretsManagerKey
        from sotto.recognition.adapters.deepgram import DeepgramRecogniser

        settings = self.settings.of(Recognition)
        if settings.deepgram_secret is None:
            raise MissingSetting(
                "environment variable SOTTO_DEEPGRAM_SECRET is not set: the secret with Deepgram's key"
            )
        key = SecretsManagerKey(self.client("secretsmanager"), settings.deepgram_secret, self.clock)
        return DeepgramRecogniser(key, clock=self.clock, url=settings.deepgram_url)
