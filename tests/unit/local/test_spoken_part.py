"""Unit: the part of a transcript that belongs to a contact which begins in the middle of a call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.call_script import ScriptUnreadable, script_beside
from local.commands.call import BadTransfer, with_transfers
from local.spoken_part import transcript_from


def line(*words: tuple[str, int]) -> dict[str, object]:
    spoken = [{"text": text, "start_ms": at, "end_ms": at + 200} for text, at in words]
    first, last = words[0][1], words[-1][1] + 200
    text = " ".join(text for text, _ in words)
    return {"speaker": "customer", "start_ms": first, "end_ms": last, "text": text, "words": spoken}


def test_words_before_it_are_left_out_and_times_begin_anew(tmp_path: Path) -> None:
    file = tmp_path / "call.transcript.jsonl"
    lines = [line(("before", 500)), line(("half", 900), ("of", 1_100), ("it", 1_400)), line(("after", 2_000))]
    file.write_text("\n".join(map(json.dumps, lines)))
    found = [json.loads(each) for each in transcript_from(file, 1_000).splitlines()]
    assert [(each["text"], each["start_ms"]) for each in found] == [("of it", 100), ("after", 1_000)]


def test_a_script_says_what_happens_to_a_call_on_its_way(tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text(
        "agent: emma\nqueue: cards\nguidance: whisper\n"
        "later: [{at: 20, attributes: {segment: premier}}]\n"
        "transfers: [{at: 60, agent: liam, consult: 12, streams: tagged}, {at: 90}]\n"
    )
    script = script_beside(tmp_path / "call.wav")
    warm, outside = (each.made() for each in script.transfers)
    assert (warm.agent, warm.begins_s, warm.streams, warm.kind) == ("liam", 48.0, "tagged", "transfer")
    assert (outside.agent, outside.begins_s, outside.kind) == (None, 90.0, "outside")
    assert (script.queue, script.guidance, script.later[0].attributes) == ("cards", "whisper", {"segment": "premier"})


@pytest.mark.parametrize("transfers", ["[{at: -1}]", "[{at: soon}]", "[{at: 1, whom: liam}]", "liam"])
def test_a_transfer_that_cannot_be_read_is_named(tmp_path: Path, transfers: str) -> None:
    (tmp_path / "script.yaml").write_text(f"transfers: {transfers}\n")
    with pytest.raises(ScriptUnreadable, match="transfers"):
        script_beside(tmp_path / "call.wav")


def test_transfers_on_the_command_line_take_the_place_of_the_scripts(tmp_path: Path) -> None:
    script = script_beside(tmp_path / "call.wav")
    warm, cold = with_transfers(script, ("liam@60", "!sophia@90.5")).transfers
    assert (warm.agent, warm.at, warm.consult) == ("liam", 60.0, 10.0)
    assert (cold.agent, cold.at, cold.consult) == ("sophia", 90.5, 0.0)
    for wrong in ("liam", "@60", "liam@", "liam@soon", "liam@-1", "liam@inf", "liam@nan"):
        with pytest.raises(BadTransfer, match="liam@60"):
            with_transfers(script, (wrong,))
