"""The process behind one call of the embedded recogniser: audio frames in, results out, over one socket (fd 0).

Kept apart from the adapter because it holds the interpreter's lock for the length of a pass, and one for both channels
because the model is most of its memory. It ends when its socket closes, so a parent that dies, however it dies, leaves
no process behind.

A frame is ``<IB``: length of the body and kind. In: S (JSON, begin a call), A (s16le, 8 kHz, customer and agent
interleaved), F (audio ended). Out: R (JSON, a result), P (an A frame is done), D (all results of the call are out).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

HEADER = struct.Struct("<IB")
NICENESS = 5
SPEAKERS = ("customer", "agent")


def frame(kind: str, body: bytes = b"") -> bytes:
    return HEADER.pack(len(body), ord(kind)) + body


def frames(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    while len(header := stream.read(HEADER.size)) == HEADER.size:
        length, kind = HEADER.unpack(header)
        yield chr(kind), stream.read(length)


def serve(connection: socket.socket) -> None:
    """One call after another, until the parent closes the socket."""
    import numpy as np

    from sotto.recognition.whisper.channel import ChannelSpeech
    from sotto.recognition.whisper.detector import ChannelVoice, VoiceDetector
    from sotto.recognition.whisper.engine import Whisper

    whisper, detector = Whisper.packaged(), VoiceDetector()
    channels: list[ChannelSpeech] = []

    def channel(speaker: str, offset_ms: float, words: tuple[str, ...], interims: bool) -> ChannelSpeech:
        def emit(result: dict[str, Any]) -> None:
            result |= {"speaker": speaker, "result_id": f"{speaker}-{result['result_id']}"}
            connection.sendall(frame("R", json.dumps(result).encode()))

        voice = ChannelVoice(detector)
        return ChannelSpeech(whisper, voice, offset_ms=offset_ms, words=words, emit=emit, interims=interims)

    with connection.makefile("rb") as incoming:
        for kind, body in frames(incoming):
            if kind == "S":
                begun = json.loads(body)
                words = tuple(begun["words"])
                begins = begun["offset_ms"], words, begun["interims"]
                channels = [channel(speaker, *begins) for speaker in SPEAKERS]
            elif kind == "A":
                connection.sendall(frame("P"))
                samples = (np.frombuffer(body, "<i2") / 32_768).astype(np.float32)
                for position, each in enumerate(channels):
                    each.audio(samples[position::2])
            elif kind == "F":
                for each in channels:
                    each.finish()
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
