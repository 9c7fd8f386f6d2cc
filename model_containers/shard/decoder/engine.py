"""Generation for many callers: admission at every step, turns between tenants, streams, cancellation, deadlines."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Protocol

from model_containers.shard.adapters.slots import Slot
from model_containers.shard.adapters.store import AdapterStore
from model_containers.shard.decoder.base_model import BaseModel
from model_containers.shard.decoder.decoder import Decoder
from model_containers.shard.decoder.prefixes import Prefixes
from model_containers.shard.decoder.request import GenerationRequest
from model_containers.shard.decoder.sequence import DecodingSequence, Finish
from model_containers.shard.fairness import FairQueue, Full
from model_containers.shard.protocol.errors import NoRoom
from sotto.core.clock import Clock
from sotto.core.errors import Degraded, Retryable

log = logging.getLogger(__name__)

SHARED_TENANT = "shared"
ROOM_PATIENCE_MS = 2_000.0
_QUANTUM_TOKENS = 512.0


class Overloaded(Retryable):
    """Too many wait."""


class TooLate(Degraded):
    """The deadline passed, or would pass before the first token."""


class GenerationFailed(Retryable):
    """The model failed in the middle of a batch; the next one starts afresh."""


@dataclass(frozen=True, slots=True)
class GeneratedText:
    """Some text; the last piece says how it ended."""

    text: str
    finish: Finish | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0


class TextEngine(Protocol):
    """What the faces need of a generator, ours or another."""

    def generate(
        self, request: GenerationRequest, *, adapter: str | None, deadline_ms: float
    ) -> AsyncGenerator[GeneratedText, None]:
        """``adapter``: the address of its package, None for the base alone. ``deadline_ms``: on the clock's monotonic
        scale. Closing the iterator cancels. Raises Rejected, NoRoom, Overloaded, TooLate."""
        ...


@dataclass(eq=False, slots=True)
class _Job:
    """``text``: moved out of the sequence between steps, because the step's thread writes there."""

    sequence: DecodingSequence
    deadline_ms: float
    text: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class GenerationEngine:
    """``run`` owns the decoder; ``generate`` only queues and waits. One event loop."""

    def __init__(
        self,
        base: BaseModel,
        decoder: Decoder,
        store: AdapterStore,
        clock: Clock,
        executor: Executor,
        *,
        most_waiting: int = 256,
    ) -> None:
        self._base = base
        self._decoder = decoder
        self._store = store
        self._clock = clock
        self._executor = executor
        self._waiting: FairQueue[_Job] = FairQueue(quantum=_QUANTUM_TOKENS, most=most_waiting)
        self._jobs: dict[DecodingSequence, _Job] = {}
        self._work = asyncio.Event()
        self.step_ms = 0.0
        self.steps = 0
        self._began_ms: float | None = None

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def busy_ms(self) -> float:
        """How long the step under way has taken by now; 0 when there is none."""
        return 0.0 if self._began_ms is None else self._clock.monotonic_ms() - self._began_ms

    @property
    def prefixes(self) -> Prefixes:
        return self._decoder.prefixes

    @property
    def running(self) -> int:
        return len(self._jobs)

    async def generate(
        self, request: GenerationRequest, *, adapter: str | None, deadline_ms: float
    ) -> AsyncGenerator[GeneratedText, None]:
        sequence = self._base.sequence(request, longest=self._decoder.longest)
        self._refuse_late(deadline_ms)
        tenant = request.tenant or SHARED_TENANT  # who says nothing is nobody's, and not the adapter's owner
        slot = await self._hold(adapter, tenant, deadline_ms) if adapter else None
        try:
            if slot is not None:
                sequence.placement = slot.placement
            sequence.owner = slot.card.tenant if slot else tenant
            job = _Job(sequence, deadline_ms)
            self._enqueue(sequence.owner, job)
            try:
                async for piece in self._pieces(job):
                    yield piece
            finally:
                await self._end(job)
        finally:
            if slot is not None:
                self._store.let_go(slot)

    async def run(self) -> None:
        """Steps until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._work.wait()
            admitted = self._admitted()
            if not admitted and self._decoder.idle:
                self._work.clear()
                continue
            began = self._began_ms = self._clock.monotonic_ms()
            step = loop.run_in_executor(self._executor, self._step, admitted)
            try:
                await asyncio.shield(step)
            except asyncio.CancelledError:
                await asyncio.wait([step])
                raise
            except Exception as error:
                log.error("a step failed: %s", type(error).__name__)
                self._fail()
            finally:
                self._began_ms = None
            self._note_step(self._clock.monotonic_ms() - began)
            self._deliver()

    def _admitted(self) -> list[DecodingSequence]:
        room = self._decoder.room
        jobs = [job for job in self._waiting.take(room) if job.sequence.finish is None] if room else []
        self._jobs.update((job.sequence, job) for job in jobs)
        return [job.sequence for job in jobs]

    def _step(self, admitted: list[DecodingSequence]) -> None:
        """In the model's thread."""
        if admitted:
            self._decoder.admit(admitted)
        self._decoder.advance()

    def _deliver(self) -> None:
        """Between steps, when nobody else writes to the sequences."""
        now = self._clock.monotonic_ms()
        for job in [*self._jobs.values(), *self._waiting]:
            sequence = job.sequence
            if sequence.finish is None and now >= job.deadline_ms:
                sequence.finish = "deadline"
            job.text += sequence.taken()
            if sequence.finish is not None and sequence not in self._decoder:
                self._jobs.pop(sequence, None)
            if job.text or sequence.finish is not None:
                job.changed.set()

    def _fail(self) -> None:
        self._decoder.abandon()
        for sequence in self._jobs:
            sequence.finish = sequence.finish or "error"

    def _note_step(self, took_ms: float) -> None:
        self.steps += 1
        self.step_ms = took_ms if self.steps == 1 else 0.9 * self.step_ms + 0.1 * took_ms

    def _enqueue(self, tenant: str, job: _Job) -> None:
        cost = len(job.sequence.prompt) + job.sequence.most_tokens
        try:
            self._waiting.put(tenant, job, cost=cost)
        except Full:
            raise Overloaded("too many texts are waiting to be generated: try again shortly") from None
        self._work.set()

    async def _pieces(self, job: _Job) -> AsyncGenerator[GeneratedText, None]:
        sequence = job.sequence
        while sequence.finish is None or sequence in self._jobs or job.text:
            await job.changed.wait()
            job.changed.clear()
            if sequence.finish == "error":
                raise GenerationFailed("the model failed while it wrote this: try again")
            if sequence.finish == "deadline" and not sequence.tokens:
                raise TooLate("the deadline passed before the first token")
            if text := job.text:
                job.text = ""
                yield GeneratedText(text)
        yield GeneratedText("", sequence.finish, len(sequence.prompt), len(sequence.tokens))

    async def _end(self, job: _Job) -> None:
        """The rows are given back only when the decoder has dropped them: until then the adapter stays held."""
        if job.sequence.finish is None:
            job.sequence.finish = "cancelled"
        self._waiting.remove(job)
        while job.sequence in self._jobs:
            self._work.set()
            job.changed.clear()
            await job.changed.wait()

    async def _hold(self, adapter: str, tenant: str, deadline_ms: float) -> Slot:
        """Waits a little when every slot is in use: at the speed of generation one is soon let go."""
        until = min(deadline_ms, self._clock.monotonic_ms() + ROOM_PATIENCE_MS)
        while True:
            try:
                return await self._store.hold(adapter, tenant=tenant)
            except NoRoom:
                left_ms = until - self._clock.monotonic_ms()
                if left_ms <= 0:
                    raise
                await self._freed(left_ms)

    async def _freed(self, patience_ms: float) -> None:
        waiting = [asyncio.create_task(self._store.freed()), asyncio.create_task(self._clock.sleep_ms(patience_ms))]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    def _refuse_late(self, deadline_ms: float) -> None:
        left_ms = deadline_ms - self._clock.monotonic_ms()
        if left_ms <= self.step_ms:
            raise TooLate(f"{max(0.0, left_ms):.0f} ms are left and one step takes {self.step_ms:.0f} ms")
