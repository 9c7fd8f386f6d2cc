"""Call tests: audio workers in processes of their own, killed with SIGKILL in the middle of a call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import killed_workers

pytestmark = pytest.mark.call
ROOT = Path(__file__).parents[2]


def test_a_call_whose_worker_processes_are_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    # In a process of its own: an embedded AWS empties what another one in the same process holds, and the settings of
    # the other tests' are in this one's environment.
    out = tmp_path / "result.json"
    asked = ["--kills", "2", "--minutes", "0.7", "--speed", "3", "--seed", "3", "--json", str(out)]
    command = [sys.executable, "-m", "benchmarks.killed_workers", *asked]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SOTTO_"))}
    ended = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=180, check=False)
    assert ended.returncode == 0, ended.stderr[-2_000:]
    result = json.loads(out.read_text())
    assert result["killed"] == 2
    assert result["finals"] >= 5
    assert not killed_workers.failed(result)
