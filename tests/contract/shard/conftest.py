"""A real shard process, and packages trained once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.reserved_port import reserved_port
from model_containers.trainer.packages import build_packages
from sotto.models.package import read_archived_card
from tests.fakes.small_tenant import write_small_tenant

ROOT = Path(__file__).parents[3]
Answer = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Model name to archive."""
    root = tmp_path_factory.mktemp("trained")
    return {
        archive.parent.name: archive
        for archive in build_packages(write_small_tenant(root), root / "packages", at_once=True)
    }


@dataclass(frozen=True)
class RunningShard:
    process: subprocess.Popen[str]
    client: httpx.Client

    def wait_until_ready(self) -> None:
        """Reads its log up to the line that says so, once per life of the model process."""
        assert self.process.stderr is not None
        seen = []
        for line in self.process.stderr:
            seen.append(line)
            if "shard ready" in line:
                return
        raise AssertionError(f"the shard ended before it was ready: {''.join(seen)}")


@contextmanager
def shard_process(*options: str) -> Iterator[RunningShard]:
    with reserved_port() as port:
        command = [sys.executable, "-m", "model_containers.shard", "--port", str(port), *options]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}  # metrics, log
        with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
            try:
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                    yield RunningShard(process, client)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)


@pytest.fixture(scope="session")
def shard(packages: Mapping[str, Path]) -> Iterator[httpx.Client]:
    """Healthy, with every model of the small tenant loaded under its own name."""
    with shard_process() as running:
        running.wait_until_ready()
        for name, archive in packages.items():
            running.client.post("/models", json={"model_name": name, "url": str(archive)}).raise_for_status()
        yield running.client


@pytest.fixture(scope="session")
def ask(shard: httpx.Client) -> Answer:
    def answer(model: str, text: str, **more: Any) -> dict[str, Any]:
        request = {"tenant": "small_bank", "text": text, "speaker": "customer", "inputs": {}, **more}
        response = shard.post(f"/models/{model}/invoke", json=request)
        assert response.status_code == 200, response.text
        output: dict[str, Any] = response.json()
        return output

    return answer


@pytest.fixture(scope="session")
def names(packages: Mapping[str, Path]) -> dict[str, str]:
    """Model to its package's name."""
    return {model: read_archived_card(archive).target_model for model, archive in packages.items()}


@pytest.fixture(scope="session")
def prefix(packages: Mapping[str, Path], names: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("prefix")
    for model, archive in packages.items():
        (root / names[model]).parent.mkdir(parents=True)
        (root / names[model]).write_bytes(archive.read_bytes())
    return root


@pytest.fixture(scope="session")
def fetching(prefix: Path) -> Iterator[httpx.Client]:
    """A shard that has loaded nothing and fetches what it is asked for."""
    with shard_process("--adapters", str(prefix)) as running:
        running.wait_until_ready()
        yield running.client
