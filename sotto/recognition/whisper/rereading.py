"""The final of a stretch: read with care, and read again in another way where the model is known to err."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.whisper.engine import NUMBER_PROMPT, Passage, Spoken
from sotto.recognition.whisper.features import Samples
from sotto.recognition.whisper.guards import NUMBER_WORDS, echoes, loops_in, number_words, unlooped
from sotto.recognition.whisper.pauses import pieces
from sotto.recognition.whisper.tenant_words import corrected, is_doubtful


class Reader(Protocol):
    """``Whisper`` is one."""

    def read(self, audio: Samples, *, careful: bool, number: bool = False, words: tuple[str, ...] = ()) -> Passage: ...


def read_final(reader: Reader, audio: Samples, words: tuple[str, ...] = ()) -> Passage:
    """``words``: the tenant's, for passages of which the model is not sure. A passage that repeats itself is read again
    between its pauses: people do say "one one one one", but a model that has begun to loop is stopped by the next
    pause. A number is read again as one."""
    passage = reader.read(audio, careful=True)
    if not loops_in(passage.words):
        if number_words(passage.words) >= NUMBER_WORDS:
            return _number(reader, passage, audio)
        if words and is_doubtful(passage):
            return corrected(passage, reader.read(audio, careful=True, words=words), words)
        return passage
    parts = pieces(audio)
    pieced = tuple(word for at_s, part in parts for word in _piece(reader, part, at_s)) if len(parts) > 1 else ()
    return replace(passage, words=pieced or unlooped(passage.words, len(audio) / SAMPLE_RATE_HZ))


def _piece(reader: Reader, audio: Samples, at_s: float) -> Iterator[Spoken]:
    passage = reader.read(audio, careful=True)
    for word in unlooped(passage.words, len(audio) / SAMPLE_RATE_HZ):
        yield replace(word, start_s=max(0.0, at_s + word.start_s), end_s=max(0.0, at_s + word.end_s))


def _number(reader: Reader, passage: Passage, audio: Samples) -> Passage:
    again = reader.read(audio, careful=True, number=True)
    worse = again.log_probability < passage.log_probability or number_words(again.words) < NUMBER_WORDS
    if worse or loops_in(again.words) or echoes(again.words, NUMBER_PROMPT, unprompted=passage.words):
        return passage
    return replace(again, silence=passage.silence)
