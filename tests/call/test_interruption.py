"""Call: Ctrl-C at any moment ends everything in order and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = "from local.commands.sotto import main; main()"
CALL = ("call", "events/calls/bank_cancel/call.wav", "--recogniser")
MARK = "SOTTO_TEST_MARK"
TRAINER = "harbour_bank/"
"""The trainer's first word."""


def started(mark: str, recogniser: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-c", COMMAND, *CALL, recogniser],
        cwd=REPOSITORY,
        env={**os.environ, MARK: mark, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def left_behind(mark: str) -> list[str]:
    """Command lines of living processes that inherited ``mark``, in whatever session they are."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # it ended meanwhile, or is not ours
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc, which this system lacks")
@pytest.mark.parametrize(
    ("moment", "recogniser"),
    [
        (TRAINER, "transcript"),
        ("starting the embedded AWS", "embedded"),
        ("contact of", "embedded"),
    ],
)
def test_ctrl_c_leaves_no_process_behind(moment: str, recogniser: str) -> None:
    mark = uuid.uuid4().hex
    if moment == TRAINER:  # without its note of the last answer the trainer is asked again
        (REPOSITORY / ".sotto" / "models" / "harbour_bank.json").unlink(missing_ok=True)
    with started(mark, recogniser) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if moment in line:
                break
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)  # impatience must not spoil the order
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 130, "".join(lines) + rest
    assert rest.splitlines()[-1] == "sotto: interrupted"
    assert "Traceback" not in rest
    assert left_behind(mark) == []
