"""Who is admitted, what is measured of them, and whether the container is well."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from model_containers.recogniser.engines.engine import Engine
from model_containers.recogniser.session import Send, SessionFigures, TwoChannels
from sotto.core.clock import Clock
from sotto.core.errors import first_error
from sotto.core.metrics import measure
from sotto.core.metrics.recorder import Metrics
from sotto.recognition.self_hosted import Kind, MessageMistaken, Refusal, Start, message, parts, refused

log = logging.getLogger("sotto.recogniser")
BUSY_AFTER_MS = 1_500
"""What waits as long as this for a pass says that another session would make all of them late."""
HUNG_AFTER_MS = 30_000
"""A pass takes a second at the most; one that takes this long never ends."""
START_WITHIN_S = 10.0


@dataclass(slots=True)
class Health:
    """``ready``: the model is loaded and has been used."""

    ready: bool = False
    leaving: bool = False


class Sessions:
    """``most``: sessions at once, of two channels each."""

    def __init__(self, engine: Engine, *, most: int, metrics: Metrics, clock: Clock) -> None:
        self._engine = engine
        self._most = most
        self._metrics = metrics
        self._clock = clock
        # A channel's thread waits for passes most of its time. One session more: who has just left may still wait.
        self._pool = ThreadPoolExecutor(2 * (most + 1), thread_name_prefix="channel")
        self._open: dict[asyncio.Task[Any], Send] = {}
        self._last_passes = (0, 0)
        self.health = Health()

    @property
    def is_well(self) -> bool:
        """What SageMaker is told: not that the process runs, but that a session would be transcribed."""
        work = self._engine.work()
        return self.health.ready and not self.health.leaving and not work.broken and work.running_ms < HUNG_AFTER_MS

    def figures(self) -> dict[str, Any]:
        work = self._engine.work()
        return {
            "engine": self._engine.name,
            "well": self.is_well,
            "sessions": len(self._open),
            "most_sessions": self._most,
            "behind_ms": round(work.behind_ms),
            "passes": work.passes,
            "readings": work.readings,
        }

    async def serve(self, received: AsyncIterator[bytes], send: Send) -> None:
        """A connection, from its first message to its last."""
        try:
            async with asyncio.timeout(START_WITHIN_S):
                kind, body = parts(await anext(received))
                if kind != Kind.START:
                    raise MessageMistaken("the first message must be a start")
                start = Start.read(body)
        except (StopAsyncIteration, TimeoutError):
            return
        except MessageMistaken:
            return await self._refuse(Refusal.PROTOCOL, send)
        if (reason := self._objection(start)) is not None:
            return await self._refuse(reason, send)
        await self._session(start, received, send)

    async def leave(self) -> None:
        """The container is asked to end: whoever has a session is told to open another elsewhere."""
        self.health.leaving = True
        tasks = list(self._open)
        for send in list(self._open.values()):
            with suppress(ConnectionError):  # a client that has gone needs no farewell
                await send(message(Kind.LEAVE))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.close()

    def close(self) -> None:
        self._engine.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def look(self) -> None:
        """Every few seconds: how many sessions there are, and how the passes go."""
        work = self._engine.work()
        passes, readings = work.passes - self._last_passes[0], work.readings - self._last_passes[1]
        self._last_passes = (work.passes, work.readings)
        self._metrics.add(measure.HOSTED_SESSIONS, len(self._open))
        self._metrics.add(measure.HOSTED_LOAD, 100 * len(self._open) / self._most)
        self._metrics.add(measure.HOSTED_WAITING, work.behind_ms)
        if passes > 0:
            self._metrics.add(measure.HOSTED_BATCH, readings / passes)

    def _objection(self, start: Start) -> Refusal | None:
        if self.health.leaving:
            return Refusal.LEAVING
        if not self.health.ready:
            return Refusal.STARTING
        if start.language not in self._engine.languages:
            return Refusal.LANGUAGE
        if len(self._open) >= self._most:
            return Refusal.FULL
        if self._engine.work().behind_ms >= BUSY_AFTER_MS:
            return Refusal.BUSY
        return None

    async def _refuse(self, reason: Refusal, send: Send) -> None:
        self._metrics.add(measure.HOSTED_REFUSED, reason=str(reason))
        await send(refused(reason))

    async def _session(self, start: Start, received: AsyncIterator[bytes], send: Send) -> None:
        task = asyncio.current_task()
        assert task is not None
        session = TwoChannels(self._engine, start, pool=self._pool, clock=self._clock, send=send)
        self._open[task] = send
        outcome = "failed"
        try:
            await send(message(Kind.OPENED))
            outcome = "finished" if await session.run(received) else "left"
        except* ConnectionError:
            outcome = "left"
        except* Exception as failed:
            # A message that is none, an engine that fails: this session ends, and no other.
            log.warning("session failed: %s", type(first_error(failed)).__name__)
            with suppress(ConnectionError):
                await send(message(Kind.FAILED))
        finally:
            del self._open[task]
            self._note(session.figures, outcome)

    def _note(self, figures: SessionFigures, outcome: str) -> None:
        """Of a session that has ended: how long, how late. Nothing of what was spoken."""
        self._metrics.add(measure.HOSTED_SESSIONS_ENDED, outcome=outcome)
        self._metrics.add(measure.HOSTED_AUDIO, figures.audio_ms / 1000)
        self._metrics.add(measure.HOSTED_BEHIND, figures.behind_ms)
        for took_ms in figures.final_ms:
            self._metrics.add(measure.HOSTED_FINAL, took_ms)
        extra = {"outcome": outcome, "audio_ms": round(figures.audio_ms), "behind_ms": round(figures.behind_ms)}
        log.info("session ended %s finals=%d interims=%d", extra, figures.finals, figures.interims)
