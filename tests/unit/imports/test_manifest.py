"""Unit: what a line of a manifest says, and what is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.call.contact import Channel, Speaker
from sotto.imports.item import ItemMistaken, Reason
from sotto.imports.reading.manifest import LONGEST_LINE, Line, lines_of, read_line
from sotto.imports.source import ImportSource

NOW_MS = 1_790_000_000_000
SOURCE = ImportSource("bank", "archive", "a-bucket", "calls/", agent_channel=0, language="de-DE")
CALL: dict[str, Any] = {"id": "1", "started_at": "2024-03-05T10:00:00+01:00", "recording": "a/b.wav"}


def read(written: Any) -> Any:
    content = written if isinstance(written, bytes) else json.dumps(written).encode()
    return read_line(Line(3, 0, len(content), content), SOURCE, now_ms=NOW_MS)


def test_a_recording_is_as_the_source_says_where_the_line_says_nothing_else() -> None:
    item = read(CALL).item
    assert item.started_at_ms == 1_709_629_200_000 and item.language == "de-DE" and item.channel is Channel.VOICE
    assert item.recorded is not None and item.recorded.key == "a/b.wav" and item.recorded.agent_channel == 0
    assert read(CALL | {"agent_channel": 1, "language": "en-US"}).item.recorded.agent_channel == 1


def test_a_time_without_an_offset_is_utc() -> None:
    assert read(CALL | {"started_at": "2024-03-05T10:00:00"}).item.started_at_ms == 1_709_632_800_000


def test_a_turn_that_does_not_say_how_long_it_took_has_a_length_all_the_same() -> None:
    spoken = read({"id": "1", "started_at": "2024-03-05T10:00:00Z",
                   "transcript": [{"speaker": "agent", "start_ms": 5, "text": "hello"}]}).item.spoken  # fmt: skip
    assert (spoken[0].speaker, spoken[0].start_ms, spoken[0].end_ms) == (Speaker.AGENT, 5, 6)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"{", Reason.NOT_JSON),
        (b"\xff\xfe", Reason.NOT_JSON),
        (b"[" * 200_000, Reason.NOT_JSON),
        ([1], Reason.WRONG_FIELDS),
        ({"id": "1"}, Reason.WRONG_FIELDS),
        (CALL | {"vcon": "x.vcon"}, Reason.WRONG_FIELDS),
        (CALL | {"recording": "/etc/passwd"}, Reason.WRONG_FIELDS),
        (CALL | {"agent": "a#b"}, Reason.WRONG_FIELDS),
        (CALL | {"agent_channel": 2}, Reason.WRONG_FIELDS),
        (CALL | {"started_at": "yesterday"}, Reason.WRONG_FIELDS),
        (CALL | {"started_at": "1969-01-01T00:00:00Z"}, Reason.WRONG_FIELDS),
        (CALL | {"started_at": "2099-01-01T00:00:00Z"}, Reason.IN_THE_FUTURE),
        (CALL | {"ended_at": "2024-03-05T09:00:00+01:00"}, Reason.WRONG_FIELDS),
        (CALL | {"ended_at": "2024-03-06T10:00:00+01:00"}, Reason.WRONG_FIELDS),
        (b"x" * (LONGEST_LINE + 1), Reason.LINE_TOO_LONG),
    ],
)
def test_what_is_wrong_is_named_and_never_quoted(written: Any, reason: Reason) -> None:
    with pytest.raises(ItemMistaken) as raised:
        read(written)
    assert raised.value.reason is reason
    assert not any(word in str(raised.value) for word in ("passwd", "yesterday", "a#b"))


@given(st.lists(st.binary(max_size=40).filter(lambda each: b"\n" not in each), max_size=30), st.integers(1, 50))
def test_each_line_is_found_again_at_its_place(contents: list[bytes], size: int) -> None:
    whole = b"\n".join(contents)
    found = list(lines_of(whole[at : at + size] for at in range(0, len(whole), size)))
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    assert all(whole[each.offset : each.end].removesuffix(b"\n") == each.content for each in found)
    assert b"".join(whole[each.offset : each.end] for each in found) == whole


def test_of_a_line_without_end_no_more_than_its_beginning_is_held() -> None:
    def chunks() -> Any:
        for _ in range(40):
            yield b"x" * 1_000_000
        yield b"\n{}\n"

    first, second = lines_of(chunks())
    assert len(first.content) == LONGEST_LINE + 1 and first.end == 40_000_001
    assert (second.number, second.offset, second.content) == (2, 40_000_001, b"{}")
