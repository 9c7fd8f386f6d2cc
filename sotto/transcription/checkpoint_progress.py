"""How far a worker has come, and from where a successor would have to hear the call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sotto.media.stereo import CHUNK_MS, CHUNK_SAMPLES, SAMPLE_RATE_HZ
from sotto.media.timeline import Resumption
from sotto.recognition.recogniser import FailoverStream
from sotto.transcription.checkpointed_redactor import CheckpointedRedactor
from sotto.transcription.committer import TranscriptCommitter
from sotto.transcription.contact_filter import ContactFilter
from sotto.transcription.lease.lease import Checkpoint
from sotto.transcription.poison import Poison
from sotto.transcription.ports import AudioStream

CONTEXT_MS = 15_000
"""A successor hears this much of what is settled already: a recogniser knows words better by those before them."""


@dataclass(slots=True)
class AudioProgress:
    """Call time up to which audio went to the recogniser, the fragment that held the last of it, and the end of the
    latest speech known."""

    until_ms: int = 0
    fragment: str = ""
    spoken_until_ms: int = 0


@dataclass(slots=True)
class CheckpointProgress:
    """``resumed``: where this worker itself began. ``streams`` are there while audio is heard."""

    redactor: CheckpointedRedactor
    attribution: ContactFilter
    saying: TranscriptCommitter
    heard: AudioProgress
    poison: Poison
    told: Callable[[], int]
    resumed: Resumption = field(default_factory=Resumption)
    streams: tuple[AudioStream, FailoverStream] | None = None

    def begin_with(self, checkpoint: Checkpoint, *, after_a_death: bool) -> None:
        self.resumed = checkpoint.resumption
        self.redactor.begin_with(checkpoint.expected)
        self.poison.begin_with(checkpoint, after_a_death=after_a_death)

    def advanced(self, before: Checkpoint) -> Checkpoint:
        """The checkpoint as it is now, made of the one stored last."""
        before = self.poison.noted(before)
        told = max(before.told, self.told())
        if self.streams is None:
            return replace(before, told=told)
        resumption = self._resumption(*self.streams)
        return replace(
            before,
            resumption=resumption,
            expected=self.redactor.expected_at(resumption.from_sample * 1000 / SAMPLE_RATE_HZ),
            heard_ms=max(before.heard_ms, self.heard.until_ms),
            fragment=self.heard.fragment or before.fragment,
            told=told,
        )

    @property
    def overlap_ms(self) -> int:
        """How much this worker has heard since the place where it began."""
        return self.heard.until_ms - self.resumed.from_sample * 1000 // SAMPLE_RATE_HZ

    def _resumption(self, hearing: AudioStream, stream: FailoverStream) -> Resumption:
        waiting = [stream.needed_from_ms, *self.attribution.waiting_from_ms]
        needed_ms = self.saying.unsettled_from_ms(min(waiting))
        sample = max(0, int(needed_ms - CONTEXT_MS)) // CHUNK_MS * CHUNK_SAMPLES
        return hearing.resumption_at(sample) if sample > self.resumed.from_sample else self.resumed
