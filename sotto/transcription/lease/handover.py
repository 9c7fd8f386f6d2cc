"""The lease from a worker's side: taking it when level with the worker before, keeping it, handing over in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.transcription.checkpoint_progress import CheckpointProgress
from sotto.transcription.committer import TranscriptCommitter
from sotto.transcription.lease.lease import Checkpoint, LeaseLost
from sotto.transcription.lease.lease_holder import LeaseHolder
from sotto.transcription.ports import WorkerAssignment

log = logging.getLogger(__name__)

RENEW_EVERY_MS = 5_000
RENEW_WHILE_HANDING_OVER_MS = 500
START_AGAIN_MS = 20_000
"""A successor that has not taken over by then is taken for dead, and another one is started; after that only when twice
as long has passed, because one that is merely slow listens, too, and a stream has three connections in all."""
LOOK_AGAIN_MS = 500


class Handover:
    """``overlap_ms``: how much had been heard again when this worker took over."""

    def __init__(
        self,
        order: WorkerAssignment,
        holding: LeaseHolder,
        saying: TranscriptCommitter,
        progress: CheckpointProgress,
        clock: Clock,
    ) -> None:
        self.overlap_ms = 0
        self._order = order
        self._holding = holding
        self._saying = saying
        self._progress = progress
        self._clock = clock
        self._handing_over = False

    async def begin(self) -> bool:
        """Take the lease where no worker of an earlier generation holds it. False when the call needs no worker of
        this generation."""
        held = await self._holding.current()
        if held is not None and (held.is_released or held.generation > self._order.generation):
            return False
        begun_before = held is not None and held.generation == self._order.generation
        if held is None or begun_before:
            if not await self._holding.take_over_expired():
                return False
            await self._saying.carry_on()
            held = self._holding.lease
        self._progress.begin_with(held.checkpoint if held else Checkpoint(), after_a_death=begun_before)
        return True

    async def keep_lease(self, notice_the_end: Callable[[], Awaitable[None]]) -> None:
        """Renew it, and with each whole turn look whether the call is over."""
        since_ms = 0
        while True:
            await self._clock.sleep_ms(RENEW_WHILE_HANDING_OVER_MS)
            since_ms += RENEW_WHILE_HANDING_OVER_MS
            if self._handing_over or since_ms >= RENEW_EVERY_MS:
                await self._holding.renew(self._progress.advanced)
            if since_ms >= RENEW_EVERY_MS:
                since_ms = 0
                await notice_the_end()

    async def hand_over_in_time(self) -> None:
        if self._order.until_ms == float("inf"):
            return
        await self._clock.sleep_ms(max(0.0, self._order.until_ms - self._clock.monotonic_ms()))
        while self._holding.lease is None:
            await self._clock.sleep_ms(RENEW_WHILE_HANDING_OVER_MS)
        self._handing_over = True
        await self._holding.renew(self._progress.advanced)
        patience_ms = START_AGAIN_MS
        while True:
            try:
                await asyncio.to_thread(self._order.start_successor)
                await self._clock.sleep_ms(patience_ms)
                patience_ms *= 2
            except Retryable as error:
                log.warning("no successor yet", extra={"problem": type(error).__name__})
                await self._clock.sleep_ms(LOOK_AGAIN_MS)

    async def take_over_when_level(self) -> None:
        held = await self._holding.current()
        if held is not None and held.is_released:
            raise LeaseLost("the worker before has heard the call to its end")
        if held is None or self._progress.heard.until_ms >= held.checkpoint.heard_ms:
            await self.take_over()

    async def take_over(self) -> None:
        async with self._saying.in_order:
            overlap_ms = self._progress.overlap_ms
            await self._holding.take(fragment=self._progress.heard.fragment, overlap_ms=overlap_ms)
            self.overlap_ms = overlap_ms
            self._progress.poison.learn(self._holding.checkpoint)
            await self._saying.carry_on()
            await self._saying.tell_kept(self._progress.advanced)
