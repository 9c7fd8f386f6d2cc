"""Reads EBML from bytes as they arrive (RFC 8794): any split, unknown sizes, bounded memory.

The reader knows three kinds of element from its schema: masters, whose children it reads; leaves, whose payload it
hands over whole; and everything else, which it skips by the size declared without ever keeping it. It finds its way
by sizes alone and never looks for magic numbers, because PCM may contain them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sotto.core.errors import Rejected
from sotto.media.mkv.ebml_schema import LENGTH, UNKNOWN_SIZE, Schema, size_of

_UNBOUNDED: Final = 1 << 62
_MAX_DEPTH: Final = 32


class MalformedMedia(Rejected):
    """The media is not what EBML, Matroska or Amazon Connect's shape allows; ``offset`` says at which byte."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(f"{problem} (at byte {offset})")
        self.problem = problem
        self.offset = offset


class CutShort(MalformedMedia):
    """The stream ended inside an element: what came was not wrong, but not all of it."""


class MasterBegan(NamedTuple):
    id: int
    offset: int


class MasterEnded(NamedTuple):
    id: int
    offset: int


class Leaf(NamedTuple):
    id: int
    offset: int
    payload: bytes


Element = MasterBegan | MasterEnded | Leaf


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
            elif not self._pending and not self._skip:
                # What was skipped may have ended the masters it stands in.
                self._close_known(found)
        except MalformedMedia as failure:
            self._failure = failure
            if not found:
                raise
        return found

    def close(self) -> list[Element]:
        """The ends of the masters still open. Raises CutShort when the stream stops inside one."""
        if self._failure is not None:
            raise self._failure
        if self._pending or self._skip:
            raise CutShort("the stream ends inside an element", self._offset + len(self._pending))
        if self._limit != _UNBOUNDED and self._limit > self._offset:
            raise CutShort(f"the stream ends {self._limit - self._offset} bytes early", self._offset)
        ends: list[Element] = [MasterEnded(element_id, self._offset) for element_id, _ in reversed(self._open)]
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

    def _read(self, data: bytes, found: list[Element]) -> None:
        leaves, at, end, start = self._schema.leaves, 0, len(data), self._offset
        while at <= end:
            self._offset = start + at
            if self._limit <= self._offset:
                self._close_known(found)
            header = self._header(data, at, end)
            if header is None:
                break
            element_id, size, body = header
            most = leaves.get(element_id)
            if most is None:
                at = body + self._passed(element_id, size, body - at, found)
                continue
            if not 0 <= size <= most or start + body + size > self._limit:
                raise self._bad_size(element_id, size)
            if body + size > end:
                break
            at = body + size
            found.append(Leaf(element_id, self._offset, data[body:at]))
        self._skip = max(0, at - end)
        self._offset = start + min(at, end)
        if at < end:
            self._pending += data[at:]
            self._needed = _wanted(data, at)

    def _header(self, data: bytes, at: int, end: int) -> tuple[int, int, int] | None:
        """Id, size, and where the payload begins; None while bytes of it are missing."""
        if end - at < 2:
            return None
        first = data[at]
        if first < 0x10:
            raise MalformedMedia(f"no element id starts with byte 0x{first:02x}", self._offset)
        size_at = at + LENGTH[first]
        if size_at >= end:
            return None
        body = size_at + LENGTH[data[size_at]]
        if body == size_at:
            raise MalformedMedia("an element's size is longer than 8 bytes", self._offset)
        if body > end:
            return None
        return int.from_bytes(data[at:size_at], "big"), size_of(data[size_at:body]), body

    def _passed(self, element_id: int, size: int, header: int, found: list[Element]) -> int:
        """How many bytes of the payload of a master or an unknown element are done with: none, or all."""
        if element_id in self._closers:
            self._close_unknown(self._closers[element_id], found)
        is_master = element_id in self._schema.masters
        is_too_long = size != UNKNOWN_SIZE and self._offset + header + size > self._limit
        if is_too_long or (size == UNKNOWN_SIZE and not is_master):
            raise self._bad_size(element_id, size)
        if not is_master:
            return size
        self._enter(element_id, _UNBOUNDED if size == UNKNOWN_SIZE else self._offset + header + size)
        found.append(MasterBegan(element_id, self._offset))
        return 0

    def _enter(self, element_id: int, ends_at: int) -> None:
        if len(self._open) >= _MAX_DEPTH:
            raise MalformedMedia(f"elements are nested more than {_MAX_DEPTH} deep", self._offset)
        self._open.append((element_id, ends_at))
        self._limit = min(self._limit, ends_at)

    def _close_known(self, found: list[Element]) -> None:
        """Close every master whose declared end is reached, with the masters of unknown size inside it."""
        while self._limit <= self._offset:
            element_id, _ = self._open.pop()
            found.append(MasterEnded(element_id, self._offset))
            self._limit = min((ends_at for _, ends_at in self._open), default=_UNBOUNDED)

    def _close_unknown(self, level: int, found: list[Element]) -> None:
        """Close the innermost masters of unknown size that an element of this level cannot be inside."""
        masters = self._schema.masters
        while self._open and self._open[-1][1] == _UNBOUNDED and masters[self._open[-1][0]] >= level:
            found.append(MasterEnded(self._open.pop()[0], self._offset))

    def _bad_size(self, element_id: int, size: int) -> MalformedMedia:
        if size == UNKNOWN_SIZE:
            problem = "may not have an unknown size"
        elif size > self._schema.leaves.get(element_id, _UNBOUNDED):
            problem = f"claims {size} bytes, more than it may have"
        else:
            problem = "is longer than the element it stands in"
        return MalformedMedia(f"element 0x{element_id:x} {problem}", self._offset)


def _wanted(data: bytes, at: int) -> int:
    """How many bytes the element at ``at`` needs before reading it again can get any further."""
    have = len(data) - at
    if data[at] < 0x10:
        return 2  # no id begins like that, which reading two bytes will find
    id_length = LENGTH[data[at]]
    if have <= id_length:
        return id_length + 1
    header = id_length + LENGTH[data[at + id_length]]
    return header if have < header else header + size_of(data[at + id_length : at + header])
