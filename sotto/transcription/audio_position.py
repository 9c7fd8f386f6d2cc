"""Where in a contact's audio a worker is."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.media.stereo import StereoChunk
from sotto.media.timeline import Resumption
from sotto.recognition.recogniser import FailoverStream
from sotto.transcription.contact_filter import ContactFilter
from sotto.transcription.ports import AudioStream


@dataclass(slots=True)
class AudioPosition:
    """``sent_until_ms``: call time up to which audio went to the recogniser; ``fragment``: the one that held the last
    of it."""

    stream: AudioStream
    recognition: FailoverStream
    contact_filter: ContactFilter
    sent_until_ms: int = 0
    fragment: str = ""

    def sent(self, chunk: StereoChunk) -> None:
        self.sent_until_ms = int(chunk.end_ms)
        self.fragment = chunk.fragment or self.fragment

    def resumption_at(self, sample: int) -> Resumption:
        return self.stream.resumption_at(sample)

    @property
    def needed_from_ms(self) -> float:
        """Call time of the oldest audio whose results have not been taken yet."""
        return min([self.recognition.needed_from_ms, *self.contact_filter.waiting_from_ms])
