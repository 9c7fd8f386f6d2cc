"""The process behind one channel of the embedded recogniser: audio frames in, results out, over one socket (fd 0).

Kept apart from the adapter because it holds the interpreter's lock for the length of a decode. It ends when its socket
closes, so a parent that dies, however it dies, leaves no process behind.

A frame is ``<IB``: length of the body and kind. In: S (JSON, begin a channel), A (mono s16le, 8 kHz), F (audio ended).
Out: R (JSON, a result), P (an A frame is done), D (all results of the channel are out).
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

HEADER = struct.Struct("<IB")
RATE_HZ = 8_000
NICENESS = 5
INTERIM_EVERY_MS = 300
LONGEST_SPEECH_MS = 20_000
ENDPOINT_WINDOW_S = 0.4
ENDPOINT_RATIO = 0.9
DECODER_FRAME_MS = 10
_VARIANT = re.compile(r"\(\d+\)$")


def frame(kind: str, body: bytes = b"") -> bytes:
    return HEADER.pack(len(body), ord(kind)) + body


@dataclass(frozen=True, slots=True)
class _Decoded:
    text: str
    words: list[tuple[str, float, float, float]]


class DecodedChannel:
    """One side of a call: finds speech, decodes it, and emits interims and finals as JSON-able dicts."""

    def __init__(self, decoder: Any, endpointer: Any, *, offset_ms: float, emit: Callable[[dict[str, Any]], None]):
        self._decoder = decoder
        self._endpointer = endpointer
        self._offset_ms = offset_ms
        self._emit = emit
        self._rest = b""
        self._decoding = False
        self._segment_ms = 0.0
        self._decoded_ms = 0.0
        self._interim_at_ms = 0.0
        self._interim_words: list[str] = []

    def audio(self, pcm: bytes) -> None:
        """Mono s16le at 8 kHz, any length."""
        data = self._rest + pcm
        size = self._endpointer.frame_bytes
        whole = len(data) // size * size
        self._rest = data[whole:]
        for at in range(0, whole, size):
            self._take(self._endpointer.process(data[at : at + size]))

    def finish(self) -> None:
        # One sample of silence, because the endpointer cannot end with none.
        self._take(self._endpointer.end_stream(self._rest or bytes(2)))
        self._rest = b""
        if self._decoding:
            self._final(ends_speech=True)

    def _take(self, speech: bytes | None) -> None:
        if speech is None:
            return
        if not self._decoding:
            self._begin(self._offset_ms + self._endpointer.speech_start * 1000)
        self._decoder.process_raw(doubled(speech), False, False)
        self._decoded_ms += len(speech) * 1000 / (2 * RATE_HZ)
        if not self._endpointer.in_speech:
            self._final(ends_speech=True)
        elif self._decoded_ms >= LONGEST_SPEECH_MS:
            next_ms = self._segment_ms + self._decoded_ms
            self._final(ends_speech=False)
            self._begin(next_ms)
        elif self._decoded_ms - self._interim_at_ms >= INTERIM_EVERY_MS:
            self._interim()

    def _begin(self, at_ms: float) -> None:
        self._segment_ms, self._decoded_ms, self._interim_at_ms = at_ms, 0.0, 0.0
        self._interim_words = []
        self._decoding = True
        self._decoder.start_utt()

    def _interim(self) -> None:
        self._interim_at_ms = self._decoded_ms
        hypothesis = self._hypothesis()
        words = [word[0] for word in hypothesis.words]
        if words and words != self._interim_words:
            kept = sum(1 for a, b in zip(self._interim_words, words, strict=False) if a == b)
            self._interim_words = words
            self._result(hypothesis, is_final=False, stability=round(kept / len(words), 2), ends_speech=False)

    def _final(self, *, ends_speech: bool) -> None:
        self._decoding = False
        self._decoder.end_utt()
        hypothesis = self._hypothesis()
        # An empty final takes back an interim that turned out to be noise.
        if hypothesis.words or self._interim_words:
            self._result(hypothesis, is_final=True, stability=1.0, ends_speech=ends_speech)

    def _result(self, hypothesis: _Decoded, *, is_final: bool, stability: float, ends_speech: bool) -> None:
        self._emit(
            {
                "result_id": f"{self._segment_ms:.0f}",
                "start_ms": hypothesis.words[0][1] if hypothesis.words else self._segment_ms,
                "end_ms": hypothesis.words[-1][2] if hypothesis.words else self._segment_ms + self._decoded_ms,
                "text": hypothesis.text,
                "words": hypothesis.words,
                "is_final": is_final,
                "stability": stability,
                "ends_speech": ends_speech,
            }
        )

    def _hypothesis(self) -> _Decoded:
        if self._decoder.hyp() is None:
            return _Decoded("", [])
        words = [self._word(s) for s in self._decoder.seg() if s.word[0] not in "<[+"]
        return _Decoded(" ".join(word[0] for word in words), words)

    def _word(self, segment: Any) -> tuple[str, float, float, float]:
        """A dictionary entry such as ``to(2)`` is a variant of pronunciation, not another word."""
        start_ms = self._segment_ms + segment.start_frame * DECODER_FRAME_MS
        end_ms = self._segment_ms + (segment.end_frame + 1) * DECODER_FRAME_MS
        # A posterior in the decoder's log domain; rounding lets it exceed one.
        confidence = min(1.0, self._decoder.logmath.exp(segment.prob))
        return _VARIANT.sub("", segment.word), start_ms, end_ms, round(confidence, 3)


def doubled(pcm: bytes) -> bytes:
    """8 kHz to the model's 16 kHz by holding each sample.

    A proper low-pass leaves the model's upper filters empty, which it never saw in training; the mirror image that
    holding leaves there suits it better with one of two voices measured (docs/decisions/0040).
    """
    samples = array("h", pcm)
    held = array("h", bytes(4 * len(samples)))
    held[::2] = samples
    held[1::2] = samples
    return held.tobytes()


def new_decoder() -> Any:
    from pocketsphinx import Decoder

    # The second pass would hold each final back by 0.2 to 0.3 s; on the sample calls' sentences it corrects nothing.
    return Decoder(loglevel="FATAL", logfn=os.devnull, fwdflat=False)


def new_endpointer() -> Any:
    from pocketsphinx import Endpointer

    return Endpointer(window=ENDPOINT_WINDOW_S, ratio=ENDPOINT_RATIO, sample_rate=RATE_HZ)


def frames(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    while len(header := stream.read(HEADER.size)) == HEADER.size:
        length, kind = HEADER.unpack(header)
        yield chr(kind), stream.read(length)


def serve(connection: socket.socket) -> None:
    """One channel after another, until the parent closes the socket."""
    decoder = new_decoder()
    channel: DecodedChannel | None = None

    def emit(result: dict[str, Any]) -> None:
        connection.sendall(frame("R", json.dumps(result).encode()))

    with connection.makefile("rb") as incoming:
        for kind, body in frames(incoming):
            if kind == "S":
                decoder.reinit_feat()  # forget the cepstral means of the call before
                channel = DecodedChannel(decoder, new_endpointer(), offset_ms=json.loads(body)["offset_ms"], emit=emit)
            elif channel and kind == "A":
                channel.audio(body)
                connection.sendall(frame("P"))
            elif channel and kind == "F":
                channel.finish()
                connection.sendall(frame("D"))


def main() -> None:
    # Ctrl-C reaches the whole process group; the parent decides when this process ends, by closing the socket.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    try:
        serve(socket.socket(fileno=0))
    except (BrokenPipeError, ConnectionResetError):
        return


if __name__ == "__main__":
    main()
