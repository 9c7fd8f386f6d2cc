"""Contract tests: ``sotto kvs inspect`` prints what the design promises."""

from __future__ import annotations

import hashlib
import json
import random

import pytest
from click.testing import CliRunner

from local.aws.kinesis_video.muxer import fragments_of
from local.commands.kvs import kvs
from sotto.media.wav import split

STEREO = random.Random(1).randbytes(3 * 8000 * 4)


@pytest.fixture
def capture(tmp_path):
    fragments = fragments_of(
        STEREO, contact_id="c-1", instance_id="i", started_at_ms=1_726_677_688_724,
    )  # fmt: skip
    file = tmp_path / "call.mkv"
    file.write_bytes(b"".join(fragment.media(f"token {fragment.number}", 7) for fragment in fragments))
    return file


def inspected(file) -> dict:
    result = CliRunner().invoke(kvs, ["inspect", str(file), "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return json.loads(result.output)


def test_the_json_names_fragments_contacts_and_tracks(capture):
    found = inspected(capture)
    assert found["contacts"] == ["c-1"]
    assert found["problems"] == []
    first = found["fragments"][0]
    assert set(first) == {
        "number", "server_timestamp", "producer_timestamp", "contact_id", "tracks", "continuation_token",
        "millis_behind_now", "error",
    }  # fmt: skip
    assert first["producer_timestamp"] == "1726677688.724"
    assert first["millis_behind_now"] == 7
    samples = first["tracks"]["AUDIO_FROM_CUSTOMER"]["samples"]
    customer = split(STEREO)[0][: 2 * samples]
    assert first["tracks"]["AUDIO_FROM_CUSTOMER"]["sha256"] == hashlib.sha256(customer).hexdigest()
    for track in ("AUDIO_FROM_CUSTOMER", "AUDIO_TO_CUSTOMER"):
        assert sum(fragment["tracks"][track]["samples"] for fragment in found["fragments"]) == 24_000


def test_a_capture_cut_in_mid_block_keeps_everything_before_and_says_where(capture):
    media = capture.read_bytes()
    capture.write_bytes(media[: len(media) // 2])
    found = inspected(capture)
    assert len(found["fragments"]) == 2
    assert "the stream ends inside an element (at byte" in found["problems"][-1]


def test_a_missing_fragment_is_a_gap_on_both_tracks(capture):
    fragments = list(fragments_of(STEREO, contact_id="c-1", instance_id="i", started_at_ms=0, seed=0))
    capture.write_bytes(b"".join(f.media("t", 0) for f in (fragments[0], fragments[2])))
    problems = inspected(capture)["problems"]
    assert sum("has a gap of" in problem for problem in problems) == 2


def test_a_file_of_something_else_is_called_so(capture):
    capture.write_bytes(b"\x00not media at all")
    assert "no element id starts with byte 0x00 (at byte 0)" in inspected(capture)["problems"]


def test_the_table_is_for_people(capture):
    result = CliRunner().invoke(kvs, ["inspect", str(capture)], catch_exceptions=False)
    assert "contacts: c-1" in result.output
    assert "3 fragments" in result.output
