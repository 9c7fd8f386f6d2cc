"""The audio for which a recogniser has not answered with final results yet."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from sotto.call.contact import CHANNELS, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.media.stereo import CHUNK_MS, StereoChunk


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a lost provider is met. Times in ms.

    Waits double from ``first_wait_ms``. After ``tries_each`` failures in a row the next provider is asked, and after
    ``most_failures`` in a row without a single result the stream gives up.
    """

    first_wait_ms: float = 100
    longest_wait_ms: float = 2_000
    tries_each: int = 2
    most_failures: int = 12
    kept_ms: int = 60_000
    """Audio kept while no final comes. Beyond it: unsent audio makes ``send`` wait, sent audio is given up."""
    unsent_ms: int = 1_000
    """How far ``send`` may run ahead of a provider that is connected."""
    lag_ms: int = 5_000
    """A provider's first interim comes within this; what was sent before, on a quiet channel, needs no replay."""

    def wait_ms(self, failures: int) -> float:
        return min(self.longest_wait_ms, self.first_wait_ms * 2.0 ** (failures - 1))


class ReplayBuffer:
    """The chunks to send to a new session, oldest first; the first ``sent`` of them went to the present session."""

    def __init__(self, retry: RetryPolicy, offset_ms: float) -> None:
        self._retry = retry
        self._chunks: deque[StereoChunk] = deque()
        self._end_ms = offset_ms
        self.sent = 0
        self.final_ms: dict[Speaker, float] = dict.fromkeys(CHANNELS, offset_ms)
        self._sent_at: deque[tuple[float, float]] = deque()
        self._quiet_ms = offset_ms
        self._interim_from: dict[Speaker, float] = {}

    @property
    def start_ms(self) -> float:
        return self._chunks[0].start_ms if self._chunks else self._end_ms

    @property
    def end_ms(self) -> float:
        return self._end_ms

    @property
    def unsent_ms(self) -> int:
        return (len(self._chunks) - self.sent) * CHUNK_MS

    def add(self, chunk: StereoChunk) -> None:
        self._chunks.append(chunk)
        self._end_ms = chunk.end_ms

    def next_unsent(self, now_ms: float) -> StereoChunk:
        """``now_ms``: the clock's time, because a provider's lag is not call time when audio is sent in a burst."""
        chunk = self._chunks[self.sent]
        self.sent += 1
        self._sent_at.append((now_ms, chunk.end_ms))
        while now_ms - self._sent_at[0][0] > self._retry.lag_ms:
            self._quiet_ms = max(self._quiet_ms, self._sent_at.popleft()[1])
        return chunk

    def rewind(self) -> None:
        """The session is lost: everything kept is unsent again, and its running guesses are void."""
        self.sent = 0
        self._sent_at.clear()
        self._quiet_ms = min(self._quiet_ms, self.start_ms)
        self._interim_from.clear()

    def acknowledge(self, event: TranscriptResult) -> None:
        """Speech up to a final needs no replay; from the start of an interim, it still does."""
        if event.is_final:
            self.final_ms[event.speaker] = max(self.final_ms[event.speaker], event.end_ms)
            self._interim_from.pop(event.speaker, None)
        else:
            self._interim_from[event.speaker] = event.start_ms

    def trim(self) -> None:
        """Only sent chunks go: those before all speech without a final, and those beyond what may be kept."""
        needed_ms = min(self._interim_from.get(s, max(self._quiet_ms, self.final_ms[s])) for s in CHANNELS)
        needed_ms = max(needed_ms, self._end_ms - self._retry.kept_ms)
        while self.sent and self._chunks[0].end_ms <= needed_ms:
            self._chunks.popleft()
            self.sent -= 1
