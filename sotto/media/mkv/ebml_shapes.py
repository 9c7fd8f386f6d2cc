"""Remembers how masters are built, because a stream sends the same ones again and again with other values in them.

Every fragment repeats its header, its tracks and its tags. Two masters of the same length whose bytes are equal
everywhere but in their leaves' payloads have the same structure, sizes included; so one comparison replaces reading
them element by element. What is not exactly like the last one is read as if nothing were remembered.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, NamedTuple

from sotto.media.mkv.ebml_schema import LENGTH, UNKNOWN_SIZE, Schema, size_of

MOST_BYTES: Final = 4_096
MOST_SHAPES: Final = 256
_DEEPEST: Final = 8
BEGIN, END = -2, -1
_new = tuple.__new__


class _Unusual(Exception):
    """Not a master whose structure can be remembered."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """``layout`` cuts a master's bytes into fixed and variable pieces by turns, fixed ones first; ``fixed`` are the
    former. ``elements``: id, offset from the master's first byte, and which piece is the payload, or BEGIN or END."""

    layout: struct.Struct
    fixed: tuple[bytes, ...]
    elements: tuple[tuple[int, int, int], ...]


class Known(NamedTuple):
    """A master like one seen before: its shape, and the pieces that its bytes are made of."""

    shape: Shape
    pieces: tuple[bytes, ...]

    def elements(self, offset: int) -> list[tuple[int, int, bytes | bool | None]]:
        """What reading it element by element gives, when it lies at ``offset`` of the stream."""
        pieces: tuple[bytes | bool | None, ...] = (*self.pieces, True, None)
        return [(element_id, offset + inside, pieces[piece]) for element_id, inside, piece in self.shape.elements]


class Shapes:
    """The shape seen last for every id and size."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._seen: dict[bytes, Shape] = {}

    def known(self, data: bytes, at: int, body: int, after: int) -> Known | None:
        """The master at ``data[at:after]``, if one like it was seen before; otherwise it is remembered."""
        header = data[at:body]
        shape = self._seen.get(header)
        if shape is not None:
            pieces = shape.layout.unpack_from(data, at)
            if pieces[::2] == shape.fixed:
                return _new(Known, (shape, pieces))
        if after - at <= MOST_BYTES:
            if len(self._seen) >= MOST_SHAPES:
                self._seen.clear()
            try:
                self._seen[header] = _Walk(self._schema, data[at:after]).shape()
            except _Unusual:
                self._seen.pop(header, None)
        return None


class _Walk:
    def __init__(self, schema: Schema, data: bytes) -> None:
        self._schema, self._data = schema, data
        self._cuts = [0]
        self._elements: list[tuple[int, int, int]] = []

    def shape(self) -> Shape:
        self._element(0, len(self._data), 0)
        ends = [*self._cuts, len(self._data)]
        sizes = [end - begin for begin, end in zip(ends, ends[1:], strict=False)]
        layout = struct.Struct("".join(f"{size}s" for size in sizes))
        return Shape(layout, layout.unpack(self._data)[::2], tuple(self._elements))

    def _element(self, at: int, limit: int, depth: int) -> int:
        """Note the element at ``at`` and everything inside it; answers where it ends."""
        element_id, body, after = self._header(at, limit)
        if element_id in self._schema.masters:
            if depth >= _DEEPEST:
                raise _Unusual
            self._elements.append((element_id, at, BEGIN))
            inside = body
            while inside < after:
                inside = self._element(inside, after, depth + 1)
            self._elements.append((element_id, after, END))
            return after
        most = self._schema.leaves.get(element_id)
        if most is not None:
            if after - body > most:
                raise _Unusual
            self._elements.append((element_id, at, len(self._cuts)))
        self._cuts += (body, after)
        return after

    def _header(self, at: int, limit: int) -> tuple[int, int, int]:
        data = self._data
        size_at = at + LENGTH[data[at]]
        if data[at] < 0x10 or size_at >= limit:
            raise _Unusual
        body = size_at + LENGTH[data[size_at]]
        size = size_of(data[size_at:body])
        if not data[size_at] or body > limit or size == UNKNOWN_SIZE or body + size > limit:
            raise _Unusual
        return int.from_bytes(data[at:size_at], "big"), body, body + size
