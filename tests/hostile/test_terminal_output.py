"""Hostile: what a caller says, or a file holds, cannot move the cursor, style the output or end the command."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from local.aws.kinesis_video.muxer import fragments_of
from local.aws.kinesis_video.server import ConnectionDropped
from local.commands.call_display import CallDisplay
from local.commands.kvs import kvs
from local.commands.log_line import LogLine
from local.commands.rich_text import plain
from local.commands.sotto import report
from local.commands.tenants import tenants
from local.commands.terminal_text import visible, visible_lines
from local.options import REPOSITORY
from sotto.core.errors import Rejected

ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
MARKUP = "[/bold][red]x[/nothing]"
UTTERANCE = {"type": "utterance", "start_ms": 0, "end_ms": 900, "speaker": "customer"}
ANNOTATION = {
    "type": "annotation",
    "kind": "action",
    "severity": "high",
    "confidence": 1.0,
    "latency_ms": None,
    "withdraws": None,
}


def is_harmless(shown: str) -> bool:
    return not any(sign in shown for sign in "\x1b\x07\x9b\u202e")


def test_control_signs_are_written_out() -> None:
    assert visible(ESCAPES) == "\\x1b[2J\\x1b]0;owned\\x07\\x9b31m\\u202e"
    assert visible("a\rb\nc\td\u2028e\ud800") == "a b c d\\u2028e\\ud800"
    assert visible_lines("a\x1b\nb") == "a\\x1b\nb"
    assert visible("naïve 日本 👩\u200d💻") == "naïve 日本 👩\u200d💻"


@pytest.mark.parametrize("text", [ESCAPES, MARKUP])
def test_a_call_is_shown_as_it_was_said(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with CallDisplay(1_000) as display:
        display.show({"type": "contact", "tenant": text, "agent": text})
        display.show({**UTTERANCE, "type": "interim", "text": text})
        display.show({**UTTERANCE, "text": text})
        display.show({**ANNOTATION, "name": text, "title": text, "text": text})
        display.show({"type": "fault", "name": text})
        display.progress(text)
    shown = capsys.readouterr().out
    assert shown.replace("\n", "").count(visible(text)) >= 7 and is_harmless(shown)


def test_a_progress_bar_reads_no_markup_in_what_is_being_said() -> None:
    with CallDisplay(1_000) as display:
        display.show({**UTTERANCE, "type": "interim", "text": MARKUP + ESCAPES})
        console = Console(file=io.StringIO(), width=200)
        console.print(display.bar.get_renderable())
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert MARKUP in shown and is_harmless(shown)


@pytest.fixture
def capture(tmp_path: Path) -> Iterator[Path]:
    fragments = fragments_of(bytes(32_000), contact_id=MARKUP + ESCAPES, instance_id="i", started_at_ms=0)
    (tmp_path / "call.mkv").write_bytes(b"".join(fragment.media("t", 0) for fragment in fragments))
    yield tmp_path / "call.mkv"


def test_a_contact_id_is_no_markup_and_moves_no_cursor(capture: Path) -> None:
    shown = CliRunner().invoke(kvs, ["inspect", str(capture)], catch_exceptions=False).output
    assert f"contacts: {visible(MARKUP + ESCAPES)}" in shown.replace("\n", "") and is_harmless(shown)


def test_the_name_of_a_folder_moves_no_cursor(tmp_path: Path) -> None:
    result = CliRunner().invoke(tenants, ["check", str(tmp_path / ESCAPES)])
    assert result.exit_code == 1 and is_harmless(result.output)


@pytest.mark.parametrize("error", [Rejected(ESCAPES), click.UsageError(ESCAPES), OSError(1, "no", ESCAPES)])
def test_an_error_moves_no_cursor(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(error)
    shown = capsys.readouterr().err
    assert "owned" in shown and is_harmless(shown)


def test_a_value_in_the_log_stays_on_its_line() -> None:
    record = logging.makeLogRecord({"name": "sotto", "msg": "event", "reason": "one\ntwo" + ESCAPES})
    line = LogLine().format(record)
    assert "\n" not in line and is_harmless(line)


def test_a_table_cell_reads_no_markup() -> None:
    assert plain(MARKUP).plain == MARKUP and plain(MARKUP).spans == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_without_unicode_shows_a_call(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, errors="replace"))
    with CallDisplay(1_000) as display:
        display.show({**UTTERANCE, "text": "日本 naïve"})
        display.show({**ANNOTATION, "name": "n", "title": "t", "text": "x"})
        display.show({"type": "handover", "generation": 2, "overlap_ms": 1})
        display.show({"type": "fault", "name": "kvs-drop"})
    sys.stdout.flush()
    shown = raw.getvalue().decode(encoding)
    assert "?? na" in shown and "> n  t - x" in shown and "x kvs-drop" in shown


def test_a_command_survives_a_terminal_without_unicode(capture: Path) -> None:
    """The one that is run as it is installed: its output is made narrow where it begins."""
    inside = "from local.commands.sotto import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", inside, "kvs", "inspect", str(capture.rename(capture.with_name("naïve 日本.mkv")))],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"1 fragments" in ended.stdout and b"\x1b" not in ended.stdout


def test_a_connection_that_is_cut_on_purpose_prints_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("uvicorn.error")
    for error in (ConnectionDropped(), ValueError("a mistake")):
        try:
            raise error
        except (ConnectionDropped, ValueError):
            log.error("Exception in ASGI application", exc_info=True)
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ValueError]
