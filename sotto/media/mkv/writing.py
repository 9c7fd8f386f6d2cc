"""Matroska's elements as bytes (RFC 8794, RFC 9559): what a producer sends, and what the embedded AWS hands on."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

from sotto.media.mkv.matroska import CLUSTER, EBML, INFO, SEGMENT, SIMPLE_BLOCK, TIMESTAMP, TRACK, TRACKS

UNKNOWN_SIZE = b"\x01" + b"\xff" * 7
KEYFRAME = 0x80
_AUDIO = 2


def tags_of(**tags: str) -> bytes:
    simple = (element(0x67C8, text_element(0x45A3, name) + text_element(0x4487, value)) for name, value in tags.items())
    return element(0x1254C367, element(0x7373, element(0x63C0, b"") + b"".join(simple)))


def identifier(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def element(number: int, payload: bytes) -> bytes:
    size, width = len(payload), 1
    while size >= (1 << (7 * width)) - 1:
        width += 1
    return identifier(number) + (size | 1 << (7 * width)).to_bytes(width, "big") + payload


def number_element(number: int, value: int) -> bytes:
    return element(number, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def text_element(number: int, value: str) -> bytes:
    return element(number, value.encode())


def header(segment_id: bytes, tracks: Mapping[int, tuple[str, str]], *, title: str, app: str) -> bytes:
    """What a stream of audio begins with, the segment left open. ``segment_id``: 16 bytes; ``tracks``: name and codec
    by number. Times count milliseconds."""
    ebml = element(EBML, number_element(0x4286, 1) + number_element(0x42F7, 1) + text_element(0x4282, "matroska"))
    info = element(
        INFO,
        element(0x73A4, segment_id) + number_element(0x2AD7B1, 1_000_000)
        + text_element(0x7BA9, title) + text_element(0x4D80, app) + text_element(0x5741, app),
    )  # fmt: skip
    entries = b"".join(
        element(
            TRACK,
            number_element(0xD7, number) + number_element(0x73C5, number) + number_element(0x83, _AUDIO)
            + text_element(0x86, codec) + text_element(0x536E, name),
        )
        for number, (name, codec) in tracks.items()
    )  # fmt: skip
    return ebml + identifier(SEGMENT) + UNKNOWN_SIZE + info + element(TRACKS, entries)


def cluster_start(time_ms: int) -> bytes:
    """A cluster of unknown size: its blocks follow until something else begins."""
    return identifier(CLUSTER) + UNKNOWN_SIZE + number_element(TIMESTAMP, time_ms)


def simple_block(track: int, relative_ms: int, audio: bytes) -> bytes:
    """``relative_ms``: since the cluster's time, at most 32,767."""
    return element(SIMPLE_BLOCK, struct.pack(">BhB", 0x80 | track, relative_ms, KEYFRAME) + audio)


def cluster(time_ms: int, blocks: Iterable[tuple[int, int, bytes]]) -> bytes:
    """``blocks``: track, milliseconds since ``time_ms``, audio."""
    return cluster_start(time_ms) + b"".join(simple_block(*block) for block in blocks)
