"""What a Matroska stream turns out to hold, piece by piece."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from sotto.media.mkv.ebml import ElementRun

BLOCK_HEADER_BYTES: Final = 4
"""Of a block whose track number takes one byte."""


class HeaderFound(NamedTuple):
    """An EBML header: Kinesis Video Streams begins each fragment with one."""

    offset: int


class SegmentEnded(NamedTuple):
    offset: int


class TrackFound(NamedTuple):
    offset: int
    number: int
    name: str
    codec: str


class TagFound(NamedTuple):
    """One SimpleTag. A nested one has the names it stands in before its own: ``OUTER/INNER``."""

    offset: int
    name: str
    value: str


class ClusterFound(NamedTuple):
    offset: int


class BlockFound(NamedTuple):
    """The audio of one block; ``time_ns`` is cluster time plus the block's own, both in the segment's scale."""

    offset: int
    track: int
    time_ns: int
    data: bytes


class BlocksFound(NamedTuple):
    """Blocks of one cluster and one size in a row, not laced, their track numbers of one byte; not taken apart yet.

    Their time is that of the cluster (``cluster_ticks``) and their own, times ``scale``.
    """

    run: ElementRun
    offset: int
    cluster_ticks: int
    scale: int

    def parts(self) -> Iterator[tuple[int, int, int, bytes]]:
        """Of each block: track number with its marker bit, ticks since the cluster's time, flags, audio."""
        data, at, count, step, header = self.run
        return _layout(header, step).iter_unpack(memoryview(data)[at : at + count * step])

    def blocks(self) -> Iterator[BlockFound]:
        for index, (track, ticks, _, audio) in enumerate(self.parts()):
            time_ns = (self.cluster_ticks + ticks) * self.scale
            yield BlockFound(self.offset + index * self.run.step, track & 0x7F, time_ns, audio)


Event = HeaderFound | SegmentEnded | TrackFound | TagFound | ClusterFound | BlockFound | BlocksFound


def each_block(events: Iterable[Event]) -> Iterator[Event]:
    """The events with every block as a BlockFound of its own."""
    for event in events:
        if isinstance(event, BlocksFound):
            yield from event.blocks()
        else:
            yield event


@lru_cache(maxsize=64)
def _layout(header: int, step: int) -> struct.Struct:
    """A SimpleBlock with ``header`` bytes of id and size, ``step`` bytes long in all."""
    return struct.Struct(f">{header}xBhB{step - header - BLOCK_HEADER_BYTES}s")
