"""Which elements of Matroska matter here, and what a block's and a string's bytes mean (RFC 9559)."""

from __future__ import annotations

import struct
from typing import Final

from sotto.media.mkv.ebml import MalformedMedia
from sotto.media.mkv.ebml_schema import LENGTH, Schema

MAX_BLOCK_BYTES: Final = 8 << 20
MAX_TEXT_BYTES: Final = 64 << 10
NANOSECONDS_A_TICK: Final = 1_000_000
_TICKS_AND_FLAGS: Final = struct.Struct(">hB")
_LACING: Final = 0x06

EBML, SEGMENT, INFO, TRACKS, TRACK, CLUSTER, TAGS, TAG, SIMPLE_TAG, BLOCK_GROUP = (
    0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0x1254C367, 0x7373, 0x67C8, 0xA0,
)  # fmt: skip
TIMESTAMP_SCALE, TRACK_NUMBER, TRACK_NAME, TAG_NAME, TAG_TEXT = 0x2AD7B1, 0xD7, 0x536E, 0x45A3, 0x4487
TIMESTAMP, SIMPLE_BLOCK, BLOCK = 0xE7, 0xA3, 0xA1
_CODEC: Final = 0x86
"""Nobody asks for it, but a size that no codec's name has is a mistake that should be found here."""
_CUES, _CHAPTERS, _ATTACHMENTS, _SEEK_HEAD = 0x1C53BB6B, 0x1043A770, 0x1941A469, 0x114D9B74

SCHEMA: Final = Schema(
    masters={
        EBML: 0, SEGMENT: 0, INFO: 1, TRACKS: 1, CLUSTER: 1, TAGS: 1,
        TRACK: 2, TAG: 2, BLOCK_GROUP: 2, SIMPLE_TAG: 9,
    },
    leaves={
        TIMESTAMP_SCALE: 8, TRACK_NUMBER: 8, TIMESTAMP: 8,
        TRACK_NAME: MAX_TEXT_BYTES, _CODEC: MAX_TEXT_BYTES, TAG_NAME: MAX_TEXT_BYTES, TAG_TEXT: MAX_TEXT_BYTES,
        SIMPLE_BLOCK: MAX_BLOCK_BYTES, BLOCK: MAX_BLOCK_BYTES,
    },
    closers={_CUES: 1, _CHAPTERS: 1, _ATTACHMENTS: 1, _SEEK_HEAD: 1},
)  # fmt: skip


def number_of(payload: bytes) -> int:
    return int.from_bytes(payload, "big")


def text_of(payload: bytes) -> str:
    """EBML pads strings with zero bytes at will."""
    return payload.split(b"\0", 1)[0].decode("utf-8", "replace")


def block_parts(payload: bytes, offset: int) -> tuple[int, int, bytes]:
    """Of a SimpleBlock or a Block at this ``offset``: its track, ticks since the cluster's time, and audio without
    lacing. Raises MalformedMedia."""
    width = LENGTH[payload[0]] if payload else 0
    begins = width + _TICKS_AND_FLAGS.size
    if not width or len(payload) < begins:
        raise MalformedMedia("a block is too short for its header", offset)
    track = number_of(payload[:width]) ^ (1 << (7 * width))
    ticks, flags = _TICKS_AND_FLAGS.unpack_from(payload, width)
    lacing = flags & _LACING
    return track, ticks, _without_lacing(payload, begins, lacing, offset) if lacing else payload[begins:]


def _without_lacing(payload: bytes, at: int, lacing: int, offset: int) -> bytes:
    """The frames of a laced block, joined: for PCM they are consecutive samples, so only their sizes have to go."""
    try:
        sizes, at = payload[at], at + 1
        if lacing == 0x02:
            for _ in range(sizes):
                while payload[at] == 0xFF:
                    at += 1
                at += 1
        elif lacing == 0x06:
            for _ in range(sizes):
                if not payload[at]:
                    raise IndexError
                at += 9 - payload[at].bit_length()
    except IndexError:
        raise MalformedMedia("a laced block's frame sizes run past its end", offset) from None
    if at > len(payload):
        raise MalformedMedia("a laced block's frame sizes run past its end", offset)
    return payload[at:]
