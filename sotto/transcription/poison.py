"""What killed a worker may not kill the next one.

A result whose handling raises is noted in the lease before the run ends. A death that leaves no time for a note (out of
memory, a crash, code without end) makes the next run cautious: until it is past where the dead one was, it notes each
result before it handles it. Whoever finds such a note steps over that result: an interim is left out, a final withheld.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from math import isfinite

from sotto.call.transcript_result import TranscriptResult
from sotto.consent.gate import RecordingRefused
from sotto.core.errors import Retryable
from sotto.redaction.redactor import Redacted
from sotto.redaction.withheld import MASK, STEPPED_OVER, Alarm, no_alarm
from sotto.transcription.lease.lease import LEASE_MS, Checkpoint, LeaseLost, Place

log = logging.getLogger(__name__)

MOST_PLACES = 16
_NO_FAULT_OF_THE_RESULT = (Retryable, LeaseLost, RecordingRefused)


@dataclass(slots=True)
class Poison:
    """``alarm`` is called for each result that is stepped over."""

    alarm: Alarm = no_alarm
    _deadly: tuple[Place, ...] = ()
    _in_hand: list[Place] = field(default_factory=list)
    _cautious_until_ms: float = -1.0

    @property
    def is_known(self) -> bool:
        return bool(self._deadly)

    def begin_with(self, checkpoint: Checkpoint, *, after_a_death: bool) -> None:
        """``after_a_death``: the checkpoint is that of a run of the same generation, which is over."""
        self.learn(checkpoint)
        if after_a_death:
            self._add(*checkpoint.handling)
            # One that has not written for so long had lost its lease before it died.
            self._cautious_until_ms = checkpoint.received_ms + LEASE_MS

    def learn(self, checkpoint: Checkpoint) -> None:
        """Another worker died, and noted of what."""
        self._add(*checkpoint.deadly)

    def noted(self, before: Checkpoint) -> Checkpoint:
        """The checkpoint with what killed a run, until that is committed, and what a cautious run has in hand."""
        deadly = [place for place in self._deadly if place.end_ms > before.committed_ms.get(place.speaker, 0)]
        cautious = tuple(place for place in self._in_hand if self._is_cautious(place))
        return replace(before, deadly=tuple(deadly[-MOST_PLACES:]), handling=cautious)

    @asynccontextmanager
    async def in_hand(self, result: TranscriptResult, note: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Around the handling of a result. ``note`` stores the checkpoint, if this worker may."""
        place = _place_of(result)
        self._in_hand.append(place)
        try:
            if self._is_cautious(place):
                await note()
            yield
        except _NO_FAULT_OF_THE_RESULT:
            raise
        except Exception:
            self._add(place)
            raise
        finally:
            self._in_hand.remove(place)
        if self._is_cautious(place):
            await note()

    def harmless(self, result: TranscriptResult) -> TranscriptResult | None:
        """The result, or what may be handled in place of one that killed a run: a final without its text."""
        has_times = isfinite(result.start_ms) and isfinite(result.end_ms)
        if has_times and not self._killed_before(result):
            return result
        log.error("result stepped over", extra={"is_final": result.is_final})
        self.alarm(STEPPED_OVER)
        return replace(result, text=MASK, words=()) if result.is_final and has_times else None

    def harmless_redacted(self, redacted: Redacted) -> Redacted | None:
        result = self.harmless(redacted.result)
        if result is redacted.result:
            return redacted
        return Redacted(result) if result is not None else None

    def _killed_before(self, result: TranscriptResult) -> bool:
        """Another run's results may be cut at other times."""
        return any(
            place.speaker is result.speaker and place.start_ms < result.end_ms and result.start_ms < place.end_ms
            for place in self._deadly
        )

    def _is_cautious(self, place: Place) -> bool:
        return place.start_ms <= self._cautious_until_ms

    def _add(self, *places: Place) -> None:
        self._deadly = tuple(dict.fromkeys((*self._deadly, *places)))[-MOST_PLACES:]


def _place_of(result: TranscriptResult) -> Place:
    return Place(result.speaker, result.start_ms, max(result.end_ms, result.start_ms + 1))
