"""Hostile: what a command is given wrong is message in one line before anything is started, and the command fails."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from infra.deployment import DeploymentMistaken, deployment_from
from local.commands.bench import bench
from local.commands.call import call
from local.commands.sotto import report
from local.faults import Fault, UnknownFault
from local.options import REPOSITORY
from local.start_checks import (
    CannotWrite,
    NotInCheckout,
    check_checkout,
    check_folder,
    check_output,
    check_temporary_directory,
)
from local.writing import WriterUnclear, Writing
from model_containers.trainer.examples.example_files import read_examples
from model_containers.trainer.examples.tenant_files import BadTenantFile
from sotto.core.errors import Rejected
from sotto.media.wav import write_call
from sotto.recognition.adapters.transcript import TranscriptUnreadable, read_transcript

SPOKEN = b"\x01\x02\x03\x04" * 8_000
LINE = '{"speaker": "customer", "start_ms": 0, "end_ms": 1, "text": "%s", "words": []}\n'


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    write_call(tmp_path / "call.wav", SPOKEN)
    return tmp_path / "call.wav"


def refused(command: click.Command, *arguments: object) -> str:
    """What it says; it must end without having started anything, which would take seconds and print."""
    result = CliRunner().invoke(command, [str(each) for each in arguments], standalone_mode=False)
    assert isinstance(result.exception, Rejected | click.ClickException), result.output
    assert result.output == ""
    return str(result.exception)


@pytest.mark.parametrize("option", ["--json", "--dump-audio"])
def test_an_output_that_cannot_be_written_is_refused_before_the_start(recording: Path, option: str) -> None:
    nowhere = recording.parent / "nowhere" / "out"
    assert refused(call, recording, option, nowhere) == (
        f"{option} {nowhere} cannot be written (No such file or directory): name another file"
    )
    assert "(Is a directory)" in refused(call, recording, option, recording.parent)
    assert refused(call, recording, option, recording).endswith("would overwrite what is read: name another file")


def test_two_outputs_in_one_file_are_refused(recording: Path) -> None:
    out = recording.parent / "out"
    assert "name the same file" in refused(call, recording, "--json", out, "--dump-audio", out)


def test_the_benchmarks_try_their_output_before_they_take_minutes(tmp_path: Path) -> None:
    assert "cannot be written" in refused(bench, "mkv", "--json", tmp_path / "nowhere" / "out")


def test_trying_an_output_leaves_nothing_and_harms_nothing(tmp_path: Path) -> None:
    check_output(tmp_path / "new", "--json")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "old").write_text("kept")
    check_output(tmp_path / "old", "--json")
    assert (tmp_path / "old").read_text() == "kept"
    os.mkfifo(tmp_path / "pipe")
    check_output(tmp_path / "pipe", "--json")  # without waiting for its reader


@pytest.mark.parametrize(("option", "name"), [("--agent", "nobody"), ("--tenant", "nobody")])
def test_an_agent_or_tenant_that_nobody_knows_is_refused_before_the_start(
    recording: Path, option: str, name: str
) -> None:
    assert f"{option} 'nobody' is" in refused(call, recording, option, name)


@pytest.mark.parametrize("second", ["inf", "-inf", "nan", "-1", "1e999", "", "soon"])
def test_a_fault_has_a_second_that_comes(second: str) -> None:
    with pytest.raises(UnknownFault, match="--fault 'kvs-drop@"):
        Fault.parsed(f"kvs-drop@{second}")


@pytest.mark.parametrize("option", ["--speed", "--worker-limit"])
@pytest.mark.parametrize("number", ["nan", "inf", "-1"])
def test_numbers_that_one_cannot_count_with_are_refused(recording: Path, option: str, number: str) -> None:
    assert refused(call, recording, option, number)


@pytest.mark.parametrize("url", ["http://", "https:///v1", "http://[", "http://host:port/v1", "ftp://host", "host"])
def test_a_host_without_an_address_is_refused(url: str) -> None:
    with pytest.raises(WriterUnclear, match="write the host's address"):
        Writing(url=url, model="m")


@pytest.mark.parametrize(
    ("content", "message_of"),
    [
        (b"\xff\xfe", "not UTF-8 text"),
        ((LINE % "a").replace('"start_ms": 0', '"start_ms": NaN').encode(), "finite"),
        ((LINE % "a").replace('"end_ms": 1', '"end_ms": "inf"').encode(), "finite"),
        (b"[" * 100_000, "recursion limit"),
    ],
)
def test_a_transcript_that_cannot_be_read_is_refused_before_the_start(
    recording: Path, content: bytes, message_of: str
) -> None:
    recording.with_suffix(".transcript.jsonl").write_bytes(content)
    assert message_of in refused(call, recording, "--recogniser", "transcript")


def test_a_transcript_may_hold_every_sign_that_json_may(tmp_path: Path) -> None:
    """A line ends at a line feed and nowhere else, and text is UTF-8 whatever the terminal is."""
    (tmp_path / "t.jsonl").write_text("\ufeff" + LINE % "naïve\u2028\x85sign", encoding="utf-8")
    assert [line.text for line in read_transcript(tmp_path / "t.jsonl")] == ["naïve\u2028\x85sign"]
    with pytest.raises(TranscriptUnreadable, match="No such file"):
        read_transcript(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"\xff\xfe"),
        ("a.csv", b'text,label\n"' + b"x" * 200_000 + b'",b\n'),
        ("a.jsonl", b"[" * 100_000),
        ("a.jsonl", b"[1]\n"),
        ("a.jsonl", b"1" * 5_000),
    ],
)
def test_phrases_that_cannot_be_read_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadTenantFile, match=r"expected \.yaml as in a tenant's folder"):
        read_examples(tmp_path / name)


def test_phrases_saved_by_a_spreadsheet_are_read(tmp_path: Path) -> None:
    """It writes a byte order mark."""
    rows = "text,label\na,x\nb,x\nc,y\nd,y\n"
    (tmp_path / "a.csv").write_text("\ufeff" + rows, encoding="utf-8")
    assert read_examples(tmp_path / "a.csv")[0] == {"x": ("a", "b"), "y": ("c", "d")}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: " + b"[" * 1_200, b"a: 2024-99-99\n", b"a: \x1b\n", b""])
def test_a_deployment_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "deployment.yaml").write_bytes(content)
    with pytest.raises(DeploymentMistaken, match=r"not YAML|must be a map"):
        deployment_from(tmp_path / "deployment.yaml")


def test_outside_a_checkout_the_command_says_where_it_works(tmp_path: Path) -> None:
    check_checkout(REPOSITORY)
    with pytest.raises(NotInCheckout, match=r"has no tenants: clone the repository, run 'make setup' there"):
        check_checkout(tmp_path)


def test_a_folder_that_cannot_be_written_is_named_with_the_fix(tmp_path: Path) -> None:
    """A file stands in its place, as permissions do not bind whoever runs tests as root."""
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match=r"cannot write in .*file/state \(Not a directory\): work elsewhere"):
        check_folder(tmp_path / "file" / "state", "work elsewhere")
    check_folder(tmp_path / "state", "work elsewhere")
    assert list((tmp_path / "state").iterdir()) == []


@pytest.fixture
def lost_temporary_directory(tmp_path: Path) -> Iterator[Path]:
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path / "lost")
    yield tmp_path / "lost"
    tempfile.tempdir = before


def test_a_temporary_directory_without_space_is_named_with_the_fix(lost_temporary_directory: Path) -> None:
    with pytest.raises(CannotWrite, match=r"cannot write in .*lost .*free some space, or set TMPDIR"):
        check_temporary_directory()


def test_what_the_machine_refuses_later_is_one_line_too(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/tmp/\x1b[2Jx")
    assert report(full) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("sotto: /tmp/\\x1b[2Jx: No space left on device (OSError); the log says where: ")
    assert report(ValueError("a mistake of ours keeps its traceback")) is None
