"""One audio worker on one contact: hears the call, redacts it, settles what was said, and tells the rest of Sotto.

A successor begins without the lease: it hears from the last checkpoint on, keeping what it hears to itself, and takes
the lease only when it is level with the worker before it. From then on every final is stored in one transaction with
a check of the lease, so the worker that was superseded cannot write another word; it notices and stops.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import replace

from sotto.audio.stereo import CHUNK_MS, CHUNK_SAMPLES, SAMPLE_RATE_HZ
from sotto.audio.timeline import Resumption
from sotto.contact.contact import Contact
from sotto.contact.lease import Checkpoint, LeaseLost
from sotto.errors import Retryable
from sotto.privacy.redactor import Redacted
from sotto.speech.attribution import Attribution
from sotto.speech.ending import cause_of
from sotto.speech.holding import Holding
from sotto.speech.outbox import Outbox
from sotto.speech.partials import PartialGate
from sotto.speech.recogniser import Recognised, Session, SteadyStream
from sotto.speech.reminded import RemindedRedactor
from sotto.speech.settled import unsettled_redacted
from sotto.speech.utterance import Utterance
from sotto.speech.utterances import UtteranceBuilder, UtterancesSoFar
from sotto.speech.worker import (
    Assignment,
    CallTime,
    Ears,
    Hearing,
    Listeners,
    Outcome,
    Stamps,
    TranscriptionPorts,
)

__all__ = [
    "Assignment", "CallTime", "Ears", "Hearing", "Listeners", "Outcome", "Stamps", "TranscriptionPorts", "transcribe",
]  # fmt: skip

log = logging.getLogger(__name__)

RENEW_EVERY_MS = 5_000
RENEW_WHILE_HANDING_OVER_MS = 500
START_AGAIN_MS = 20_000
"""A successor that has not taken over by then is taken for dead, and another one is started; after that only when twice
as long has passed, because one that is merely slow listens, too, and a stream has three connections in all."""
TICK_EVERY_MS = 2_000
LEVEL_EVERY_MS = 500
PAUSE_LOOK_MS = 250
RESULTS_LAG_MS = 800
"""A provider's first partial of what was said after a pause may come this long after the audio."""
CONTEXT_MS = 15_000
"""A successor hears this much of what is settled already: a recogniser knows words better by those before them."""


async def transcribe(contact: Contact, order: Assignment, ports: TranscriptionPorts) -> Outcome:
    """Transcribe ``contact`` until its audio ends or another worker takes over.

    Raises RecogniserUnavailable when no provider is left, MediaRefused, MediaUnavailable and StorageUnavailable:
    started again, it carries on from the checkpoint.
    """
    run = _Run(contact, order, ports)
    try:
        how = "finished" if await run.to_the_end() else "not-needed"
    except BaseExceptionGroup as group:
        error = cause_of(group)
        if not isinstance(error, LeaseLost):
            # Lambda reports a class and a message, and "unhandled errors in a TaskGroup" would say nothing.
            raise error from group
        how = "superseded"
    return run.outcome(how)


