"""Reads EBML from bytes as they arrive (RFC 8794): any split, unknown sizes, bounded memory.

The reader knows three kinds of element from its schema: masters, whose children it reads; leaves, whose payload it
hands over whole; and everything else, which it skips by the size declared without ever keeping it. It finds its way
by sizes alone and never looks for magic numbers, because PCM may contain them.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

from sotto.core.errors import Rejected
from sotto.media.mkv.ebml_schema import LENGTH, UNKNOWN_SIZE, Schema, size_of
from sotto.media.mkv.ebml_shapes import Known, Shapes

ENDED: Final = None
_UNBOUNDED: Final = 1 << 62
_MAX_DEPTH: Final = 32
_SHALLOW: Final = 16
"""Inside fewer masters than this, one that is remembered cannot be nested too deeply."""
_LONGEST_RUN: Final = 64


class MalformedMedia(Rejected):
    """The media is not what EBML, Matroska or Amazon Connect's shape allows; ``offset`` says at which byte."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(f"{problem} (at byte {offset})")
        self.problem = problem
        self.offset = offset


class ElementRun(NamedTuple):
    """So many ``leaves`` in a row that have the same id and size: ``step`` bytes from one to the next, the first at
    ``data[at]``, each with ``header`` bytes before its payload."""

    data: bytes
    at: int
    leaves: int
    step: int
    header: int


class CutShort(MalformedMedia):
    """The stream ended inside an element: what came was not wrong, but not all of it."""


Element: TypeAlias = tuple[int, int, bytes | bool | ElementRun | Known | None]
"""Id, offset, and the bytes of a leaf (or a run of leaves), True where a master begins or None where it ends; for a
master that is like one before, all of it at once. A plain tuple for speed."""


class EbmlReader:
    """``feed`` bytes, get elements.

    When the bytes turn out to be malformed, the elements before the mistake are handed over first and the next call
    of ``feed`` or ``close`` raises MalformedMedia; so a cut or a mistake never costs what came before it.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._closers = {**schema.closers, **schema.masters}
        self._shapes = Shapes(schema)
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
                self._close_known(self._offset, found)
        except MalformedMedia as failure:
            if not found:
                self._failure = failure
                raise
            self._failure = failure
        return found

    def close(self) -> list[Element]:
        """The ends of the masters still open. Raises CutShort when the stream stops inside one."""
        if self._failure is not None:
            raise self._failure
        if self._pending or self._skip:
            raise CutShort("the stream ends inside an element", self._offset + len(self._pending))
        if self._limit != _UNBOUNDED and self._limit > self._offset:
            raise CutShort(f"the stream ends {self._limit - self._offset} bytes early", self._offset)
        ends: list[Element] = [(element_id, self._offset, ENDED) for element_id, _ in reversed(self._open)]
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
        """The inner loop, written flat and with the common lengths first: it decides how many calls fit on a core."""
        masters, most_bytes, closers = self._schema.masters, self._schema.leaves.get, self._closers
        runs, shapes = self._schema.runs, self._shapes
        append, start = found.append, self._offset
        at, end, limit = 0, len(data), self._limit - start
        while True:
            if at >= limit:
                self._close_known(start + at, found)
                limit = self._limit - start
            if end - at < 2:
                break
            first = data[at]
            if first >= 0x80:
                element_id, body = first, at + 1
            elif first >= 0x40:
                element_id, body = first << 8 | data[at + 1], at + 2
            elif first >= 0x10:
                body = at + LENGTH[first]
                element_id = int.from_bytes(data[at:body], "big")
            else:
                raise self._mistake(f"no element id starts with byte 0x{first:02x}", start + at)
            if body >= end:
                break
            first = data[body]
            if first >= 0x80:
                body += 1
                size = first & 0x7F if first != 0xFF else UNKNOWN_SIZE
            elif first:
                size_at, body = body, body + LENGTH[first]
                if body > end:
                    break
                size = size_of(data[size_at:body])
            else:
                raise self._mistake("an element's size is longer than 8 bytes", start + at)

            most = most_bytes(element_id)
            if most is not None:
                after = body + size
                if size > most or size < 0 or after > limit:
                    raise self._bad_size(element_id, size, start + at)
                if after > end:
                    break
                if element_id in runs and data.startswith(data[at:body], after):
                    run = _run(data, at, body, after, min(end, limit))
                    append((element_id, start + at, run))
                    at += run.leaves * run.step
                    continue
                append((element_id, start + at, data[body:after]))
                at = after
                continue

            if element_id in closers:
                self._close_unknown(closers[element_id], start + at, found)
            after = body + size
            if size == UNKNOWN_SIZE:
                if element_id not in masters:
                    raise self._bad_size(element_id, size, start + at)
                after = _UNBOUNDED
            elif after > limit:
                raise self._bad_size(element_id, size, start + at)
            if element_id in masters:
                if after <= end and len(self._open) < _SHALLOW:
                    known = shapes.known(data, at, body, after)
                    if known is not None:
                        append((element_id, start + at, known))
                        at = after
                        continue
                self._enter(element_id, start + at, _UNBOUNDED if size == UNKNOWN_SIZE else start + after)
                limit = self._limit - start
                append((element_id, start + at, True))
                at = body
            elif after > end:
                self._skip = after - end
                self._offset = start + end
                return
            else:
                at = after
        self._offset = start + at
        if at < end:
            self._pending += data[at:]
            self._needed = _wanted(data, at)

    def _enter(self, element_id: int, offset: int, ends_at: int) -> None:
        if len(self._open) >= _MAX_DEPTH:
            raise self._mistake(f"elements are nested more than {_MAX_DEPTH} deep", offset)
        self._open.append((element_id, ends_at))
        self._limit = min(self._limit, ends_at)

    def _close_known(self, offset: int, found: list[Element]) -> None:
        """Close every master whose declared end is reached, with the masters of unknown size inside it."""
        while self._limit <= offset:
            element_id, _ = self._open.pop()
            found.append((element_id, offset, ENDED))
            self._limit = min((ends_at for _, ends_at in self._open), default=_UNBOUNDED)

    def _close_unknown(self, level: int, offset: int, found: list[Element]) -> None:
        """Close the innermost masters of unknown size that an element of this level cannot be inside."""
        masters = self._schema.masters
        while self._open and self._open[-1][1] == _UNBOUNDED and masters[self._open[-1][0]] >= level:
            found.append((self._open.pop()[0], offset, ENDED))

    def _mistake(self, problem: str, offset: int) -> MalformedMedia:
        self._offset = offset
        return MalformedMedia(problem, offset)

    def _bad_size(self, element_id: int, size: int, offset: int) -> MalformedMedia:
        if size == UNKNOWN_SIZE:
            problem = "may not have an unknown size"
        elif size > self._schema.leaves.get(element_id, _UNBOUNDED):
            problem = f"claims {size} bytes, more than it may have"
        else:
            problem = "is longer than the element it stands in"
        return self._mistake(f"element 0x{element_id:x} {problem}", offset)


def _run(data: bytes, at: int, body: int, after: int, end: int) -> ElementRun:
    """The leaves from ``at`` on that have the first one's id and size and lie before ``end``: at least that one. A
    column of bytes that lie one leaf apart is compared at once."""
    step = after - at
    count = min(_LONGEST_RUN, (end - at) // step)
    for column in range(at, body):
        begins = data[column : at + count * step : step]
        count -= len(begins.lstrip(data[column : column + 1]))
    return ElementRun(data, at, count, step, body - at)


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
