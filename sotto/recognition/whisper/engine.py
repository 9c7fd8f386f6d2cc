"""Whisper on stretches of speech: words, when each was spoken, and how sure the model is of it.

English numbers are spelled out ("four one one one"): the tokens that hold digits and currency signs are suppressed,
because the model loops on "111" and invents separators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.whisper import weights
from sotto.recognition.whisper.features import FRAMES_A_SECOND, Samples, log_mel
from sotto.recognition.whisper.vocabulary import Vocabulary

WINDOW_S = 15
"""What the encoder is given, padded. Whisper's own window is 30 s; half of it costs a quarter and says the same, less
makes it repeat itself (docs/decisions/0370)."""
LONGEST_S = 14.4
CAREFUL_BEAM = 5
NUMBER_PROMPT = tuple("Sure . It is six zero six , three three three , zero nine . Thank you .".split())
"""A number read out as people do, in the words that are wanted."""
ENGLISH = "en"
MOST_PROMPT_TOKENS = 120
"""Of the tenant's words. Whisper takes 223; each costs time in every reading that has them."""
PROMPTS_KEPT = 256
_TOKENS_AT_REST, _TOKENS_A_SECOND = 8, 9
"""No more text than can have been said in the time: where a loop ends at the latest."""
_ALIGNED_S = 0.02


@dataclass(frozen=True, slots=True)
class Spoken:
    """``start_s`` and ``end_s`` within the stretch; ``confidence`` 0..1."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Passage:
    """``log_probability``: mean of the tokens; ``silence``: how likely nobody speaks, 0..1, by Whisper itself."""

    words: tuple[Spoken, ...]
    log_probability: float
    silence: float


NOTHING = Passage((), 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class PassKind:
    """What readings have in common that share a pass. ``careful``: with a beam, for finals. ``number``: one is read
    out. ``words``: the tenant's, given as what was said before."""

    careful: bool
    number: bool = False
    language: str = ENGLISH
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """``audio``: at most LONGEST_S."""

    audio: Samples
    kind: PassKind

    @property
    def most_tokens(self) -> int:
        return _TOKENS_AT_REST + round(len(self.audio) / SAMPLE_RATE_HZ * _TOKENS_A_SECOND)


