"""One audio worker on one contact: hears the call, redacts it, settles what was said, and tells the rest of Sotto.

A successor begins without the lease: it hears from the last checkpoint on, keeping what it hears to itself, and takes
the lease only when it is level with the worker before it. From then on every final is stored in one transaction with
a check of the lease, so the worker that was superseded cannot write another word; it notices and stops.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.audio.isolation import Verdict
from sotto.audio.stereo import CHUNK_MS, StereoChunk
from sotto.clock import Clock
from sotto.contact.contact import Contact
from sotto.contact.lease import Checkpoint, Lease, LeaseLost, Leases
from sotto.privacy.redactor import Redacted, Redactor
from sotto.speech.outbox import Outbox
from sotto.speech.partials import PartialGate
from sotto.speech.recogniser import Recognised, Recogniser, RecogniserStream, Session
from sotto.speech.settled import unsettled_redacted
from sotto.speech.utterance import Utterance
from sotto.speech.utterances import UtteranceBuilder, UtterancesSoFar

RENEW_EVERY_MS = 5_000
RENEW_WHILE_HANDING_OVER_MS = 500
TICK_EVERY_MS = 2_000
LEVEL_EVERY_MS = 500
CONTEXT_MS = 15_000
"""A successor hears this much of what is settled already, so that its redactor knows what number was begun."""

Stamps = dict[str, float]
"""Stage name to Unix epoch ms at which the stage was done."""


class Hearing(Protocol):
    """The chunks of one contact, and whose words they turned out to be: streams are reused, and audio is fed to the
    recogniser before its ContactId is known."""

    def __aiter__(self) -> AsyncIterator[StereoChunk]: ...

    def verdict(self, start_ms: float, end_ms: float) -> Verdict:
        """Whose words these are (call time), as far as it is known."""
        ...

    async def settled(self, start_ms: float, end_ms: float) -> Verdict:
        """The same, once it is known."""
        ...


class Ears(Protocol):
    """Where the call's audio comes from."""

    def listen(self, contact: Contact, *, from_ms: int) -> AbstractAsyncContextManager[Hearing]:
        """Chunks from call time ``from_ms`` until the contact's audio ends."""
        ...


@dataclass(frozen=True, slots=True)
class CallTime:
    """How far a call is. ``spoken_until_ms``: the end of the latest speech known, partials included. ``last_seq``: the
    latest utterance sent to guidance."""

    call_time_ms: int
    spoken_until_ms: int = 0
    last_seq: int = 0


class Listeners(Protocol):
    """Whom a worker tells what it heard. Calls may block: they are made from threads. None raises."""

    def publish(self, utterance: Utterance) -> None:
        """Show a partial or a settled utterance to the agent."""
        ...

    def ask_guidance(self, utterance: Utterance, stamps: Stamps) -> None:
        """Have the inference graph run on a settled utterance, or on a partial that adds enough."""
        ...

    def tick(self, contact: Contact, time: CallTime) -> None:
        """Tell how far the call is, for rules about what was not said."""
        ...


@dataclass(frozen=True, slots=True)
class TranscriptionPorts:
    ears: Ears
    recogniser: Recogniser
    redactor: Callable[[Contact], Redactor]
    leases: Leases
    listeners: Listeners
    clock: Clock


@dataclass(frozen=True, slots=True)
class Assignment:
    """A worker's order. At ``until_ms`` (monotonic) it calls ``start_successor``, and stops when that one is level."""

    worker: str
    generation: int = 1
    until_ms: float = float("inf")
    start_successor: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a worker's run ended: ``finished``, ``superseded`` or ``not-needed``."""

    how: str
    generation: int
    utterances: int = 0
    overlap_ms: int = 0


async def transcribe(contact: Contact, order: Assignment, ports: TranscriptionPorts) -> Outcome:
    """Transcribe ``contact`` until its audio ends or another worker takes over.

    Raises RecogniserUnavailable when no provider is left and StorageUnavailable: started again, it carries on from
    the checkpoint.
    """
    run = _Run(contact, order, ports)
    if order.generation == 1 and not await run.take_lease(patiently=True):
        return Outcome("not-needed", order.generation)
    how = "finished"
    try:
        await run.to_the_end()
    except* LeaseLost:
        how = "superseded"
    return run.outcome(how)


