"""A WorkerObserver that counts: what an audio worker reads, commits and suffers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.core.metrics import measure
from sotto.core.metrics.recorder import Metrics
from sotto.core.metrics.stages import RECOGNISE
from sotto.media.stereo import SAMPLE_RATE_HZ, StereoChunk
from sotto.media.stream_reader import ConnectionCounts
from sotto.media.track_buffer import SampleCounts
from sotto.transcription.ports import WorkerOutcome

LOOK_EVERY_MS = 1_000
_MINUTE_MS = 60_000


class _Timeline(Protocol):
    @property
    def counts(self) -> dict[Speaker, SampleCounts]: ...


class CountedStream(Protocol):
    """A stream that counts its connections and its samples."""

    @property
    def connections(self) -> ConnectionCounts: ...

    @property
    def timeline(self) -> _Timeline: ...


@dataclass(frozen=True, slots=True)
class _Seen:
    """What had been counted when we looked last."""

    opened: int = 0
    failed: int = 0
    foreign: int = 0
    filled: int = 0


class MetricsObserver:
    """For one worker's run, or for text alone for any number of contacts. Connections and delay are counted once a
    second of call time."""

    def __init__(self, metrics: Metrics, clock: Clock) -> None:
        self._metrics = metrics
        self._clock = clock
        self._seen = _Seen()
        self._read_ms = 0.0
        self._next_look_ms = 0.0
        self._minute = -1
        self._ordered = False

    def began(self, contact: Contact) -> None:
        for outcome in ("ok", "failed", "fenced", "unfinished"):
            self._handover(contact, outcome, 0)

    def chunk_read(self, contact: Contact, chunk: StereoChunk, stream: CountedStream) -> None:
        self._read_ms += chunk.end_ms - chunk.start_ms
        if chunk.end_ms >= self._next_look_ms:
            self._next_look_ms = chunk.end_ms + LOOK_EVERY_MS
            delay_ms = self._clock.now_ms() - (contact.media_started_at_ms + chunk.end_ms)
            self._metrics.add(measure.CHUNK_DELAY, max(0.0, delay_ms), tenant=contact.tenant)
            self.stream_ended(contact, stream)

    def stream_ended(self, contact: Contact, stream: CountedStream) -> None:
        before, now = self._seen, _counted(stream)
        for what, value in (
            (measure.MEDIA_CONNECTIONS, now.opened - before.opened),
            (measure.MEDIA_RECONNECTS, max(0, now.opened - 1) - max(0, before.opened - 1)),
            (measure.MEDIA_FAILURES, now.failed - before.failed),
            (measure.FOREIGN_FRAGMENTS, now.foreign - before.foreign),
            (measure.MEDIA_GAPS, (now.filled - before.filled) / SAMPLE_RATE_HZ),
            (measure.AUDIO_RECEIVED, self._read_ms / 1000),
        ):
            self._metrics.add(what, value, tenant=contact.tenant)
        self._seen, self._read_ms = now, 0.0
        minute = int(self._clock.now_ms()) // _MINUTE_MS
        if minute != self._minute:
            self._minute = minute
            self._metrics.add(measure.LIVE_CALLS, 1, tenant=contact.tenant)

    def committed(self, utterance: Utterance, *, recognised_in_ms: float | None) -> None:
        tenant = utterance.tenant
        self._metrics.add(measure.UTTERANCES, tenant=tenant, speaker=utterance.speaker.value)
        for span in utterance.private:
            self._metrics.add(measure.REDACTIONS, tenant=tenant, kind=span.kind)
        if recognised_in_ms is not None:
            self._metrics.add(measure.STAGE_LATENCY, recognised_in_ms, tenant=tenant, stage=RECOGNISE)

    def successor_ordered(self, contact: Contact) -> None:
        if self._ordered:
            self._handover(contact, "failed")  # or it would not have been ordered again
        self._ordered = True

    def successor_failed(self, contact: Contact) -> None:
        self._handover(contact, "failed")
        if self._ordered:
            self._handover(contact, "failed")  # the one ordered before did not take over either
        self._ordered = False

    def ended(self, contact: Contact, outcome: WorkerOutcome) -> None:
        """A successor that never took the contact, because its call ended first, is no matter."""
        if outcome.how == "superseded" and (self._ordered or outcome.utterances):
            self._handover(contact, "ok" if self._ordered else "fenced")
        elif outcome.how == "finished" and self._ordered:
            self._handover(contact, "unfinished")
        self._metrics.add(measure.WORKERS_ENDED, tenant=contact.tenant, how=outcome.how)

    def _handover(self, contact: Contact, outcome: str, by: int = 1) -> None:
        self._metrics.add(measure.HANDOVERS, by, tenant=contact.tenant, outcome=outcome)


def _counted(stream: CountedStream) -> _Seen:
    counts = stream.connections
    filled = sum(side.filled for side in stream.timeline.counts.values())
    return _Seen(counts.opened, counts.failed, counts.foreign_fragments, filled)
