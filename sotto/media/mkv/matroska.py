"""Reads Matroska as Kinesis Video Streams sends it: segments, tracks, tags, clusters and blocks, as they arrive."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, cast

from sotto.media.mkv.ebml import ENDED, EbmlReader, Element, ElementRun, MalformedMedia
from sotto.media.mkv.ebml_schema import Schema
from sotto.media.mkv.ebml_shapes import BEGIN, END, MOST_SHAPES, Known, Shape
from sotto.media.mkv.matroska_events import (
    BLOCK_HEADER_BYTES,
    BlockFound,
    BlocksFound,
    ClusterFound,
    Event,
    HeaderFound,
    SegmentEnded,
    TagFound,
    TrackFound,
)

MAX_BLOCK_BYTES: Final = 8 << 20
MAX_TEXT_BYTES: Final = 64 << 10
_NANOSECONDS_A_TICK: Final = 1_000_000
_BLOCK_HEADER: Final = struct.Struct(">BhB").unpack_from
_TRACKS_OF_ONE_BYTE: Final = bytes(range(0x80, 0x100))
_FLAGS_WITHOUT_LACING: Final = bytes(flags for flags in range(256) if not flags & 0x06)
_new: Final = tuple.__new__

EBML, SEGMENT, INFO, TRACKS, TRACK, CLUSTER, TAGS, TAG, SIMPLE_TAG, BLOCK_GROUP = (
    0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0x1254C367, 0x7373, 0x67C8, 0xA0,
)  # fmt: skip
_TIMESTAMP_SCALE, _TRACK_NUMBER, _TRACK_NAME, _CODEC, _TAG_NAME, _TAG_TEXT = (
    0x2AD7B1, 0xD7, 0x536E, 0x86, 0x45A3, 0x4487,
)  # fmt: skip
_TIMESTAMP, _SIMPLE_BLOCK, _BLOCK = 0xE7, 0xA3, 0xA1
_CUES, _CHAPTERS, _ATTACHMENTS, _SEEK_HEAD = 0x1C53BB6B, 0x1043A770, 0x1941A469, 0x114D9B74

_PLAIN_TAG: Final = (SIMPLE_TAG, _TAG_NAME, _TAG_TEXT, SIMPLE_TAG)

SCHEMA: Final = Schema(
    masters={
        EBML: 0, SEGMENT: 0, INFO: 1, TRACKS: 1, CLUSTER: 1, TAGS: 1,
        TRACK: 2, TAG: 2, BLOCK_GROUP: 2, SIMPLE_TAG: 9,
    },
    leaves={
        _TIMESTAMP_SCALE: 8, _TRACK_NUMBER: 8, _TIMESTAMP: 8,
        _TRACK_NAME: MAX_TEXT_BYTES, _CODEC: MAX_TEXT_BYTES, _TAG_NAME: MAX_TEXT_BYTES, _TAG_TEXT: MAX_TEXT_BYTES,
        _SIMPLE_BLOCK: MAX_BLOCK_BYTES, _BLOCK: MAX_BLOCK_BYTES,
    },
    closers={_CUES: 1, _CHAPTERS: 1, _ATTACHMENTS: 1, _SEEK_HEAD: 1},
    runs=frozenset({_SIMPLE_BLOCK}),
)  # fmt: skip


class MatroskaReader:
    """``feed`` bytes, get events. Mistakes are reported like EbmlReader's: after the events that precede them."""

    def __init__(self) -> None:
        self._elements = EbmlReader(SCHEMA)
        self._failure: MalformedMedia | None = None
        self._scale = _NANOSECONDS_A_TICK
        self._cluster_ticks: int | None = None
        self._track_number, self._track_name, self._track_codec = 0, "", ""
        self._tags: list[tuple[str, str]] = []
        self._tags_in: dict[Shape, list[tuple[int, int, int]] | None] = {}

    @property
    def offset(self) -> int:
        return self._elements.offset

    def feed(self, data: bytes) -> list[Event]:
        """The events that ``data`` completes. Raises MalformedMedia for a mistake in earlier bytes."""
        if self._failure is not None:
            raise self._failure
        return self._events(self._elements.feed(data))

    def close(self) -> list[Event]:
        """What the end of the stream completes. Raises MalformedMedia when it comes inside an element."""
        if self._failure is not None:
            raise self._failure
        return self._events(self._elements.close())

    def _events(self, elements: list[Element]) -> list[Event]:
        found: list[Event] = []
        try:
            self._read(elements, found)
        except MalformedMedia as failure:
            self._failure = failure
            if not found:
                raise
        return found

    def _read(self, elements: Iterable[Element], found: list[Event]) -> None:
        for element_id, offset, payload in elements:
            event: Event | None
            if payload is True:
                event = self._master_began(element_id, offset)
            elif payload is ENDED:
                event = self._master_ended(element_id, offset)
            elif type(payload) is ElementRun:
                self._blocks(payload, offset, found)
                continue
            elif type(payload) is Known:
                self._known(payload, offset, found)
                continue
            elif element_id in (_SIMPLE_BLOCK, _BLOCK):
                event = self._block(cast(bytes, payload), offset)
            else:
                self._remember(element_id, offset, cast(bytes, payload))
                continue
            if event is not None:
                found.append(event)

    def _known(self, master: Known, offset: int, found: list[Event]) -> None:
        shape, pieces = master
        if shape not in self._tags_in:
            if len(self._tags_in) >= MOST_SHAPES:
                self._tags_in.clear()
            self._tags_in[shape] = _plain_tags(shape)
        tags = self._tags_in[shape]
        if tags is None or self._tags:
            self._read(master.elements(offset), found)
            return
        for ends, name, text in tags:
            if tag := _text(pieces[name]):
                found.append(_new(TagFound, (offset + ends, tag, _text(pieces[text]))))

    def _master_began(self, element_id: int, offset: int) -> Event | None:
        if element_id == SIMPLE_TAG:
            self._tags.append(("", ""))
        elif element_id == TRACK:
            self._track_number, self._track_name, self._track_codec = 0, "", ""
        elif element_id == CLUSTER:
            self._cluster_ticks = None
            return ClusterFound(offset)
        elif element_id == SEGMENT:
            self._scale = _NANOSECONDS_A_TICK
        elif element_id == EBML:
            return HeaderFound(offset)
        return None

    def _master_ended(self, element_id: int, offset: int) -> Event | None:
        if element_id == SIMPLE_TAG:
            name, value = self._tags[-1]
            path = "/".join([outer for outer, _ in self._tags[:-1]] + [name])
            self._tags.pop()
            return TagFound(offset, path, value) if name else None
        if element_id == TRACK:
            return TrackFound(offset, self._track_number, self._track_name, self._track_codec)
        return SegmentEnded(offset) if element_id == SEGMENT else None

    def _remember(self, element_id: int, offset: int, payload: bytes) -> None:
        if element_id in (_TAG_NAME, _TAG_TEXT):
            if self._tags:
                name, value = self._tags[-1]
                text = _text(payload)
                self._tags[-1] = (text, value) if element_id == _TAG_NAME else (name, text)
        elif element_id == _TIMESTAMP:
            self._cluster_ticks = int.from_bytes(payload, "big")
        elif element_id == _TRACK_NUMBER:
            self._track_number = int.from_bytes(payload, "big")
        elif element_id == _TRACK_NAME:
            self._track_name = _text(payload)
        elif element_id == _CODEC:
            self._track_codec = _text(payload)
        elif element_id == _TIMESTAMP_SCALE:
            self._scale = int.from_bytes(payload, "big")
            if self._scale == 0:
                raise MalformedMedia("TimestampScale is 0", offset)

    def _blocks(self, run: ElementRun, offset: int, found: list[Event]) -> None:
        data, at, count, step, header = run
        body, end = at + header, at + count * step
        # Bytes that lie a block apart are looked at together: track numbers of one byte, and no lacing.
        unusual = data[body:end:step].translate(None, _TRACKS_OF_ONE_BYTE) or (
            data[body + 3 : end : step].translate(None, _FLAGS_WITHOUT_LACING)
        )
        if not unusual and self._cluster_ticks is not None and step - header >= BLOCK_HEADER_BYTES:
            found.append(_new(BlocksFound, (run, offset, self._cluster_ticks, self._scale)))
            return
        for inside in range(0, count * step, step):
            found.append(self._block(data[body + inside : at + inside + step], offset + inside))

    def _block(self, payload: bytes, offset: int) -> BlockFound:
        cluster_ticks = self._cluster_ticks
        if cluster_ticks is not None and len(payload) >= BLOCK_HEADER_BYTES:
            track, ticks, flags = _BLOCK_HEADER(payload)
            if track & 0x80 and not flags & 0x06:
                # NamedTuple's own constructor takes three times as long, and a call has 30 of these a second.
                return _new(BlockFound, (offset, track & 0x7F, (cluster_ticks + ticks) * self._scale, payload[4:]))
        return self._unusual_block(payload, offset)

    def _unusual_block(self, payload: bytes, offset: int) -> BlockFound:
        """A block with a long track number or with lacing, or a mistake."""
        if self._cluster_ticks is None:
            raise MalformedMedia("a block comes before its cluster's Timestamp", offset)
        width = 9 - payload[0].bit_length() if payload and payload[0] else 0
        if not width or len(payload) < width + 3:
            raise MalformedMedia("a block is too short for its header", offset)
        track = int.from_bytes(payload[:width], "big") ^ (1 << (7 * width))
        ticks = int.from_bytes(payload[width : width + 2], "big", signed=True)
        audio = _without_lacing(payload, width + 3, payload[width + 2] & 0x06, offset)
        return BlockFound(offset, track, (self._cluster_ticks + ticks) * self._scale, audio)


def _plain_tags(shape: Shape) -> list[tuple[int, int, int]] | None:
    """Where each SimpleTag of a master ends, and which pieces are its name and its text; None when it holds more."""
    inside = [element for element in shape.elements if element[0] not in (TAGS, TAG)]
    if len(inside) % len(_PLAIN_TAG):
        return None
    tags = []
    for began, name, text, ended in zip(*[iter(inside)] * len(_PLAIN_TAG), strict=True):
        ids = (began[0], name[0], text[0], ended[0])
        if ids != _PLAIN_TAG or began[2] != BEGIN or ended[2] != END:
            return None
        tags.append((ended[1], name[2], text[2]))
    return tags


@lru_cache(maxsize=256)
def _text(payload: bytes) -> str:
    """EBML pads strings with zero bytes at will."""
    return payload.split(b"\0", 1)[0].decode("utf-8", "replace")


def _without_lacing(payload: bytes, at: int, lacing: int, offset: int) -> bytes:
    """The frames of a laced block, joined: for PCM they are consecutive samples, so only their sizes have to go."""
    if not lacing:
        return payload[at:]
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