class _Run:
    def __init__(self, contact: Contact, order: Assignment, ports: TranscriptionPorts) -> None:
        self._contact = contact
        self._order = order
        self._ports = ports
        self._clock = ports.clock
        self._redactor = RemindedRedactor(ports.redactor(contact))
        self._builder = UtteranceBuilder(contact.tenant, contact.contact_id)
        self._partials = PartialGate()
        self._outbox = Outbox(ports.listeners)
        self._holding = Holding(contact, order, ports.leases, ports.clock)
        self._hearing: Hearing | None = None
        self._stream: SteadyStream | None = None
        self._in_order = asyncio.Lock()
        self._attribution = Attribution(self._take)
        self._unstored: deque[Utterance] = deque()
        self._kept: list[tuple[Redacted, Stamps]] = []
        self._resumed = Resumption()
        self._heard_ms = 0
        self._spoken_until_ms = 0
        self._fragment = ""
        self._overlap_ms = 0
        self._handing_over = False

    def outcome(self, how: str) -> Outcome:
        return Outcome(how, self._order.generation, self._holding.checkpoint.utterances, self._overlap_ms)

    async def to_the_end(self) -> bool:
        """False when the call needs no worker of this generation."""
        held = await self._holding.current()
        if held is not None and (held.is_released or held.generation > self._order.generation):
            return False
        if held is None or held.generation == self._order.generation:
            if not await self._holding.take_from_the_dead():
                return False
            await self._carry_on()
            held = self._holding.lease
        self._begin(held.checkpoint if held else Checkpoint())
        await self._work()
        return True

    def _begin(self, checkpoint: Checkpoint) -> None:
        self._resumed = checkpoint.resumption
        self._redactor.begin_with(checkpoint.expected)

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            sides = (self._keep_lease(), self._hand_over_in_time(), self._outbox.deliver(), self._notice_pauses())
            side_tasks = [tasks.create_task(side) for side in sides]
            async with (
                self._ports.ears.listen(self._contact, self._resumed) as hearing,
                self._ports.recogniser.open(self._session()) as stream,
                asyncio.TaskGroup() as both,
            ):
                self._hearing, self._stream = hearing, stream
                both.create_task(self._feed(hearing, stream))
                both.create_task(self._attribution.hear(hearing, stream))
                both.create_task(self._attribution.confirm(hearing))
            await self._finish()
            for task in side_tasks:
                task.cancel()

    def _session(self) -> Session:
        offset_ms = self._resumed.from_sample * 1000 / SAMPLE_RATE_HZ
        return Session(self._contact.tenant, self._contact.contact_id, self._contact.language, offset_ms=offset_ms)

    # The lease ------------------------------------------------------------------------------------------------------

    async def _carry_on(self) -> None:
        """The lease has just been taken: number on from the checkpoint, and tell what may not have been told."""
        so_far = self._holding.checkpoint
        settled = UtterancesSoFar(so_far.utterances, so_far.settled_ms)
        self._builder = UtteranceBuilder(self._contact.tenant, self._contact.contact_id, resume=settled)
        self._outbox.carry_on(so_far.told)
        for utterance in await self._holding.untold():
            self._outbox.said(utterance, {})

    async def _keep_lease(self) -> None:
        since_ms = 0
        while True:
            await self._clock.sleep_ms(RENEW_WHILE_HANDING_OVER_MS)
            since_ms += RENEW_WHILE_HANDING_OVER_MS
            if self._handing_over or since_ms >= RENEW_EVERY_MS:
                await self._holding.renew(self._advanced)
            if since_ms >= RENEW_EVERY_MS:
                since_ms = 0
                await self._notice_the_end()

    async def _notice_the_end(self) -> None:
        try:
            over = await asyncio.to_thread(self._ports.is_over, self._contact)
        except Retryable:
            return
        if over and self._hearing is not None:
            self._hearing.contact_ended()

    async def _hand_over_in_time(self) -> None:
        if self._order.until_ms == float("inf"):
            return
        await self._clock.sleep_ms(max(0.0, self._order.until_ms - self._clock.monotonic_ms()))
        while self._holding.lease is None:
            await self._clock.sleep_ms(RENEW_WHILE_HANDING_OVER_MS)
        self._handing_over = True
        await self._holding.renew(self._advanced)
        patience_ms = START_AGAIN_MS
        while True:
            try:
                await asyncio.to_thread(self._order.start_successor)
                await self._clock.sleep_ms(patience_ms)
                patience_ms *= 2
            except Retryable as error:
                log.warning("no successor yet", extra={"problem": type(error).__name__})
                await self._clock.sleep_ms(LEVEL_EVERY_MS)

    async def _take_over_when_level(self) -> None:
        held = await self._holding.current()
        if held is not None and held.is_released:
            raise LeaseLost("the worker before has heard the call to its end")
        if held is None or self._heard_ms >= held.checkpoint.heard_ms:
            await self._take_over()

    async def _take_over(self) -> None:
        async with self._in_order:
            overlap_ms = self._heard_ms - self._resumed.from_sample * 1000 // SAMPLE_RATE_HZ
            await self._holding.take(fragment=self._fragment, overlap_ms=overlap_ms)
            self._overlap_ms = overlap_ms
            await self._carry_on()
            while self._kept:
                await self._tell(*self._kept[0])
                del self._kept[0]

    def _advanced(self, before: Checkpoint) -> Checkpoint:
        told = max(before.told, self._outbox.told)
        if self._hearing is None or self._stream is None:
            return replace(before, told=told)
        resumption = self._resumption(self._hearing, self._stream)
        return replace(
            before,
            resumption=resumption,
            expected=self._redactor.expected_at(resumption.from_sample * 1000 / SAMPLE_RATE_HZ),
            heard_ms=max(before.heard_ms, self._heard_ms),
            fragment=self._fragment or before.fragment,
            told=told,
        )

    def _resumption(self, hearing: Hearing, stream: SteadyStream) -> Resumption:
        waiting = self._attribution.waiting_from_ms
        waiting += [kept.heard.start_ms for kept, _ in self._kept]
        waiting += [utterance.start_ms for utterance in self._unstored]
        needed_ms = self._builder.unsettled_from_ms(min([stream.needed_from_ms, *waiting]))
        sample = max(0, int(needed_ms - CONTEXT_MS)) // CHUNK_MS * CHUNK_SAMPLES
        return hearing.resumption_at(sample) if sample > self._resumed.from_sample else self._resumed

    # Hearing --------------------------------------------------------------------------------------------------------

    async def _feed(self, hearing: Hearing, stream: SteadyStream) -> None:
        next_tick_ms = next_look_ms = 0.0
        async for chunk in hearing:
            await stream.send(chunk)
            self._heard_ms, self._fragment = int(chunk.end_ms), chunk.fragment or self._fragment
            if self._holding.lease is None and chunk.end_ms >= next_look_ms:
                next_look_ms = chunk.end_ms + LEVEL_EVERY_MS
                await self._take_over_when_level()
            if self._holding.lease is not None and chunk.end_ms >= next_tick_ms:
                next_tick_ms = chunk.end_ms + TICK_EVERY_MS
                self._tick()
        await stream.finish()

    async def _take(self, heard: Recognised) -> None:
        self._spoken_until_ms = max(self._spoken_until_ms, int(heard.end_ms))
        stamps = {"heard": self._clock.now_ms()}
        redacted = self._redactor.redact(heard)
        stamps["redacted"] = self._clock.now_ms()
        async with self._in_order:
            if self._holding.lease is not None:
                await self._tell(redacted, stamps)
            else:
                self._keep(redacted, stamps)

    def _keep(self, redacted: Redacted, stamps: Stamps) -> None:
        """Every final, and of partials the newest of each speaker: it says where open speech began."""
        speaker = redacted.heard.speaker
        self._kept = [one for one in self._kept if one[0].heard.is_final or one[0].heard.speaker is not speaker]
        self._kept.append((redacted, stamps))

    async def _notice_pauses(self) -> None:
        """Close what a provider has settled without saying that the speaker paused."""
        while True:
            await self._clock.sleep_ms(PAUSE_LOOK_MS)
            if self._holding.lease is not None:
                async with self._in_order:
                    closed = self._builder.tick(self._heard_ms - RESULTS_LAG_MS)
                    await self._settle(closed, {"heard": self._clock.now_ms()})

    # What was said --------------------------------------------------------------------------------------------------

    async def _tell(self, redacted: Redacted, stamps: Stamps) -> None:
        settled_ms = self._holding.checkpoint.settled_ms.get(redacted.heard.speaker, 0)
        fresh = unsettled_redacted(redacted, settled_ms)
        if fresh is None:
            return
        views = self._builder.heard(fresh)
        await self._settle([view for view in views if view.is_final], stamps)
        for view in views:
            if not view.is_final:
                self._outbox.partial(view)
                if self._partials.adds_enough(view):
                    self._outbox.ask_early(view, stamps)

    async def _settle(self, closed: list[Utterance], stamps: Stamps) -> None:
        self._unstored.extend(closed)
        while self._unstored:
            # Its own start may leave the checkpoint, because both are stored at once; those behind it may not.
            numbered = await self._holding.settle(self._unstored.popleft(), self._advanced)
            self._partials.settled(numbered)
            self._outbox.said(numbered, stamps | {"stored": self._clock.now_ms()})

    def _tick(self) -> None:
        last_seq = self._holding.checkpoint.utterances
        self._outbox.tick(self._contact, CallTime(self._heard_ms, self._spoken_until_ms, last_seq))

    async def _finish(self) -> None:
        if self._holding.lease is None:
            await self._take_over()
        async with self._in_order:
            await self._settle(self._builder.finish(), {"heard": self._clock.now_ms()})
        self._tick()
        await self._outbox.drained()
        await self._holding.release(self._advanced)
