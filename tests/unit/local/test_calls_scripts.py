"""What a recording's script says of the call."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.call_script import CallScript, ScriptUnreadable, script_beside

TURNS = "turns:\n  - {speaker: agent, gap_ms: 1, text: hello}\n"


def beside(folder: Path, script: str) -> Path:
    (folder / "script.yaml").write_text(script)
    return folder / "call.wav"


def test_a_script_names_whose_call_it_is_who_answers_and_when(tmp_path: Path) -> None:
    recording = beside(tmp_path, "tenant: bank\nagent: liam\nstarts: 2026-11-24T14:20:00-05:00\n" + TURNS)
    found = script_beside(recording)
    assert (found.tenant, found.agent) == ("bank", "liam")
    assert found.starts == datetime(2026, 11, 24, 19, 20, tzinfo=UTC)


def test_a_recording_without_a_script_is_anybodys_now(tmp_path: Path) -> None:
    assert script_beside(tmp_path / "call.wav") == CallScript()


def test_an_empty_script_says_nothing(tmp_path: Path) -> None:
    assert script_beside(beside(tmp_path, "# nothing yet\n")) == CallScript()


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("starts: soon\n", "starts: datetime"),
        ("starts: 2026-11-24T14:20:00\n", "starts: timezone_aware"),
        ("agent: [liam]\n", "agent: string_type"),
        ("{{{", "not YAML"),
        ("- a\n- list\n", "model_type"),
    ],
)
def test_a_wrong_script_is_named_with_its_field(tmp_path: Path, script: str, problem: str) -> None:
    with pytest.raises(ScriptUnreadable, match=problem) as refused:
        script_beside(beside(tmp_path, script))
    assert str(tmp_path / "script.yaml") in str(refused.value)