class _Run:
    def __init__(self, contact: Contact, order: Assignment, ports: TranscriptionPorts) -> None:
        self._contact = contact
        self._order = order
        self._ports = ports
        self._clock = ports.clock
        self._redactor = ports.redactor(contact)
        self._builder = UtteranceBuilder(contact.tenant, contact.contact_id)
        self._partials = PartialGate()
        self._outbox = Outbox(ports.listeners)
        self._lease: Lease | None = None
        self._writing = asyncio.Lock()
        self._in_order = asyncio.Lock()
        self._kept: list[tuple[Redacted, Stamps]] = []
        self._heard_ms = 0
        self._spoken_until_ms = 0
        self._fragment = ""
        self._resumed_ms = 0
        self._overlap_ms = 0
        self._handing_over = False

    def outcome(self, how: str) -> Outcome:
        told = self._lease.checkpoint.utterances if self._lease else 0
        return Outcome(how, self._order.generation, told, self._overlap_ms)

    # The lease ------------------------------------------------------------------------------------------------------

    async def take_lease(self, *, patiently: bool = False) -> bool:
        """Take the lease. A worker of the same generation may be dead: wait until its lease runs out, and give up when
        it is renewed instead."""
        first_expiry: int | None = None
        while True:
            lease = await asyncio.to_thread(
                self._ports.leases.take,
                self._contact.tenant,
                self._contact.contact_id,
                owner=self._order.worker,
                generation=self._order.generation,
                now_ms=self._clock.now_ms(),
            )
            if lease is not None:
                self._lease = lease
                settled = UtterancesSoFar(lease.checkpoint.utterances, lease.checkpoint.settled_ms)
                self._builder = UtteranceBuilder(lease.tenant, lease.contact_id, resume=settled)
                return True
            held = await self._current_lease()
            if held is None or not patiently or held.generation > self._order.generation:
                return False
            first_expiry = first_expiry or held.expires_at_ms
            if held.expires_at_ms > first_expiry:
                return False
            await self._clock.sleep_ms(1_000)

    async def _current_lease(self) -> Lease | None:
        return await asyncio.to_thread(self._ports.leases.current, self._contact.tenant, self._contact.contact_id)

    async def _keep_lease(self) -> None:
        while True:
            await self._clock.sleep_ms(RENEW_WHILE_HANDING_OVER_MS if self._handing_over else RENEW_EVERY_MS)
            async with self._writing:
                if self._lease is None:
                    continue
                lease = replace(self._lease, checkpoint=self._checkpoint_now())
                self._lease = await asyncio.to_thread(self._ports.leases.renew, lease, now_ms=self._clock.now_ms())

    async def _hand_over_in_time(self) -> None:
        await self._clock.sleep_ms(max(0.0, self._order.until_ms - self._clock.monotonic_ms()))
        self._handing_over = True
        await asyncio.to_thread(self._order.start_successor)

    def _checkpoint_now(self) -> Checkpoint:
        assert self._lease is not None
        return replace(
            self._lease.checkpoint,
            heard_ms=self._heard_ms,
            resume_ms=int(self._builder.unsettled_from_ms(self._heard_ms)),
            fragment=self._fragment,
            overlap_ms=self._overlap_ms,
        )

    # The run --------------------------------------------------------------------------------------------------------

    async def to_the_end(self) -> None:
        before = self._lease or await self._current_lease()
        resume_ms = before.checkpoint.resume_ms if before else 0
        self._resumed_ms = max(0, resume_ms - CONTEXT_MS) // CHUNK_MS * CHUNK_MS
        session = Session(
            self._contact.tenant, self._contact.contact_id, self._contact.language, offset_ms=self._resumed_ms
        )
        async with asyncio.TaskGroup() as tasks:
            side_tasks = [tasks.create_task(self._keep_lease()), tasks.create_task(self._outbox.deliver())]
            if self._order.until_ms != float("inf"):
                side_tasks.append(tasks.create_task(self._hand_over_in_time()))
            async with (
                self._ports.ears.listen(self._contact, from_ms=self._resumed_ms) as hearing,
                self._ports.recogniser.open(session) as stream,
                asyncio.TaskGroup() as both,
            ):
                both.create_task(self._feed(hearing, stream))
                both.create_task(self._hear(hearing, stream))
            await self._finish()
            for task in side_tasks:
                task.cancel()

    async def _feed(self, hearing: Hearing, stream: RecogniserStream) -> None:
        next_tick_ms = next_look_ms = 0.0
        async for chunk in hearing:
            await stream.send(chunk)
            self._heard_ms, self._fragment = int(chunk.end_ms), chunk.fragment
            if self._lease is None and chunk.end_ms >= next_look_ms:
                next_look_ms = chunk.end_ms + LEVEL_EVERY_MS
                await self._take_over_when_level()
            if self._lease is not None and chunk.end_ms >= next_tick_ms:
                next_tick_ms = chunk.end_ms + TICK_EVERY_MS
                self._tick()
        await stream.finish()

    def _tick(self) -> None:
        last_seq = self._lease.checkpoint.utterances if self._lease else 0
        self._outbox.tick(self._contact, CallTime(self._heard_ms, self._spoken_until_ms, last_seq))

    async def _take_over_when_level(self) -> None:
        held = await self._current_lease()
        if held is None or self._heard_ms >= held.checkpoint.heard_ms:
            await self._take_over()

    async def _take_over(self) -> None:
        async with self._in_order:
            if not await self.take_lease():
                raise LeaseLost(f"a worker later than generation {self._order.generation} holds the contact")
            self._overlap_ms = self._heard_ms - self._resumed_ms
            kept, self._kept = self._kept, []
            for redacted, stamps in kept:
                await self._tell(redacted, stamps)

    async def _hear(self, hearing: Hearing, stream: RecogniserStream) -> None:
        async for heard in stream:
            if not await self._is_ours(heard, hearing):
                continue
            self._spoken_until_ms = max(self._spoken_until_ms, int(heard.end_ms))
            stamps = {"heard": self._clock.now_ms()}
            redacted = self._redactor.redact(heard)
            stamps["redacted"] = self._clock.now_ms()
            async with self._in_order:
                if self._lease is not None:
                    await self._tell(redacted, stamps)
                elif heard.is_final:
                    self._kept.append((redacted, stamps))

    async def _finish(self) -> None:
        if self._lease is None:
            await self._take_over()
        stamps = {"heard": self._clock.now_ms()}
        for utterance in self._builder.finish():
            await self._settle(utterance, stamps)
        self._tick()
        await self._outbox.drained()
        async with self._writing:
            assert self._lease is not None
            await asyncio.to_thread(self._ports.leases.release, replace(self._lease, checkpoint=self._checkpoint_now()))

    @staticmethod
    async def _is_ours(heard: Recognised, hearing: Hearing) -> bool:
        """Another caller's words go no further, not even into the redactor. A partial does not wait to be sure."""
        if heard.is_final:
            return await hearing.settled(heard.start_ms, heard.end_ms) is Verdict.OURS
        return hearing.verdict(heard.start_ms, heard.end_ms) is Verdict.OURS

    # What was said --------------------------------------------------------------------------------------------------

    async def _tell(self, redacted: Redacted, stamps: Stamps) -> None:
        assert self._lease is not None
        speaker = redacted.heard.speaker
        fresh = unsettled_redacted(redacted, self._lease.checkpoint.settled_ms.get(speaker, 0))
        if fresh is None:
            return
        for utterance in self._builder.heard(fresh):
            if utterance.is_final:
                await self._settle(utterance, stamps)
            else:
                self._outbox.partial(utterance)
                if self._partials.adds_enough(utterance):
                    self._outbox.ask_early(utterance, stamps)

    async def _settle(self, utterance: Utterance, stamps: Stamps) -> None:
        async with self._writing:
            assert self._lease is not None
            before = self._checkpoint_now()
            settled = {**before.settled_ms, utterance.speaker: utterance.end_ms}
            utterance = replace(utterance, seq=before.utterances + 1)
            checkpoint = replace(before, settled_ms=settled, utterances=utterance.seq)
            self._lease = await asyncio.to_thread(self._ports.leases.settle, self._lease, utterance, checkpoint)
        self._partials.settled(utterance)
        self._outbox.said(utterance, stamps | {"stored": self._clock.now_ms()})
