"""What an audio worker hears, says and suffers, as metrics. It works the same whether somebody counts or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.core.metrics import measure
from sotto.core.metrics.recorder import Metrics
from sotto.core.metrics.stages import RECOGNISE
from sotto.media.isolation import Ownership
from sotto.media.stereo import SAMPLE_RATE_HZ, StereoChunk
from sotto.media.stream_reader import ConnectionCounts
from sotto.media.timeline import Resumption
from sotto.media.track_buffer import SampleCounts
from sotto.transcription.consented import ConsentPorts, transcribe_with_consent
from sotto.transcription.ports import (
    AudioStream,
    CallTime,
    Stamps,
    TranscriptionPorts,
    TranscriptSink,
    WorkerAssignment,
    WorkerOutcome,
)

LOOK_EVERY_MS = 1_000
_MINUTE_MS = 60_000


class _Placed(Protocol):
    @property
    def counts(self) -> dict[Speaker, SampleCounts]: ...


class CountedAudioStream(AudioStream, Protocol):
    @property
    def connections(self) -> ConnectionCounts: ...

    @property
    def timeline(self) -> _Placed: ...


class CountedAudioSource(Protocol):
    def listen(self, contact: Contact, resumption: Resumption) -> AbstractAsyncContextManager[CountedAudioStream]: ...


async def transcribe_measured(
    contact: Contact, order: WorkerAssignment, ports: TranscriptionPorts, consent: ConsentPorts, metrics: Metrics
) -> WorkerOutcome:
    """``transcribe_with_consent``; handovers, utterances and the run's end are counted."""
    handover = HandoverMetrics(order.start_successor, contact.tenant, metrics)
    listeners = MeasuredSink(ports.listeners, metrics, began_ms=contact.media_started_at_ms)
    outcome = await transcribe_with_consent(
        contact, replace(order, start_successor=handover.start), replace(ports, listeners=listeners), consent
    )
    handover.ended(outcome)
    metrics.add(measure.WORKERS_ENDED, tenant=contact.tenant, how=outcome.how)
    return outcome


class HandoverMetrics:
    """Orders to start a successor, and what became of them."""

    def __init__(self, start: Callable[[], None], tenant: str, metrics: Metrics) -> None:
        self._start = start
        self._tenant = tenant
        self._metrics = metrics
        self._ordered = False
        for outcome in ("ok", "failed", "fenced", "unfinished"):
            self._count(outcome, 0)

    def start(self) -> None:
        if self._ordered:
            self._count("failed")  # or it would not be ordered again
        self._ordered = False
        try:
            self._start()
        except Retryable:
            self._count("failed")
            raise
        self._ordered = True

    def ended(self, outcome: WorkerOutcome) -> None:
        """A successor that never took the contact, because its call ended first, is no failure; many of them say that
        the recogniser is too slow to catch up."""
        if outcome.how == "finished" and self._ordered:
            self._count("unfinished")
        elif outcome.how == "superseded" and (self._ordered or outcome.utterances):
            self._count("ok" if self._ordered else "fenced")

    def _count(self, outcome: str, by: int = 1) -> None:
        self._metrics.add(measure.HANDOVERS, by, tenant=self._tenant, outcome=outcome)


