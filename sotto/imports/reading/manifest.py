"""A manifest: a conversation a line, as JSON. A line that is wrong is reported by its number, and the others go on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from sotto.call.contact import Channel, Speaker
from sotto.core.validation import silent, wrong_fields
from sotto.imports.item import LONGEST_MS, ImportItem, ItemMistaken, Reason, Recorded, Spoken
from sotto.imports.source import ImportSource

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes; a transcript of hours is below a megabyte."""
CLOCKS_DIFFER_MS = 300_000
MOST_TURNS = 20_000
Place = Annotated[str, StringConstraints(min_length=1, max_length=900, pattern=r"^[^/\x00-\x1f][^\x00-\x1f]*$")]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=256, pattern=r"^[^#]*$")]


@dataclass(frozen=True, slots=True)
class Line:
    """Where one stands in the manifest: ``number`` from 1, bytes from ``offset`` to before ``end``."""

    number: int
    offset: int
    end: int
    content: bytes

    @property
    def is_blank(self) -> bool:
        return not self.content.strip()


def lines_of(chunks: Iterable[bytes], *, number: int = 1, offset: int = 0) -> Iterator[Line]:
    """Every line, blank ones too; of one that is too long no more than its beginning."""
    pending, skipped = bytearray(), 0
    for chunk in chunks:
        pending += chunk
        while (at := pending.find(b"\n")) >= 0:
            end = offset + skipped + at + 1
            yield Line(number, offset, end, bytes(pending[: min(at, LONGEST_LINE + 1)]))
            number, offset, skipped = number + 1, end, 0
            del pending[: at + 1]
        if len(pending) > LONGEST_LINE + 1:  # the rest of it is counted and not kept
            skipped += len(pending) - (LONGEST_LINE + 1)
            del pending[LONGEST_LINE + 1 :]
    if pending:
        yield Line(number, offset, offset + skipped + len(pending), bytes(pending))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class _Turn(_Part):
    speaker: Literal["customer", "agent", "system"]
    text: Annotated[str, StringConstraints(max_length=16_384)]
    start_ms: Annotated[int, Field(ge=0, le=LONGEST_MS)]
    end_ms: Annotated[int | None, Field(ge=0, le=LONGEST_MS)] = None
    id: Annotated[str, StringConstraints(max_length=128)] = ""


class _Written(_Part):
    id: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    started_at: datetime | None = None
    ended_at: datetime | None = None
    channel: Channel = Channel.VOICE
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] | None = None
    agent: Word | None = None
    queue: Word | None = None
    customer: Annotated[str, StringConstraints(max_length=64)] | None = None
    attributes: Annotated[dict[str, Annotated[str, StringConstraints(max_length=1_024)]], Field(max_length=64)] = {}
    recording: Place | None = None
    agent_channel: Literal[0, 1] | None = None
    vcon: Place | None = None
    transcript: Annotated[tuple[_Turn, ...] | None, Field(max_length=MOST_TURNS)] = None

    @model_validator(mode="after")
    def _one_of_three(self) -> _Written:
        given = [each for each in (self.recording, self.vcon, self.transcript) if each is not None]
        if len(given) != 1:
            raise ValueError("give one of recording, vcon and transcript")
        if self.started_at is None and self.vcon is None:
            raise ValueError("started_at: needed")
        return self


_written = silent(_Written)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that was read: ``vcon`` says where the rest is, for an item that is in a vCon."""

    item: ImportItem
    vcon: str = ""


def read_line(line: Line, source: ImportSource, *, now_ms: float) -> Entry:
    """Raises ItemMistaken."""
    if len(line.content) > LONGEST_LINE:
        raise ItemMistaken(Reason.LINE_TOO_LONG)
    try:
        written = _written.validate_python(
            json.loads(line.content.decode("utf-8-sig" if line.number == 1 else "utf-8"))
        )
    except ValidationError as error:
        raise ItemMistaken(Reason.WRONG_FIELDS, wrong_fields(error, _written)) from None
    except (ValueError, RecursionError):
        raise ItemMistaken(Reason.NOT_JSON) from None
    return Entry(_item(written, source, now_ms), written.vcon or "")


def _item(written: _Written, source: ImportSource, now_ms: float) -> ImportItem:
    started_at_ms = _epoch_ms(written.started_at) if written.started_at is not None else 0
    ended_at_ms = _epoch_ms(written.ended_at) if written.ended_at is not None else None
    check_times(started_at_ms, ended_at_ms, now_ms)
    channel = written.agent_channel if written.agent_channel is not None else source.agent_channel
    return ImportItem(
        external_id=written.id,
        started_at_ms=started_at_ms,
        channel=written.channel,
        language=written.language or source.language,
        ended_at_ms=ended_at_ms,
        agent=written.agent,
        queue=written.queue,
        customer=written.customer,
        attributes=written.attributes,
        recorded=Recorded(written.recording, agent_channel=channel) if written.recording is not None else None,
        spoken=tuple(_spoken(each) for each in written.transcript or ()),
    )


def check_times(started_at_ms: int, ended_at_ms: int | None, now_ms: float) -> None:
    """Raises ItemMistaken."""
    if max(started_at_ms, ended_at_ms or 0) > now_ms + CLOCKS_DIFFER_MS:
        raise ItemMistaken(Reason.IN_THE_FUTURE, "started_at" if started_at_ms > now_ms else "ended_at")
    if ended_at_ms is not None and not started_at_ms <= ended_at_ms <= started_at_ms + LONGEST_MS:
        raise ItemMistaken(Reason.WRONG_FIELDS, "ended_at")
    if started_at_ms < 0:
        raise ItemMistaken(Reason.WRONG_FIELDS, "started_at")


def _spoken(turn: _Turn) -> Spoken:
    end_ms = turn.end_ms if turn.end_ms is not None else turn.start_ms
    return Spoken(Speaker(turn.speaker), turn.start_ms, max(end_ms, turn.start_ms + 1), turn.text, turn.id)


def _epoch_ms(at: datetime) -> int:
    """A time without an offset is UTC."""
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)
