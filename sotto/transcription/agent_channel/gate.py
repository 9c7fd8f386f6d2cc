"""Keeps from the recogniser what is not the agent's on the agent's channel: menus, prompts, hold music.

Who speaks is known by time, and contact events come late. So while the agent is not known to be there, audio waits for
``PATIENCE_MS`` before it goes on with the agent's channel silenced: nobody is guided meanwhile. What was silenced is
noted; an event that comes later still makes the worker read the stream again from where the agent was there
(sotto.transcription.agent_channel.missed).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from sotto.call.agent_presence import AgentPresence, Span
from sotto.call.transcript_result import TranscriptResult
from sotto.core.clock import Clock
from sotto.media.stereo import CHUNK_MS, StereoChunk
from sotto.transcription.agent_channel.attribution import attributed
from sotto.transcription.agent_channel.hold_music import HoldMusic

PATIENCE_MS = 3_000
MOST_WAITING = 60_000 // CHUNK_MS
"""Chunks, where audio comes faster than time passes."""
MOST_STRETCHES = 100
"""Silenced, or inferred. A contact with more of them has long been answered about the first."""


class AgentChannel:
    """``presence`` is what is known of the agent by now. ``listens``: the tenant wants menus transcribed, so nothing is
    silenced; whose words they are is decided all the same. ``infers``: where Connect tells no holds, those that the
    audio alone tells of, ``inferred`` in call time. ``silenced``: by the workers before."""

    def __init__(
        self,
        presence: AgentPresence,
        clock: Clock,
        *,
        listens: bool = False,
        infers: bool = False,
        silenced: tuple[Span, ...] = (),
    ) -> None:
        self.presence = presence
        self.inferred: deque[Span] = deque(maxlen=MOST_STRETCHES)
        self._clock = clock
        self._listens = listens
        self._music = HoldMusic() if infers else None
        self._waiting: deque[tuple[float, StereoChunk]] = deque()
        self._silenced: deque[Span] = deque(silenced, maxlen=MOST_STRETCHES)

    @property
    def is_level(self) -> bool:
        """Whether audio goes on as it comes."""
        return not self._waiting

    @property
    def silenced(self) -> tuple[Span, ...]:
        """Stretches of call time of which nothing was transcribed as the agent's."""
        return tuple(self._silenced)

    def is_present(self, call_ms: float) -> bool:
        return self.presence.is_present(call_ms) and not any(
            from_ms <= call_ms < until_ms for from_ms, until_ms in self.inferred
        )

    def back_since_ms(self, call_ms: float) -> float:
        """Since when the agent has been there without a hold, in call time."""
        ended = max((until for _, until in self.inferred if until <= call_ms), default=0.0)
        return max(self.presence.present_since_ms(call_ms), ended)

    def attributed(self, result: TranscriptResult) -> list[TranscriptResult]:
        """The result as its speakers', as far as anybody wants it."""
        return attributed(result, self.is_present, listens=self._listens)

    def admit(self, chunk: StereoChunk) -> Iterator[StereoChunk]:
        """The chunks that may go to the recogniser now, in order."""
        if self._music is not None and not self.presence.holds_known:
            self._infer(chunk, self._music)
        self._waiting.append((self._clock.monotonic_ms(), chunk))
        yield from self._ready(flush=False)

    def rest(self) -> Iterator[StereoChunk]:
        """The audio has ended: what waits."""
        yield from self._ready(flush=True)

    def _ready(self, *, flush: bool) -> Iterator[StereoChunk]:
        now_ms = self._clock.monotonic_ms()
        while self._waiting:
            came_ms, chunk = self._waiting[0]
            is_present = self.is_present((chunk.start_ms + chunk.end_ms) / 2)
            waits = now_ms - came_ms < PATIENCE_MS and len(self._waiting) <= MOST_WAITING
            if not is_present and waits and not flush:
                return
            self._waiting.popleft()
            yield chunk if is_present else self._without_agent(chunk)

    def _without_agent(self, chunk: StereoChunk) -> StereoChunk:
        if not self.presence.is_present((chunk.start_ms + chunk.end_ms) / 2):  # else it was inferred, and is no doubt
            self._note(chunk)
        return chunk if self._listens else with_silence(chunk)

    def _note(self, chunk: StereoChunk) -> None:
        if self._silenced and self._silenced[-1][1] == chunk.start_ms:
            self._silenced[-1] = (self._silenced[-1][0], chunk.end_ms)
        else:
            self._silenced.append((chunk.start_ms, chunk.end_ms))

    def _infer(self, chunk: StereoChunk, music: HoldMusic) -> None:
        if not self.presence.is_present(chunk.start_ms):
            music.forget()
            return
        was_playing = music.is_playing
        playing = music.take(chunk)
        if was_playing:
            since_ms, _ = self.inferred.pop()
            self.inferred.append((since_ms, music.ended_ms) if playing is None else playing)
        elif playing is not None:
            self.inferred.append(playing)


def with_silence(chunk: StereoChunk) -> StereoChunk:
    """On the agent's channel."""
    frames = bytearray(chunk.pcm)
    memoryview(frames).cast("h")[1::2] = memoryview(bytes(len(frames) // 2)).cast("h")
    return replace(chunk, pcm=bytes(frames))
