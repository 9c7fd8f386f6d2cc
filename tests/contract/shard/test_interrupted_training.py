"""Contract: ``sotto adapters train`` in a process of its own, ended by a signal in the middle of training."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs, and so their tests, ignore it
from local.commands.sotto import main
main()
"""


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """So many that training cannot be over before the signal comes."""
    rows = [f"about my {thing} number {n},{thing}" for thing in ("card", "loan") for n in range(300)]
    (tmp_path / "examples.csv").write_text("\n".join(["text,label", *rows]) + "\n")
    return tmp_path / "examples.csv"


@contextmanager
def training(examples: Path, out: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The process, and the terminal on which it shows its progress."""
    ours, theirs = pty.openpty()
    options = ["--data", str(examples), "--tenant", "any_bank", "--method", "lora", "--out", str(out)]
    command = [sys.executable, "-c", RUN, "adapters", "train", *options]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, env=environment, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            yield process, ours
        finally:
            process.kill()
            os.close(ours)


def shown_until(terminal: int, wanted: str) -> str:
    """What the terminal showed up to then, or up to the end of the process."""
    seen = ""
    while wanted not in seen:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not piece:
            break
        seen += piece.decode(errors="replace")
    return seen


def interrupted(examples: Path, out: Path, number: signal.Signals) -> tuple[int, str]:
    """The exit code, and what the terminal showed after the signal."""
    with training(examples, out) as (process, terminal):
        assert "tuning the encoder, epoch 1" in shown_until(terminal, "tuning the encoder, epoch 1")
        process.send_signal(number)
        rest = shown_until(terminal, "\0")
        code = process.wait()
        assert process.stdout is not None and process.stdout.read() == b"", "a package was announced"
    return code, rest


def test_sigterm_in_the_middle_of_training_leaves_nothing(examples: Path, tmp_path: Path) -> None:
    code, rest = interrupted(examples, tmp_path / "out", signal.SIGTERM)
    assert code == 143
    assert "sotto: interrupted" in rest and "Traceback" not in rest
    assert not (tmp_path / "out").exists()


def test_ctrl_c_leaves_earlier_packages_as_they_were(examples: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "out" / "any_bank" / "intent" / "1.tar.gz"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(b"an earlier version")
    code, rest = interrupted(examples, tmp_path / "out", signal.SIGINT)
    assert code == 130
    assert "sotto: interrupted" in rest and "Traceback" not in rest
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == [earlier]
    assert earlier.read_bytes() == b"an earlier version"
