"""Whisper on one stretch of speech: words, when each was spoken, and how sure the model is of it.

Numbers are spelled out ("four one one one"): the tokens that hold digits and currency signs are suppressed, because the
model loops on "111" and invents separators. A prompt is given only to read a number that was found to be one; elsewhere
there is none that could come back as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.adapters.whisper import weights
from sotto.recognition.adapters.whisper.features import FRAMES_A_SECOND, MELS, Samples, log_mel

WINDOW_S = 15
"""What the encoder is given, padded. Whisper's own window is 30 s; half of it costs a quarter and says the same, less
makes it repeat itself (docs/decisions/0370)."""
LONGEST_S = 14.4
CAREFUL_BEAM = 5
NUMBER_PROMPT = tuple("Sure . It is six zero six , three three three , zero nine . Thank you .".split())
"""A number read out as people do, in the words that are wanted."""
_START, _NO_TIMESTAMPS, _PREVIOUS, _END = 50257, 50362, 50360, 50256
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


class Whisper:
    """English. Not for several threads at once. Raises WeightsMistaken."""

    def __init__(self) -> None:
        from ctranslate2.models import Whisper as Model

        folder = weights.folder_of(weights.SPEECH)
        for name in ("config.json", "vocabulary.txt", "model.bin"):
            weights.checked(folder, name)
        self._model: Any = Model(str(folder), compute_type="int8", intra_threads=1, inter_threads=1)
        self._tokens = (folder / "vocabulary.txt").read_text("utf-8").split("\n")
        numerals = [n for n, token in enumerate(self._tokens[:_END]) if _is_numeral(token)]
        self._suppressed = [-1, *numerals]
        self._number_prompt = [_PREVIOUS, *(self._token(word) for word in NUMBER_PROMPT)]

    def _token(self, word: str) -> int:
        return self._tokens.index(f"Ġ{word}" if word.isalpha() else word)

    def read(self, audio: Samples, *, careful: bool, number: bool = False) -> Passage:
        """``audio``: at most LONGEST_S. ``careful``: with a beam, for finals. ``number``: one is read out in it."""
        if len(audio) < SAMPLE_RATE_HZ // 10:
            return NOTHING
        mel = log_mel(audio)
        encoded = self._model.encode(_stored(_windowed(mel)))
        prompt = self._number_prompt if number else []
        found = self._model.generate(
            encoded,
            [[*prompt, _START, _NO_TIMESTAMPS]],
            beam_size=CAREFUL_BEAM if careful else 1,
            max_length=len(prompt) + 2 + _TOKENS_AT_REST + round(len(audio) / SAMPLE_RATE_HZ * _TOKENS_A_SECOND),
            suppress_tokens=self._suppressed,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        text = [token for token in found.sequences_ids[0] if token < _END] if found.sequences_ids else []
        if not text:
            return NOTHING
        aligned = self._model.align(encoded, [_START], [text], [mel.shape[1]])[0]
        words = self._words(text, aligned.alignments, aligned.text_token_probs)
        return Passage(words, found.scores[0], found.no_speech_prob)

    def _words(
        self, text: list[int], alignments: list[tuple[int, int]], probabilities: list[float]
    ) -> tuple[Spoken, ...]:
        """A word begins at a token with a space before it, and lasts until the next one begins."""
        begins = np.full(len(text) + 1, -1, np.int64)
        for token, step in alignments:
            if begins[token] < 0:
                begins[token] = step
        times = np.maximum.accumulate(np.where(begins < 0, 0, begins)) * _ALIGNED_S
        firsts = [n for n, token in enumerate(text) if n == 0 or self._tokens[token].startswith("Ġ")]
        found = []
        for first, following in zip(firsts, [*firsts[1:], len(text)], strict=True):
            written = text_of([self._tokens[token] for token in text[first:following]]).strip()
            if written.strip(" .,!?-…"):
                sure = float(np.exp(np.mean(np.log(np.maximum(probabilities[first:following], 1e-6)))))
                found.append(Spoken(written, float(times[first]), float(times[following]), min(1.0, sure)))
        return tuple(found)


def _windowed(mel: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    window = np.zeros((1, MELS, WINDOW_S * FRAMES_A_SECOND), np.float32)
    kept = min(mel.shape[1], window.shape[2])
    window[0, :, :kept] = mel[:, :kept]
    return window


def _stored(array: npt.NDArray[np.float32]) -> Any:
    from ctranslate2 import StorageView

    return StorageView.from_array(array)


def _is_numeral(token: str) -> bool:
    return any(character.isdigit() or character in "$£€%" for character in token)


def _byte_of_character() -> dict[str, int]:
    """GPT-2 writes each byte of a token as one printable character."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    found = {chr(byte): byte for byte in printable}
    others = [byte for byte in range(256) if byte not in printable]
    return {**found, **{chr(256 + n): byte for n, byte in enumerate(others)}}


_BYTES = _byte_of_character()


def text_of(tokens: list[str]) -> str:
    return bytes(_BYTES[character] for token in tokens for character in token).decode("utf-8", "replace")
