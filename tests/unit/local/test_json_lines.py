"""Unit: the lines of ``sotto call --json`` in both of their versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.commands.json_lines import JsonLines, json_lines

INTERIM = {"type": "interim", "text": "my card", "at_ms": 900}
UTTERANCE = {"type": "utterance", "text": "my card is lost", "at_ms": 1_900}


def written(folder: Path, version: str) -> list[dict[str, Any]]:
    path = folder / "call.jsonl"
    with json_lines(str(path), version) as lines:
        for event in (INTERIM, UTTERANCE):
            lines.write(event)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_interim_results_are_called_so(tmp_path: Path) -> None:
    assert written(tmp_path, "2") == [INTERIM, UTTERANCE]


def test_version_1_still_calls_them_partial_and_changes_nothing_else(tmp_path: Path) -> None:
    assert written(tmp_path, "1") == [{**INTERIM, "type": "partial"}, UTTERANCE]


def test_lines_go_to_standard_output_for_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    with json_lines("-", "2") as lines:
        lines.write(UTTERANCE)
    assert json.loads(capsys.readouterr().out) == UTTERANCE


def test_without_a_path_nothing_is_written() -> None:
    JsonLines(None, "2").write(UTTERANCE)
