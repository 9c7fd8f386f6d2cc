"""Reads EBML from bytes as they arrive (RFC 8794): any split, unknown sizes, bounded memory.

The reader knows three kinds of element from its schema: masters, whose children it reads; leaves, whose payload it
hands over whole; and everything else, which it skips by the size declared without ever keeping it. It finds its way
by sizes alone and never looks for magic numbers, because PCM may contain them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from sotto.errors import Rejected

UNKNOWN_SIZE: Final = -1
ENDED: Final = None
_UNBOUNDED: Final = 1 << 62
_MAX_DEPTH: Final = 32

# How many bytes a variable-length integer has, by its first byte (0: no valid integer starts like that).
_LENGTH: Final = bytes(0 if byte == 0 else 9 - byte.bit_length() for byte in range(256))


class MalformedMedia(Rejected):
    """The media is not what EBML, Matroska or Amazon Connect's shape allows; ``offset`` says at which byte."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(f"{problem} (at byte {offset})")
        self.problem = problem
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Schema:
    """Which elements matter.

    ``masters`` maps a master's id to its level: an element that stands at a level closes the open masters of unknown
    size at the same level or below. ``leaves`` maps a leaf's id to the most bytes it may have. ``closers`` are
    further ids, with their level, that close a master of unknown size.
    """

    masters: Mapping[int, int]
    leaves: Mapping[int, int]
    closers: Mapping[int, int]


class Element(NamedTuple):
    """``payload`` is the bytes of a leaf, True where a master begins and None where it ends."""

    id: int
    offset: int
    payload: bytes | bool | None


