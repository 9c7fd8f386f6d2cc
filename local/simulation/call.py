"""One call in virtual time, transcribed by real audio workers that are started, retried and killed as Lambda would."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from local.audio_tap import AudioTap
from local.aws.kinesis_video.muxer import StoredFragment, StreamShape, fragments_of
from local.aws.kinesis_video.stream import LiveStream, play
from local.simulation.consents import ConsentsInMemory
from local.simulation.leases import LeasesInMemory
from local.simulation.media import StreamInMemory
from local.simulation.virtual_time import EPOCH_MS, VirtualClock
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.consent.decisions import ConsentPorts
from sotto.media.audio_source import MediaAudioSource
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.recognition.failover import FailoverRecogniser
from sotto.recognition.recogniser import Recogniser
from sotto.recognition.replay_buffer import RetryPolicy
from sotto.redaction.engine import ConversationRedactor
from sotto.tenants.consent_rule import ConsentRule
from sotto.tenants.redaction_rules import RedactionRules
from sotto.transcription.lease.lease import Leases
from sotto.transcription.ports import (
    CallTime,
    SessionPorts,
    Stamps,
    TranscriptionPorts,
    WorkerAssignment,
    WorkerOutcome,
)
from sotto.transcription.worker import transcribe

STARTED_MS = int(EPOCH_MS)
MOST_RUNS = 200


@dataclass
class RecordingSink:
    """TranscriptSink that keeps what it was sent."""

    published: list[Utterance] = field(default_factory=list)
    guided: list[Utterance] = field(default_factory=list)
    ticks: list[CallTime] = field(default_factory=list)

    def publish(self, utterance: Utterance) -> None:
        self.published.append(utterance)

    def ask_guidance(self, utterance: Utterance, stamps: Stamps) -> None:
        self.guided.append(utterance)

    def tick(self, contact: Contact, time: CallTime) -> None:
        self.ticks.append(time)


@dataclass(frozen=True, slots=True)
class Plan:
    """``worker_limit_s``: hand over this often, ``most_handovers`` times. ``retry_after_s``: how long Lambda waits
    before it runs a failed worker again. ``cold_start_s``: until a worker's first line runs."""

    audio: bytes
    transcript: Path
    worker_limit_s: float = float("inf")
    most_handovers: int = 1_000_000
    retry_after_s: float = 1.0
    cold_start_s: float = 0.5
    shape: StreamShape | None = None


class SimulatedCall:
    """Make it inside the virtual loop. ``workers`` are the runs under way, the oldest first."""

    def __init__(
        self,
        plan: Plan,
        *,
        leases: Leases | None = None,
        recogniser: Callable[[Recogniser], Recogniser] = lambda inner: inner,
        fragments: Iterable[StoredFragment] | None = None,
    ) -> None:
        """``fragments`` instead of the plan's audio, for streams that are not one whole call."""
        self.plan = plan
        self.clock = VirtualClock()
        self.stored = LeasesInMemory()
        self.sink = RecordingSink()
        self.consents = ConsentsInMemory()
        self.tap = AudioTap()
        self.contact = Contact("harbour_bank", "simulated", "arn", "stream", STARTED_MS)
        self.stream = LiveStream("stream")
        self.outcomes: list[WorkerOutcome] = []
        self.errors: list[BaseException] = []
        self._retrying = 0
        self.workers: list[asyncio.Task[WorkerOutcome]] = []
        self._fragments = fragments if fragments is not None else fragments_of_call(plan, self.contact.contact_id)
        self._orders = itertools.count(1)
        self._tasks: asyncio.TaskGroup | None = None
        provider = recogniser(TranscriptRecogniser(lambda contact_id: plan.transcript))
        self.ports = TranscriptionPorts(
            source=MediaAudioSource(StreamInMemory(self.stream, self.clock), self.clock),
            recogniser=FailoverRecogniser(
                [self.tap.on(provider)], clock=self.clock, retry=RetryPolicy(most_failures=1_000)
            ),
            session=SessionPorts(
                redactor=lambda contact: ConversationRedactor(RedactionRules()),
                consent=ConsentPorts(lambda tenant: ConsentRule(), self.consents, self.clock),
                leases=leases or self.stored,
                clock=self.clock,
            ),
            sink=self.sink,
        )

    @property
    def utterances(self) -> list[Utterance]:
        return self.stored.utterances(self.contact.tenant, self.contact.contact_id)

    async def run(self, *happenings: Callable[[SimulatedCall], Coroutine[Any, Any, None]]) -> None:
        """Play the call to its end; ``happenings`` are coroutine functions that run beside it."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self.start(1)
            side = [tasks.create_task(happening(self)) for happening in happenings]
            await play(self.stream, self._fragments, self.clock)
            while any(not worker.done() for worker in self.workers) or self._retrying:
                await self.clock.sleep_ms(100)
            for task in side:
                task.cancel()

    def start(self, generation: int, *, ports: TranscriptionPorts | None = None) -> asyncio.Task[None]:
        """Invoke a worker asynchronously: a new request, retried as long as it fails."""
        assert self._tasks is not None
        return self._tasks.create_task(self.deliver(f"request-{next(self._orders)}", generation, ports or self.ports))

    async def deliver(self, request: str, generation: int, ports: TranscriptionPorts) -> None:
        """One asynchronous event, with its retries."""
        self._retrying += 1
        try:
            await self.clock.sleep_ms(self.plan.cold_start_s * 1000)
            for _ in range(MOST_RUNS):
                if await self._one_run(request, generation, ports):
                    return
                await self.clock.sleep_ms(self.plan.retry_after_s * 1000)
        finally:
            self._retrying -= 1

    async def transcribing(self, contact: Contact, order: WorkerAssignment, ports: TranscriptionPorts) -> WorkerOutcome:
        """What a worker does."""
        return await transcribe(contact, order, ports)

    async def _one_run(self, request: str, generation: int, ports: TranscriptionPorts) -> bool:
        limit_s = self.plan.worker_limit_s if generation <= self.plan.most_handovers else float("inf")
        order = WorkerAssignment(
            worker=request,
            generation=generation,
            until_ms=self.clock.monotonic_ms() + limit_s * 1000,
            start_successor=lambda: self._start_from_thread(generation + 1),
        )
        worker = asyncio.ensure_future(self.transcribing(self.contact, order, ports))
        self.workers.append(worker)
        await asyncio.wait({worker})
        self.workers.remove(worker)
        if worker.cancelled():
            return False
        if (error := worker.exception()) is not None:
            self.errors.append(error)
            return False
        self.outcomes.append(worker.result())
        return True

    def _start_from_thread(self, generation: int) -> None:
        self.start(generation)

    def kill(self) -> int:
        """Crash every worker; returns how many. What its threads have under way is still done."""
        running = list(self.workers)
        for worker in running:
            worker.cancel()
        return len(running)


def fragments_of_call(plan: Plan, contact_id: str) -> Iterator[StoredFragment]:
    return fragments_of(
        plan.audio, contact_id=contact_id, instance_id="instance", started_at_ms=STARTED_MS, shape=plan.shape
    )


def finals(utterances: Sequence[Utterance]) -> list[Utterance]:
    """What must be the same however a call was cut."""
    return [replace(each, confidence=1.0) for each in utterances if each.is_final]
