"""The lease from a worker's side: taking it when level with the worker before, keeping it, handing over in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from sotto.call.agent_presence import AgentPresence
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.transcription.agent_channel.missed import reading_again
from sotto.transcription.lease.lease import LeaseLost
from sotto.transcription.observer import WorkerObserver
from sotto.transcription.ports import WorkerAssignment
from sotto.transcription.session import TranscriptSession

log = logging.getLogger(__name__)

RENEW_EVERY_MS = 5_000
LOOK_FOR_THE_END_MS = 1_000
RENEW_WHILE_HANDING_OVER_MS = 500
START_AGAIN_MS = 20_000
"""A successor that has not taken over by then is taken for dead, and another one is started; after that only when twice
as long has passed, because one that is merely slow reads, too, and a stream has three connections in all."""
LOOK_AGAIN_MS = 500


class Handover:
    """``overlap_ms``: how much audio had been read again when this worker took over."""

    def __init__(
        self, order: WorkerAssignment, session: TranscriptSession, clock: Clock, observer: WorkerObserver
    ) -> None:
        self.overlap_ms = 0
        self._order = order
        self._session = session
        self._clock = clock
        self._observer = observer
        self._handing_over = False

    async def begin(self, presence: AgentPresence) -> bool:
        """Take the lease where no worker of an earlier generation holds it. False when the call needs no worker of
        this generation. ``presence``: the agent's as it is known now; the workers before may have known less."""
        held = await self._session.lease.current()
        if held is not None and (held.is_released or held.generation > self._order.generation):
            return False
        begun_before = held is not None and held.generation == self._order.generation
        is_unread = held is None or not held.checkpoint.received_ms
        # Before the lease is taken: it may wait for the worker of the contact before.
        carried = await self._session.carried_over() if is_unread else None
        if held is None or begun_before:
            if not await self._session.lease.take_over_expired():
                return False
            await self._session.resume()
        checkpoint = self._session.lease.checkpoint if self._session.lease.is_held or held is None else held.checkpoint
        if carried is not None:
            checkpoint = replace(checkpoint, resumption=carried.resumption, redactor_memory=carried.redactor_memory)
        self._session.begin_with(reading_again(checkpoint, presence), after_a_death=begun_before)
        return True

    async def keep_lease(self, notice_the_end: Callable[[], Awaitable[None]]) -> None:
        """Renew it, and look more often whether the call is over: what is said then may be for somebody else."""
        since_ms = 0
        while True:
            await self._clock.sleep_ms(RENEW_WHILE_HANDING_OVER_MS)
            since_ms += RENEW_WHILE_HANDING_OVER_MS
            if self._handing_over or since_ms >= RENEW_EVERY_MS:
                await self._session.lease.renew()
            if since_ms % LOOK_FOR_THE_END_MS == 0:
                await notice_the_end()
            since_ms %= RENEW_EVERY_MS

    async def hand_over_in_time(self) -> None:
        if self._order.until_ms == float("inf"):
            return
        await self._clock.sleep_ms(max(0.0, self._order.until_ms - self._clock.monotonic_ms()))
        while not self._session.lease.is_held:
            await self._clock.sleep_ms(RENEW_WHILE_HANDING_OVER_MS)
        self._handing_over = True
        await self._session.lease.renew()
        wait_ms = START_AGAIN_MS
        while True:
            if await self._successor_started():
                await self._clock.sleep_ms(wait_ms)
                wait_ms *= 2
            else:
                await self._clock.sleep_ms(LOOK_AGAIN_MS)

    async def _successor_started(self) -> bool:
        try:
            await asyncio.to_thread(self._order.start_successor)
        except Retryable as error:
            log.warning("no successor yet", extra={"problem": type(error).__name__})
            self._observer.successor_failed(self._session.contact)
            return False
        self._observer.successor_ordered(self._session.contact)
        return True

    async def take_over_when_level(self) -> None:
        held = await self._session.lease.current()
        if held is not None and held.is_released:
            raise LeaseLost("the worker before has transcribed the call to its end")
        if held is None or self._session.sent_until_ms >= held.checkpoint.received_ms:
            await self.take_over()

    async def take_over(self) -> None:
        self.overlap_ms = await self._session.take_over()