class MeasuredAudioSource:
    def __init__(self, ears: CountedAudioSource, metrics: Metrics, clock: Clock) -> None:
        self._ears = ears
        self._metrics = metrics
        self._clock = clock

    def listen(self, contact: Contact, resumption: Resumption) -> AbstractAsyncContextManager[AudioStream]:
        return self._listening(contact, resumption)

    @asynccontextmanager
    async def _listening(self, contact: Contact, resumption: Resumption) -> AsyncIterator[AudioStream]:
        async with self._ears.listen(contact, resumption) as hearing:
            measured = MeasuredAudioStream(hearing, contact, self._metrics, self._clock)
            try:
                yield measured
            finally:
                measured.look()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What had been told when we looked last."""

    opened: int = 0
    failed: int = 0
    foreign: int = 0
    filled: int = 0


class MeasuredAudioStream:
    """A AudioStream whose connections and delay are told once a second of call time."""

    def __init__(self, hearing: CountedAudioStream, contact: Contact, metrics: Metrics, clock: Clock) -> None:
        self._hearing = hearing
        self._contact = contact
        self._metrics = metrics
        self._clock = clock
        self._seen = _Seen()
        self._heard_ms = 0.0
        self._minute = -1

    async def __aiter__(self) -> AsyncIterator[StereoChunk]:
        next_look_ms = 0.0
        async for chunk in self._hearing:
            yield chunk
            self._heard_ms += chunk.end_ms - chunk.start_ms
            if chunk.end_ms >= next_look_ms:
                next_look_ms = chunk.end_ms + LOOK_EVERY_MS
                delay_ms = self._clock.now_ms() - (self._contact.media_started_at_ms + chunk.end_ms)
                self._add(measure.CHUNK_DELAY, max(0.0, delay_ms))
                self.look()

    def verdict(self, start_ms: float, end_ms: float) -> Ownership:
        return self._hearing.verdict(start_ms, end_ms)

    async def settled(self, start_ms: float, end_ms: float) -> Ownership:
        return await self._hearing.settled(start_ms, end_ms)

    def resumption_at(self, sample: int) -> Resumption:
        return self._hearing.resumption_at(sample)

    def contact_ended(self) -> None:
        self._hearing.contact_ended()

    def look(self) -> None:
        before, now = self._seen, self._now()
        self._add(measure.MEDIA_CONNECTIONS, now.opened - before.opened)
        self._add(measure.MEDIA_RECONNECTS, max(0, now.opened - 1) - max(0, before.opened - 1))
        self._add(measure.MEDIA_FAILURES, now.failed - before.failed)
        self._add(measure.FOREIGN_FRAGMENTS, now.foreign - before.foreign)
        self._add(measure.MEDIA_GAPS, (now.filled - before.filled) / SAMPLE_RATE_HZ)
        self._add(measure.AUDIO_RECEIVED, self._heard_ms / 1000)
        self._seen, self._heard_ms = now, 0.0
        minute = int(self._clock.now_ms()) // _MINUTE_MS
        if minute != self._minute:
            self._minute = minute
            self._add(measure.LIVE_CALLS, 1)

    def _now(self) -> _Seen:
        counts = self._hearing.connections
        filled = sum(side.filled for side in self._hearing.timeline.counts.values())
        return _Seen(counts.opened, counts.failed, counts.foreign_fragments, filled)

    def _add(self, what: measure.Measure, value: float) -> None:
        self._metrics.add(what, value, tenant=self._contact.tenant)


class MeasuredSink:
    """TranscriptSink. ``began_ms`` (Unix epoch): when call time began, None where that is not known exactly."""

    def __init__(self, listeners: TranscriptSink, metrics: Metrics, *, began_ms: float | None = None) -> None:
        self._listeners = listeners
        self._metrics = metrics
        self._began_ms = began_ms

    def publish(self, utterance: Utterance) -> None:
        self._listeners.publish(utterance)
        if utterance.is_final:
            tenant = utterance.tenant
            self._metrics.add(measure.UTTERANCES, tenant=tenant, speaker=utterance.speaker.value)
            for span in utterance.private:
                self._metrics.add(measure.REDACTIONS, tenant=tenant, kind=span.kind)

    def ask_guidance(self, utterance: Utterance, stamps: Stamps) -> None:
        if self._began_ms is not None and "received" in stamps:
            spoken_ms = self._began_ms + utterance.end_ms
            stamps = stamps | {"spoken": spoken_ms}
            if utterance.is_final:
                recognise_ms = max(0.0, stamps["received"] - spoken_ms)
                self._metrics.add(measure.STAGE_LATENCY, recognise_ms, tenant=utterance.tenant, stage=RECOGNISE)
        self._listeners.ask_guidance(utterance, stamps)

    def tick(self, contact: Contact, time: CallTime) -> None:
        self._listeners.tick(contact, time)
