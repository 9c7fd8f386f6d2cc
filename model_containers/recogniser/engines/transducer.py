"""A cache-aware streaming transducer through sherpa-onnx, which keeps the encoder's state between chunks: every frame
is encoded once. The customer brings the model: encoder*.onnx, decoder*.onnx, joiner*.onnx and tokens.txt in a folder.

sherpa-onnx is imported when this engine is chosen and loaded, and not before. Written against 2.0.1
(https://k2-fsa.github.io/sherpa/onnx/python/index.html); with a real model it has not run here (docs/unverified.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model_containers.recogniser.batching import Batcher
from model_containers.recogniser.engines.engine import Channel, Emit, EngineUnusable, Work
from sotto.call.language import LanguageSet
from sotto.core.clock import Clock
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.whisper.features import Samples

PAUSE_S = 0.5
"""A pause as long as this ends a stretch, as with Whisper."""
LONGEST_STRETCH_S = 20.0
TAIL_S = 0.8
"""Silence after the audio, so that the last words leave the encoder's look-ahead."""
LAST_TOKEN_S = 0.08
_INTERIMS_STABLE = 0.9
_PARTS = ("encoder", "decoder", "joiner")


@dataclass(frozen=True, slots=True)
class TransducerSettings:
    """``languages``: what the model knows, since its files do not say. ``provider``: of onnxruntime, cpu or cuda."""

    folder: Path
    languages: tuple[str, ...] = ("en",)
    provider: str = "cpu"
    batch: int = 64
    threads: int = 1


class TransducerEngine:
    name = "transducer"

    def __init__(self, settings: TransducerSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._recogniser: Any = None
        self._batcher: Batcher[Any, None] | None = None

    @property
    def languages(self) -> LanguageSet:
        return LanguageSet(self._settings.languages)

    def load(self) -> None:
        try:
            from sherpa_onnx import OnlineRecognizer
        except ImportError as error:
            raise EngineUnusable("sherpa-onnx is not installed: pip install 'sotto[transducer]'") from error
        files = {part: str(_one_file(self._settings.folder, f"{part}*.onnx")) for part in _PARTS}
        try:
            self._recogniser = OnlineRecognizer.from_transducer(
                tokens=str(_one_file(self._settings.folder, "tokens.txt")),
                **files,
                num_threads=self._settings.threads,
                provider=self._settings.provider,
                enable_endpoint_detection=True,
                rule1_min_trailing_silence=PAUSE_S * 4,
                rule2_min_trailing_silence=PAUSE_S,
                rule3_min_utterance_length=LONGEST_STRETCH_S,
            )
        except (RuntimeError, ValueError, AssertionError) as error:
            raise EngineUnusable(f"{self._settings.folder}: sherpa-onnx does not load it: {error}") from error
        self._batcher = Batcher(
            self._pass,
            kind_of=lambda stream: None,
            is_urgent=lambda stream: False,
            clock=self._clock,
            most=self._settings.batch,
        )
        warm = self.channel(language="en", offset_ms=0.0, words=(), emit=lambda result: None)
        warm.audio(np.zeros(SAMPLE_RATE_HZ, np.float32))
        warm.finish()

    def channel(self, *, language: str, offset_ms: float, words: tuple[str, ...], emit: Emit) -> Channel:
        assert self._batcher is not None
        return _TransducerChannel(self._recogniser, self._batcher, offset_ms, emit)

    def work(self) -> Work:
        at = self._batcher
        return Work(at.behind_ms, at.running_ms, at.passes, at.readings, at.broken) if at else Work(0, 0, 0, 0)

    def close(self) -> None:
        if self._batcher is not None:
            self._batcher.close()

    def _pass(self, streams: Sequence[Any]) -> list[None]:
        self._recogniser.decode_streams(list(streams))
        return [None] * len(streams)


class _TransducerChannel:
    def __init__(self, recogniser: Any, batcher: Batcher[Any, None], offset_ms: float, emit: Emit) -> None:
        self._recogniser = recogniser
        self._batcher = batcher
        self._offset_ms = offset_ms
        self._emit = emit
        self._stream = recogniser.create_stream()
        self._stretch = 0
        self._shown = ""

    def audio(self, samples: Samples) -> None:
        self._stream.accept_waveform(SAMPLE_RATE_HZ, samples)
        self._decode()
        if self._recogniser.is_endpoint(self._stream):
            self._final(ends_speech=True)
        else:
            self._interim()

    def finish(self) -> None:
        self._stream.accept_waveform(SAMPLE_RATE_HZ, np.zeros(round(TAIL_S * SAMPLE_RATE_HZ), np.float32))
        self._stream.input_finished()
        self._decode()
        self._final(ends_speech=True)

    def _decode(self) -> None:
        while self._recogniser.is_ready(self._stream):
            self._batcher.ask(self._stream)

    def _interim(self) -> None:
        words = list(self._words())
        text = " ".join(word[0] for word in words)
        if text and text != self._shown:
            self._shown = text
            self._result(words, text, is_final=False, ends_speech=False)

    def _final(self, *, ends_speech: bool) -> None:
        words = list(self._words())
        if words or self._shown:
            self._result(words, " ".join(word[0] for word in words), is_final=True, ends_speech=ends_speech)
        self._recogniser.reset(self._stream)
        self._stretch += 1
        self._shown = ""

    def _result(self, words: list[TimedWord], text: str, *, is_final: bool, ends_speech: bool) -> None:
        begun_ms = self._offset_ms + self._recogniser.start_time(self._stream) * 1000
        self._emit(
            {
                "result_id": str(self._stretch),
                "start_ms": words[0][1] if words else begun_ms,
                "end_ms": words[-1][2] if words else begun_ms,
                "text": text,
                "words": words,
                "is_final": is_final,
                "stability": 1.0 if is_final else _INTERIMS_STABLE,
                "ends_speech": ends_speech,
            }
        )

    def _words(self) -> Iterator[TimedWord]:
        at = self._stream
        begun_s = self._recogniser.start_time(at)
        tokens, times = self._recogniser.tokens(at), self._recogniser.timestamps(at)
        yield from words_of(tokens, times, self._recogniser.ys_probs(at), self._offset_ms + begun_s * 1000)


TimedWord = tuple[str, float, float, float]
"""Text, start and end in call time (ms), confidence."""


def words_of(
    tokens: Sequence[str], times_s: Sequence[float], log_probabilities: Sequence[float], begun_ms: float
) -> Iterator[TimedWord]:
    """A word begins at a token with a space (or SentencePiece's mark for one) before it and lasts until the next."""
    firsts = [n for n, token in enumerate(tokens) if n == 0 or token[:1] in (" ", "▁")]
    for first, following in zip(firsts, [*firsts[1:], len(tokens)], strict=True):
        text = "".join(tokens[first:following]).replace("▁", " ").strip()
        if not text:
            continue
        end_s = times_s[following] if following < len(tokens) else times_s[-1] + LAST_TOKEN_S
        sure = log_probabilities[first:following]
        confidence = float(np.exp(np.mean(sure))) if len(sure) else 1.0
        yield text, begun_ms + times_s[first] * 1000, begun_ms + end_s * 1000, round(min(1.0, confidence), 3)


def _one_file(folder: Path, pattern: str) -> Path:
    """int8 where there are several. Raises EngineUnusable."""
    found = sorted(folder.glob(pattern), key=lambda path: ("int8" not in path.name, path.name))
    if not found:
        raise EngineUnusable(f"{folder}: no {pattern}; a streaming transducer for sherpa-onnx has one")
    return found[0]
