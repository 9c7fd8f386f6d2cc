"""What an import asks of whoever decodes recordings, and of whoever recognises them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from sotto.call.contact import Contact
from sotto.call.transcript_result import TranscriptResult
from sotto.imports.audio.windows import AudioWindow

Parted = Callable[[bytes], tuple[bytes, bytes]]
"""Two voices on one channel, told apart: customer and agent, s16le at 8 kHz."""


class AudioFile(Protocol):
    """``is_cut_off``: after the last block, whether less was there than the file promised."""

    is_cut_off: bool

    def blocks(self) -> Iterator[bytes]:
        """s16le at 8 kHz, interleaved customer, agent. Raises ItemMistaken."""
        ...


class AudioDecoder(Protocol):
    def open(self, file: BinaryIO, *, agent_channel: int) -> AbstractContextManager[AudioFile]:
        """Raises ItemMistaken where it is no recording of a call."""
        ...


class RecordingRecognisers(Protocol):
    """A tenant's recognisers, given recordings as fast as they take them."""

    def at_once(self, tenant: str) -> int:
        """How many windows side by side."""
        ...

    def finals(self, contact: Contact, windows: Sequence[AudioWindow]) -> list[list[TranscriptResult]]:
        """Of each window. Raises LanguageNotRecognised, and RecogniserUnavailable where each provider failed."""
        ...


def interleaved(customer: bytes, agent: bytes) -> bytes:
    """The shorter one is filled up with silence."""
    both = array("h", bytes(2 * max(len(customer), len(agent))))
    both[0 : len(customer) // 2 * 2 : 2] = array("h", customer)
    both[1 : len(agent) // 2 * 2 : 2] = array("h", agent)
    return both.tobytes()


def swapped(pcm: bytes) -> bytes:
    """The other channel first."""
    samples = array("h", pcm)
    samples[0::2], samples[1::2] = samples[1::2], samples[0::2]
    return samples.tobytes()