class Whisper:
    """Any Whisper model that was converted for CTranslate2. Raises WeightsMistaken.

    ``workers`` passes may run at once, each on ``threads`` cores; more than that wait inside.
    """

    def __init__(
        self, folder: Path, *, device: str = "cpu", compute_type: str = "int8", workers: int = 1, threads: int = 1
    ) -> None:
        from ctranslate2.models import Whisper as Model

        self._vocabulary = Vocabulary(folder)
        try:
            self._model: Any = Model(
                str(folder), device=device, compute_type=compute_type, inter_threads=workers, intra_threads=threads
            )
        except (RuntimeError, ValueError) as error:
            raise weights.WeightsMistaken(f"{folder}: CTranslate2 does not load it: {error}") from error
        self._mels: int = self._model.n_mels
        self._suppressed = [-1, *self._vocabulary.numerals]
        self._prompts: dict[tuple[str, ...], list[int]] = {}

    @classmethod
    def packaged(cls, *, workers: int = 1, threads: int = 1) -> Whisper:
        """tiny.en of its package, every file checked by its digest."""
        folder = weights.folder_of(weights.SPEECH)
        for name in ("config.json", "vocabulary.txt", "tokenizer.json", "model.bin"):
            weights.checked(folder, name)
        return cls(folder, workers=workers, threads=threads)

    @property
    def languages(self) -> tuple[str, ...]:
        return self._vocabulary.languages() if self._model.is_multilingual else (ENGLISH,)

    def read(self, audio: Samples, *, careful: bool, number: bool = False, words: tuple[str, ...] = ()) -> Passage:
        return self.read_together([Reading(audio, PassKind(careful, number, words=words))])[0]

    def read_together(self, readings: Sequence[Reading]) -> list[Passage]:
        """In one pass, which is quicker where the processor has room for it. All of the same kind."""
        found = [NOTHING] * len(readings)
        spoken = [(n, each) for n, each in enumerate(readings) if len(each.audio) >= SAMPLE_RATE_HZ // 10]
        for (n, _), passage in zip(spoken, self._pass([each for _, each in spoken]), strict=True):
            found[n] = passage
        return found

    def _pass(self, readings: list[Reading]) -> list[Passage]:
        if not readings:
            return []
        kind = readings[0].kind
        spectrograms = [log_mel(each.audio, self._mels) for each in readings]
        encoded = self._model.encode(_stored(_windowed(spectrograms)))
        opening = self._vocabulary.opening(kind.language if self._model.is_multilingual else None)
        prompt = self._number_prompt() if kind.number else self._words_prompt(kind.words)
        written = self._model.generate(
            encoded,
            [[*prompt, *opening, self._vocabulary.no_timestamps]] * len(readings),
            beam_size=CAREFUL_BEAM if kind.careful else 1,
            max_length=len(prompt) + len(opening) + 1 + max(each.most_tokens for each in readings),
            suppress_tokens=self._suppressed if kind.language == ENGLISH else [-1],
            return_scores=True,
            return_no_speech_prob=True,
        )
        texts = [self._text(each, reading) for each, reading in zip(written, readings, strict=True)]
        if not any(texts):
            return [NOTHING] * len(readings)
        # Nothing cannot be aligned: a token stands in for it.
        stand_in = [self._vocabulary.end - 1]
        frames = [each.shape[1] for each in spectrograms]
        aligned = self._model.align(encoded, opening, [text or stand_in for text in texts], frames)
        return [
            Passage(self._words(text, at.alignments, at.text_token_probs), each.scores[0], each.no_speech_prob)
            if text
            else NOTHING
            for text, at, each in zip(texts, aligned, written, strict=True)
        ]

    def _number_prompt(self) -> list[int]:
        return [self._vocabulary.previous, *(self._vocabulary.word(word) for word in NUMBER_PROMPT)]

    def _words_prompt(self, words: tuple[str, ...]) -> list[int]:
        """As many of the words as fit, the first ones first."""
        if not words:
            return []
        if (known := self._prompts.get(words)) is None:
            tokens: list[int] = []
            for n, word in enumerate(words):
                following = self._vocabulary.encoded(f" {word}." if n == len(words) - 1 else f" {word},")
                if len(tokens) + len(following) > MOST_PROMPT_TOKENS:
                    break
                tokens += following
            known = [self._vocabulary.previous, *tokens]
            if len(self._prompts) >= PROMPTS_KEPT:
                self._prompts.clear()
            self._prompts[words] = known
        return known

    def _text(self, written: Any, reading: Reading) -> list[int]:
        """A pass is as long as its longest reading; each of the others ends where it would have ended alone."""
        tokens = written.sequences_ids[0] if written.sequences_ids else []
        return [token for token in tokens if token < self._vocabulary.end][: reading.most_tokens]

    def _words(
        self, text: list[int], alignments: list[tuple[int, int]], probabilities: list[float]
    ) -> tuple[Spoken, ...]:
        """A word begins at a token with a space before it, and lasts until the next one begins."""
        begins = np.full(len(text) + 1, -1, np.int64)
        for token, step in alignments:
            if begins[token] < 0:
                begins[token] = step
        times = np.maximum.accumulate(np.where(begins < 0, 0, begins)) * _ALIGNED_S
        firsts = [n for n, token in enumerate(text) if n == 0 or self._vocabulary.begins_word(token)]
        found = []
        for first, following in zip(firsts, [*firsts[1:], len(text)], strict=True):
            written = self._vocabulary.text_of(text[first:following]).strip()
            if written.strip(" .,!?-…"):
                sure = float(np.exp(np.mean(np.log(np.maximum(probabilities[first:following], 1e-6)))))
                found.append(Spoken(written, float(times[first]), float(times[following]), min(1.0, sure)))
        return tuple(found)


def _windowed(spectrograms: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    window = np.zeros((len(spectrograms), len(spectrograms[0]), WINDOW_S * FRAMES_A_SECOND), np.float32)
    for row, mel in enumerate(spectrograms):
        kept = min(mel.shape[1], window.shape[2])
        window[row, :, :kept] = mel[:, :kept]
    return window


def _stored(array: npt.NDArray[np.float32]) -> Any:
    from ctranslate2 import StorageView

    return StorageView.from_array(array)
