"""Hostile: whoever started something is killed, or its terminal is closed. No process and no folder stays."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import termios
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MARK = "SOTTO_TEST_MARK"
WITHIN_S = 30
pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc, which this system lacks")

SHARD = """
from local.shard_process import ShardProcess
with ShardProcess(Path.cwd(), Path(sys.argv[1]) / "shard.log") as shard:
    shard.wait_until_ready()
    up()
"""
LOADING_SHARD = """
from local.shard_process import ShardProcess
with ShardProcess(Path.cwd(), Path(sys.argv[1]) / "shard.log"):
    while not runs(b"shard.encoder.process\\0--fd"):
        pass
    up()
"""
CHILD = """
from local.parent_process import command, inherited
deaf = command("tests.hostile.deaf_child", ends_within_s=0.1)
with subprocess.Popen(deaf, pass_fds=inherited(), start_new_session=True, stdout=-1) as one:
    one.stdout.readline()
    up()
"""
POOL = """
from concurrent.futures import ProcessPoolExecutor
import multiprocessing
from local.parent_process import watch_pool
def main():
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning, initializer=watch_pool) as pool:
        pool.submit(os.getpid).result()
        up()
main()
"""
SCRATCH = """
from local.scratch import scratch_folder
with scratch_folder("sotto-") as folder:
    (folder / "transcript.jsonl").write_text("what was said")
    up()
"""
RECOGNISER = """
from sotto.recognition.adapters.whisper.recogniser import WhisperRecogniser
WhisperRecogniser().prestart()
up()
"""
BENCHMARK = """
from local.interruption import ended_in_order
from local.scratch import scratch_folder
import asyncio, tempfile
async def call():
    await asyncio.Event().wait()
@ended_in_order()
def main():
    with tempfile.TemporaryDirectory() as folder:
        os.set_blocking(0, True)
        asyncio.run(begun())
async def begun():
    sys.stdout.write("up\\n"); sys.stdout.flush()
    await call()
main()
"""
CALL = """
from local.interruption import Interrupted, run_interruptibly
from local.parent_process import command, inherited
from local.scratch import scratch_folder
import asyncio
async def call():
    with scratch_folder("sotto-"):
        deaf = command("tests.hostile.deaf_child", ends_within_s=0.1)
        child = subprocess.Popen(deaf, pass_fds=inherited(), start_new_session=True, stdout=-1)
        child.stdout.readline()
        try:
            print("up", flush=True)
            await asyncio.Event().wait()
        finally:
            child.kill()
            child.wait()
            Path(sys.argv[1], "ended").write_text("in order")
try:
    run_interruptibly(call())
except Interrupted as error:
    raise SystemExit(error.exit_code)
"""
PRELUDE = """
import os, subprocess, sys
from pathlib import Path
def runs(command):
    return any(command in line and os.environ["SOTTO_TEST_MARK"].encode() in environment for line, environment in all())
def all():
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            pass
def up():
    print("up", flush=True)
    sys.stdin.read()
"""


def marked(mark: str) -> dict[int, str]:
    """Living processes that inherited ``mark``, in whatever session they are, and their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it ended meanwhile, or is not ours
    return found


class Starter:
    """A process that has started others."""

    def __init__(self, process: subprocess.Popen[str], mark: str, temporary: Path) -> None:
        self.process = process
        self.others = {pid: line for pid, line in marked(mark).items() if pid != process.pid}
        self._mark = mark
        self._temporary = temporary
        self._waiting = {pid: os.pidfd_open(pid) for pid in self.others}

    def ended_by(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(WITHIN_S)

    def left(self) -> list[str]:
        """Of the processes that it had started, and of files in the temporary directory, once there was time to end."""
        for descriptor in self._waiting.values():
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            poll.poll(WITHIN_S * 1000)
        return [*marked(self._mark).values(), *(str(path) for path in self._temporary.iterdir())]

    def close(self) -> None:
        for pid, descriptor in self._waiting.items():
            if pid in marked(self._mark):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
            os.close(descriptor)


@contextmanager
def started(script: str, tmp_path: Path, screen: IO[str] | None = None, **more: Any) -> Iterator[Starter]:
    mark, temporary = uuid.uuid4().hex, tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script, str(tmp_path)],
        cwd=REPOSITORY,
        env={**os.environ, MARK: mark, "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(temporary)},
        **({"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True} | more),
    ) as process:
        said = screen or process.stdout
        assert said is not None and said.readline().strip() == "up"
        starter = Starter(process, mark, temporary)
        try:
            yield starter
        finally:
            process.kill()
            starter.close()


@pytest.mark.parametrize("script", [SHARD, LOADING_SHARD], ids=["ready", "loading its base"])
def test_a_shard_and_its_model_process_end_with_whoever_started_them(script: str, tmp_path: Path) -> None:
    with started(script, tmp_path) as starter:
        assert any("shard.encoder.process --fd" in line for line in starter.others.values())
        starter.ended_by(signal.SIGKILL)
        assert starter.left() == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_child_that_ignores_signals_ends_with_its_parent(number: int, tmp_path: Path) -> None:
    with started(CHILD, tmp_path) as starter:
        assert len(starter.others) == 1
        assert starter.ended_by(number) == -number
        assert starter.left() == []


def test_workers_of_a_pool_end_with_their_parent(tmp_path: Path) -> None:
    with started(POOL, tmp_path) as starter:
        assert starter.others
        starter.ended_by(signal.SIGKILL)
        assert starter.left() == []


def test_what_was_said_does_not_stay_in_the_temporary_directory(tmp_path: Path) -> None:
    with started(SCRATCH, tmp_path) as starter:
        starter.ended_by(signal.SIGKILL)
        assert starter.left() == []


def test_the_embedded_recognisers_process_ends_with_its_parent(tmp_path: Path) -> None:
    pytest.importorskip("ctranslate2")
    with started(RECOGNISER, tmp_path) as starter:
        assert len(starter.others) == 1
        starter.ended_by(signal.SIGKILL)
        assert starter.left() == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_benchmark_ends_in_order(number: int, code: int, tmp_path: Path) -> None:
    with started(BENCHMARK, tmp_path) as starter:
        assert starter.ended_by(number) == code
        assert starter.left() == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_call_ends_in_order(number: int, code: int, tmp_path: Path) -> None:
    with started(CALL, tmp_path) as starter:
        assert starter.ended_by(number) == code
        assert starter.left() == []
    assert (tmp_path / "ended").exists()


def test_a_call_outlives_its_terminal_under_nohup(tmp_path: Path) -> None:
    def ignoring() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with started(CALL, tmp_path, preexec_fn=ignoring) as starter:
        starter.process.send_signal(signal.SIGHUP)
        assert starter.ended_by(signal.SIGTERM) == 143


def test_a_closed_terminal_ends_a_call_in_order(tmp_path: Path) -> None:
    ours, theirs = os.openpty()

    def at_the_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    terminal = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "start_new_session": True}
    with (
        os.fdopen(ours, "r") as screen,
        started(CALL, tmp_path, screen, preexec_fn=at_the_terminal, **terminal) as starter,
    ):
        os.close(theirs)
        screen.close()
        assert starter.process.wait(WITHIN_S) == 129
        assert starter.left() == []
    assert (tmp_path / "ended").exists()
