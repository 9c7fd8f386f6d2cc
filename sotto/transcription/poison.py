"""What killed a worker may not kill the next one.

A result whose handling raises is noted in the lease before the run ends. A death that leaves no time for a note (out of
memory, a crash, code without end) makes the next run cautious: until it is past where the dead one was, it notes each
result before it handles it. Whoever finds such a note steps over that result: a partial is left out, a final withheld.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from math import isfinite

from sotto.call.transcript_result import TranscriptResult
from sotto.consent.gate import ConsentWithdrawn
from sotto.core.errors import Retryable
from sotto.redaction.redactor import Redacted
from sotto.redaction.withheld import MASK, STEPPED_OVER, Alarm, no_alarm
from sotto.transcription.lease.lease import LEASE_MS, Checkpoint, LeaseLost, Place

log = logging.getLogger(__name__)

MOST_PLACES = 16
_NO_FAULT_OF_THE_RESULT = (Retryable, LeaseLost, ConsentWithdrawn)


@dataclass(slots=True)
class Poison:
    """``alarm`` is told of each result that is stepped over."""

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
            self._cautious_until_ms = checkpoint.heard_ms + LEASE_MS

    def learn(self, checkpoint: Checkpoint) -> None:
        """Another worker died, and noted of what."""
        self._add(*checkpoint.deadly)

    def noted(self, before: Checkpoint) -> Checkpoint:
        """The checkpoint with what killed a run, as long as it is not settled, and what a cautious run has in hand."""
        deadly = [place for place in self._deadly if place.end_ms > before.settled_ms.get(place.speaker, 0)]
        cautious = tuple(place for place in self._in_hand if self._is_cautious(place))
        return replace(before, deadly=tuple(deadly[-MOST_PLACES:]), handling=cautious)

    @asynccontextmanager
    async def in_hand(self, heard: TranscriptResult, note: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Around the handling of a result. ``note`` stores the checkpoint, if this worker may."""
        place = _place_of(heard)
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

    def harmless(self, heard: TranscriptResult) -> TranscriptResult | None:
        """The result, or what may be handled in place of one that killed a run: a final without its text."""
        has_times = isfinite(heard.start_ms) and isfinite(heard.end_ms)
        if has_times and not self._killed_before(heard):
            return heard
        log.error("result stepped over", extra={"is_final": heard.is_final})
        self.alarm(STEPPED_OVER)
        return replace(heard, text=MASK, words=()) if heard.is_final and has_times else None

    def harmless_redacted(self, redacted: Redacted) -> Redacted | None:
        heard = self.harmless(redacted.heard)
        if heard is redacted.heard:
            return redacted
        return Redacted(heard) if heard is not None else None

    def _killed_before(self, heard: TranscriptResult) -> bool:
        """Another run's results may be cut at other times."""
        return any(
            place.speaker is heard.speaker and place.start_ms < heard.end_ms and heard.start_ms < place.end_ms
            for place in self._deadly
        )

    def _is_cautious(self, place: Place) -> bool:
        return place.start_ms <= self._cautious_until_ms

    def _add(self, *places: Place) -> None:
        self._deadly = tuple(dict.fromkeys((*self._deadly, *places)))[-MOST_PLACES:]


def _place_of(heard: TranscriptResult) -> Place:
    return Place(heard.speaker, heard.start_ms, max(heard.end_ms, heard.start_ms + 1))
