"""Whisper in a directory that CTranslate2 reads; without one, tiny.en of its package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model_containers.recogniser.batching import Batcher
from model_containers.recogniser.engines.engine import Channel, Emit, EngineUnusable, Work
from sotto.call.language import LanguageSet, primary
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.whisper.channel import ChannelSpeech
from sotto.recognition.whisper.detector import ChannelVoice, VoiceDetector
from sotto.recognition.whisper.engine import Passage, PassKind, Reading, Whisper
from sotto.recognition.whisper.features import Samples


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """``folder`` None: the packaged model. ``batch``: readings a pass; ``workers`` passes at once, each on ``threads``
    cores of a CPU."""

    folder: Path | None = None
    device: str = "cpu"
    compute_type: str = "int8"
    batch: int = 16
    workers: int = 1
    threads: int = 1


class WhisperEngine:
    name = "whisper"

    def __init__(self, settings: WhisperSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._whisper: Whisper | None = None
        self._detector: VoiceDetector | None = None
        self._batcher: Batcher[Reading, Passage] | None = None

    @property
    def languages(self) -> LanguageSet:
        return LanguageSet(self._whisper.languages) if self._whisper else LanguageSet(())

    def load(self) -> None:
        chosen = self._settings
        try:
            if chosen.folder is None:
                whisper = Whisper.packaged(workers=chosen.workers, threads=chosen.threads)
            else:
                whisper = Whisper(
                    chosen.folder,
                    device=chosen.device,
                    compute_type=chosen.compute_type,
                    workers=chosen.workers,
                    threads=chosen.threads,
                )
            self._detector = VoiceDetector()
            for careful in (False, True):  # with words, which want a part of the model that nothing else does
                whisper.read(_murmur(), careful=careful, words=("hello",) if careful else ())
        except (Rejected, ImportError) as error:
            raise EngineUnusable(str(error)) from error
        list(ChannelVoice(self._detector).feed(_murmur()))
        self._whisper = whisper
        self._batcher = Batcher(
            self._pass,
            kind_of=lambda reading: reading.kind,
            is_urgent=lambda reading: reading.kind.careful,
            clock=self._clock,
            most=chosen.batch,
            workers=chosen.workers,
        )

    def channel(self, *, language: str, offset_ms: float, words: tuple[str, ...], emit: Emit) -> Channel:
        assert self._batcher is not None and self._detector is not None
        reader = _BatchedReader(self._batcher, primary(language))
        return ChannelSpeech(reader, ChannelVoice(self._detector), offset_ms=offset_ms, words=words, emit=emit)

    def work(self) -> Work:
        at = self._batcher
        return Work(at.behind_ms, at.running_ms, at.passes, at.readings, at.broken) if at else Work(0, 0, 0, 0)

    def close(self) -> None:
        if self._batcher is not None:
            self._batcher.close()

    def _pass(self, readings: Sequence[Reading]) -> list[Passage]:
        assert self._whisper is not None
        return self._whisper.read_together(readings)


class _BatchedReader:
    """What a channel takes for a model of its own."""

    def __init__(self, batcher: Batcher[Reading, Passage], language: str) -> None:
        self._batcher = batcher
        self._language = language

    def read(self, audio: Samples, *, careful: bool, number: bool = False, words: tuple[str, ...] = ()) -> Passage:
        return self._batcher.ask(Reading(audio, PassKind(careful, number, self._language, words)))


def _murmur() -> Samples:
    """A second of noise: what it says is nobody's business, that it is read is what counts."""
    return np.random.default_rng(1).normal(0, 0.05, SAMPLE_RATE_HZ).astype(np.float32)
