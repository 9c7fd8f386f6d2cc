"""The whole stack, once for all tests of this folder, and every sample call played through it at the same time."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from ruamel.yaml import YAML

from local.call_script import script_beside
from local.commands.call import caller_for
from local.embedded import EmbeddedSotto, embedded_sotto
from local.options import REPOSITORY, Options
from local.played_call import CallPlan, played
from sotto.media.wav import read_call

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
CALLS = REPOSITORY / "events" / "calls"
SPEED = 3.0
PATIENCE_S = 900.0
PATIENCE = 4.0
"""Dozens of functions, a browser and another worker's tests share what processors there are."""


@dataclass(slots=True)
class Played:
    """One sample call under one team, and all that its panel was told."""

    name: str
    team: str
    contact_id: str
    events: list[dict[str, Any]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    @property
    def summary(self) -> dict[str, Any]:
        return self.of("summary")[0]


class Stack:
    """The embedded stack on an event loop of its own, so that one start serves every test."""

    def __init__(self, options: Options) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="embedded-sotto", daemon=True)
        self._thread.start()
        self.options = options
        self._shard_log = options.state / "shard.log"
        self._shard_log_begins = self._shard_log.stat().st_size if self._shard_log.exists() else 0
        self.of_sample_calls = slice(0, 0)
        """Which of the metrics' lines were written while the sample calls were played."""
        self._context = embedded_sotto(options)
        self.sotto: EmbeddedSotto = self.run(self._context.__aenter__())

    def shard_lines(self) -> list[str]:
        """What shards have logged since this stack began; other tests' shards write into the same file."""
        with self._shard_log.open("rb") as log:
            log.seek(self._shard_log_begins)
            return log.read().decode(errors="replace").splitlines()

    def metrics(self) -> list[str]:
        file = self.options.metrics_file
        return file.read_text().splitlines() if file.exists() else []

    def begin(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What takes too long is cancelled and ends in order: a start leaves no process behind."""

        async def in_time() -> Any:
            async with asyncio.timeout(PATIENCE_S):
                return await work

        return self.begin(in_time()).result()

    def close(self) -> None:
        self.run(self._context.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()


def models_at_hand(state: Path) -> Path:
    """``state``, with the models that this machine's other stacks have trained, each named by what it learned from and
    how: only what is missing is trained."""
    trained = REPOSITORY / ".sotto" / "models"
    for archive in trained.glob("*/*/*.tar.gz"):
        into = state / "models" / archive.relative_to(trained)
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(archive, into)
    return state


@pytest.fixture(scope="package")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Everything that anything logs while the calls are played, at the level that functions are deployed with."""
    file = tmp_path_factory.mktemp("log") / "everything.log"
    handler = logging.FileHandler(file)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)  # below it, botocore logs whole requests
    yield file
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


@pytest.fixture(scope="package")
def stack(logged: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    metrics = tmp_path_factory.mktemp("metrics") / "metrics.jsonl"
    running = Stack(
        Options(
            recogniser="transcript", speed=SPEED, metrics=metrics, channels=("appsync", "websocket"), patience=PATIENCE
        )
    )
    yield running
    running.close()


def cases() -> list[tuple[str, str]]:
    """Every sample call under each team that has expectations for it."""
    found = sorted(path.parent for path in CALLS.glob("*/expected.yaml"))
    return [(call.name, team) for call in found for team in YAML(typ="safe").load(call / "expected.yaml")]


@pytest.fixture(scope="package")
def sample_calls(stack: Stack) -> dict[tuple[str, str], Played]:
    """All sample calls under all their teams, played at once."""

    async def all_at_once() -> list[Played]:
        return list(await asyncio.gather(*(_played(stack.sotto, call, team) for call, team in cases())))

    before = len(stack.metrics())
    found = {(each.name, each.team): each for each in stack.run(all_at_once())}
    stack.of_sample_calls = slice(before, len(stack.metrics()))
    return found


async def _played(sotto: EmbeddedSotto, call: str, team: str) -> Played:
    book = next(book for book in sotto.books.values() if team in book.settings.teams and _tenant(call) == book.tenant)
    agent = book.settings.teams[team].agents[0]
    result = Played(call, team, f"{call}-{team}")
    sotto.transcript(result.contact_id, CALLS / call / "call.transcript.jsonl")
    recording = CALLS / call / "call.wav"
    starts = script_beside(recording).starts
    plan = CallPlan(read_call(recording), caller_for(book, agent), book.tenant, SPEED, starts=starts)
    async for event in played(plan, sotto, result.contact_id):
        result.events.append(event)
    return result


def _tenant(call: str) -> str:
    return str(script_beside(CALLS / call / "call.wav").tenant)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it (Debian: apt install chromium)")
    if not (REPOSITORY / "web" / "apps" / "agent" / "dist" / "index.html").exists():
        pytest.skip("the panel is not built: run `make panel`")
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs rights that containers rarely give; the page is ours.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