class EbmlReader:
    """``feed`` bytes, get elements.

    When the bytes turn out to be malformed, the elements before the mistake are handed over first and the next call
    of ``feed`` or ``close`` raises MalformedMedia; so a cut or a mistake never costs what came before it.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._closers = {**schema.closers, **schema.masters}
        self._pending = bytearray()
        self._needed = 2
        self._skip = 0
        self._offset = 0
        self._open: list[tuple[int, int]] = []
        self._limit = _UNBOUNDED
        self._failure: MalformedMedia | None = None

    @property
    def offset(self) -> int:
        """How many bytes of the stream are understood."""
        return self._offset

    def feed(self, data: bytes) -> list[Element]:
        """The elements that ``data`` completes. Raises MalformedMedia for a mistake in earlier bytes."""
        if self._failure is not None:
            raise self._failure
        found: list[Element] = []
        try:
            buffered = self._buffered(data)
            if buffered:
                self._read(buffered, found)
        except MalformedMedia as failure:
            if not found:
                self._failure = failure
                raise
            self._failure = failure
        return found

    def close(self) -> list[Element]:
        """The ends of the masters still open. Raises MalformedMedia when the stream stops inside an element."""
        if self._failure is not None:
            raise self._failure
        if self._pending or self._skip:
            raise MalformedMedia("the stream ends inside an element", self._offset + len(self._pending))
        if self._limit != _UNBOUNDED and self._limit > self._offset:
            raise MalformedMedia(f"the stream ends {self._limit - self._offset} bytes early", self._offset)
        ends = [Element(element_id, self._offset, ENDED) for element_id, _ in reversed(self._open)]
        self._open.clear()
        self._limit = _UNBOUNDED
        return ends

    def _buffered(self, data: bytes) -> bytes:
        """What there is to read, or nothing while an element is incomplete: each byte is copied once or twice."""
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            self._offset += skipped
            data = data[skipped:]
        if not self._pending:
            return data
        self._pending += data
        if len(self._pending) < self._needed:
            return b""
        buffered = bytes(self._pending)
        self._pending.clear()
        return buffered

    def _keep(self, rest: bytes, needed: int) -> None:
        self._pending += rest
        self._needed = needed

    def _read(self, data: bytes, found: list[Element]) -> None:
        """The inner loop, written flat: it decides how many calls one core can listen to."""
        masters, leaves, closers, length_of = self._schema.masters, self._schema.leaves, self._closers, _LENGTH
        append, start = found.append, self._offset
        at, end = 0, len(data)
        while True:
            if start + at >= self._limit:
                self._close_known(start + at, found)
            if end - at < 2:
                break
            first = data[at]
            id_length = length_of[first]
            body = at + id_length
            if id_length == 1:
                element_id = first
            elif id_length == 0 or id_length > 4:
                self._offset = start + at
                raise MalformedMedia(f"no element id starts with byte 0x{first:02x}", start + at)
            elif body >= end:
                break
            else:
                element_id = int.from_bytes(data[at:body], "big")
            first = data[body]
            size_length = length_of[first]
            if size_length == 1:
                size = first & 0x7F if first != 0xFF else UNKNOWN_SIZE
            elif size_length == 0:
                self._offset = start + at
                raise MalformedMedia("an element's size is longer than 8 bytes", start + body)
            elif body + size_length > end:
                break
            else:
                size = int.from_bytes(data[body : body + size_length], "big") ^ (1 << (7 * size_length))
                if size == (1 << (7 * size_length)) - 1:
                    size = UNKNOWN_SIZE
            body += size_length

            if element_id in leaves:
                after = body + size
                if size < 0 or size > leaves[element_id] or start + after > self._limit:
                    self._offset = start + at
                    raise self._bad_size(element_id, size, start + at)
                if after > end:
                    break
                append(Element(element_id, start + at, data[body:after]))
                at = after
                continue

            if element_id in closers:
                self._close_unknown(closers[element_id], start + at, found)
            if size != UNKNOWN_SIZE and start + body + size > self._limit:
                self._offset = start + at
                raise self._bad_size(element_id, size, start + at)
            if element_id in masters:
                self._enter(element_id, start + at, _UNBOUNDED if size == UNKNOWN_SIZE else start + body + size)
                append(Element(element_id, start + at, True))
                at = body
                continue
            if size == UNKNOWN_SIZE:
                self._offset = start + at
                raise self._bad_size(element_id, size, start + at)
            at = body + size
            if at > end:
                self._skip = at - end
                self._offset = start + end
                return
        self._offset = start + at
        if at < end:
            self._keep(data[at:], self._wanted(data, at))

    @staticmethod
    def _wanted(data: bytes, at: int) -> int:
        """How many bytes the element at ``at`` needs before reading it again can get any further."""
        have = len(data) - at
        id_length = _LENGTH[data[at]]
        if have <= id_length:
            return id_length + 1
        size_length = _LENGTH[data[at + id_length]]
        header = id_length + size_length
        if have < header:
            return header
        size = int.from_bytes(data[at + id_length : at + header], "big") ^ (1 << (7 * size_length))
        return header + size

    def _enter(self, element_id: int, offset: int, ends_at: int) -> None:
        if len(self._open) >= _MAX_DEPTH:
            self._offset = offset
            raise MalformedMedia(f"elements are nested more than {_MAX_DEPTH} deep", offset)
        self._open.append((element_id, ends_at))
        self._limit = min(self._limit, ends_at)

    def _close_known(self, offset: int, found: list[Element]) -> None:
        """Close every master whose declared end is reached, with the masters of unknown size inside it."""
        while self._limit <= offset:
            element_id, _ = self._open.pop()
            found.append(Element(element_id, offset, ENDED))
            self._limit = min((ends_at for _, ends_at in self._open), default=_UNBOUNDED)

    def _close_unknown(self, level: int, offset: int, found: list[Element]) -> None:
        """Close the innermost masters of unknown size that an element of this level cannot be inside."""
        masters = self._schema.masters
        while self._open and self._open[-1][1] == _UNBOUNDED and masters[self._open[-1][0]] >= level:
            found.append(Element(self._open.pop()[0], offset, ENDED))

    def _bad_size(self, element_id: int, size: int, offset: int) -> MalformedMedia:
        if size == UNKNOWN_SIZE:
            return MalformedMedia(f"element 0x{element_id:x} may not have an unknown size", offset)
        if size > self._schema.leaves.get(element_id, _UNBOUNDED):
            return MalformedMedia(f"element 0x{element_id:x} claims {size} bytes, more than it may have", offset)
        return MalformedMedia(f"element 0x{element_id:x} is longer than the element it stands in", offset)
