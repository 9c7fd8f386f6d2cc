"""A real container process with tiny.en on the CPU."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.reserved_port import reserved_port

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class RunningRecogniser:
    process: subprocess.Popen[str]
    port: int

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ping(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://{self.host}/ping", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def wait_until_ready(self) -> None:
        assert self.process.stderr is not None
        seen = []
        for line in self.process.stderr:
            seen.append(line)
            if "recogniser ready" in line:
                return
        raise AssertionError(f"the recogniser ended before it was ready: {''.join(seen)}")

    def end(self) -> str:
        """Ask it to end; returns what it wrote to standard output: its metrics."""
        self.process.send_signal(signal.SIGTERM)
        metrics, _ = self.process.communicate(timeout=60)
        return metrics


@contextmanager
def recogniser_process(*options: str, **environment: str) -> Iterator[RunningRecogniser]:
    with reserved_port() as port:
        command = [sys.executable, "-m", "model_containers.recogniser", "--port", str(port), *options]
        given = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, cwd=ROOT, env=given, text=True, **pipes) as process:
            running = RunningRecogniser(process, port)
            try:
                yield running
            finally:
                if process.poll() is None:
                    running.end()


@pytest.fixture(scope="module")
def container() -> Iterator[RunningRecogniser]:
    with recogniser_process("--sessions", "4") as running:
        running.wait_until_ready()
        yield running
