"""How tests are shared among processes: ``pytest -n auto --dist loadfile``, which is what ``make test`` runs; and a
line at the end where browser tests were skipped for want of Chromium, which fails the run in CI."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Generator
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.open_sockets import remember_who_opens

TOGETHER = {
    "tests/call/": "stack",
    "tests/contract/shard/": "shard",
    "tests/infra/": "infra",
    "tests/writing/": "writing",
    "tests/transcribed/": "transcribed",
}
"""Folders whose files share what takes long to make (a stack, trained packages, templates) stay in one process. They
are begun first, in this order, as they take longest; then file by file."""
BY_THEMSELVES = ("tests/call/test_interruption.py", "tests/call/test_killed_workers.py")
"""Files of those folders that share nothing: all that they start is a process of its own."""
LONG = (
    *BY_THEMSELVES,
    "tests/contract/test_tenants_push.py",
    "tests/web/test_panel.py",
    "tests/web/test_asking.py",
    "tests/hostile/test_failed_calls_say_so.py",
    "tests/contract/test_after_call_under_kills.py",
    "tests/contract/test_learning.py",
    "tests/contract/test_event_bus.py",
)
"""Files of more than half a minute, which come next: the last one to end is then a short one."""
WORKER_BYTES = 3 * 1024**3
"""What a process takes with torch, a stack and the model processes that its tests start."""
MOST_WORKERS = 4
"""With more of them the longest folder is what is waited for."""
WORKERS_A_CORE = 1.5
"""One each left two cores idle for four tenths of the time: a call that is played takes its time."""


COLLECTED_AFTER = (10_000, 10, 20)
"""Objects more than before; times that, for older ones."""


def pytest_configure() -> None:
    keep_what_is_compiled()
    remember_who_opens()
    read_definitions_once()
    parse_texts_once()
    with suppress(ImportError):  # the environment of `make test-vllm` has it not
        from hypothesis import HealthCheck, settings

        # How long an example takes says how busy the machine is.
        settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
        settings.load_profile("unhurried")


def keep_what_is_compiled() -> None:
    """Tests start hundreds of processes. Where the environment forbids to keep what Python compiled, each of them would
    compile the package anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def read_definitions_once() -> None:
    """boto3 reads the definitions of a service, megabytes of JSON, anew for each session; tests make thousands."""
    with suppress(ImportError):
        from botocore.loaders import JSONFileLoader

        read = JSONFileLoader.load_file
        by_path = cache(lambda path: read(JSONFileLoader(), path))
        JSONFileLoader.load_file = lambda self, path: by_path(path)


def parse_texts_once() -> None:
    """The sample tenants are read by hundreds of tests, and parsing is nine tenths of it. Nobody alters the nodes."""
    with suppress(ImportError):
        from sotto.tenants.reading import parsing

        parsing._composed = lru_cache(512)(parsing._composed)


def pytest_collection_finish() -> None:
    """What is imported and collected stays until the end: the collector need not look through it again and again, nor
    for each of the small things that it looks for by default. It took a sixth of a played call's processor time."""
    if "moto" in sys.modules:
        install_shortcuts()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def pytest_unconfigure() -> None:
    """Or what libraries look for at the interpreter's end would seem to have leaked."""
    gc.unfreeze()


def install_shortcuts() -> None:
    """moto copies whole tables for a transaction and sorts them for a query. An embedded AWS hooks it for good:
    whichever tests come first, they all meet the same moto."""
    from local.aws import moto_shortcuts

    moto_shortcuts.install()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None  # xdist's own answer
    return max(1, min(int(_cores() * WORKERS_A_CORE), _free_bytes() // WORKER_BYTES, MOST_WORKERS))


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _free_bytes() -> int:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:  # not Linux
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return kilobytes["MemAvailable"] * 1024


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # which the environment of `make test-vllm` has not

    class SharedTogether(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _shares(nodeid) or super()._split_scope(nodeid)

    config.option.loadscopereorder = False  # else whatever has the most tests would come first
    return SharedTogether(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    order = (*TOGETHER.values(), *LONG)
    first = _shares(nodeid) or nodeid.partition("::")[0]
    return order.index(first) if first in order else len(order)


def _shares(nodeid: str) -> str | None:
    if nodeid.startswith(BY_THEMSELVES):
        return None
    return next((shared for folder, shared in TOGETHER.items() if nodeid.startswith(folder)), None)


NO_CHROMIUM = "no Chromium"
"""How the reason begins for which tests without a browser are skipped."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, object, object]:
    """Outermost, so that its line is the last one."""
    skipped = _without_chromium(session.config)
    if skipped and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    result = yield
    if skipped:
        fix = "install Chromium (Debian: apt install chromium) or name it in SOTTO_CHROMIUM, and run them again"
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        reporter.write_line(f"{skipped} browser tests were skipped: {fix}", yellow=True, bold=True)
    return result


def _without_chromium(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter is not None else []
    return sum(1 for report in reports if isinstance(report.longrepr, tuple) and NO_CHROMIUM in report.longrepr[2])


@pytest.fixture(autouse=True)
def logs_go_on() -> Generator[None]:
    """Whoever switches logs off for the whole process fails here, and not in another's test that looks for a line."""
    yield
    left = logging.root.manager.disable
    logging.disable(logging.NOTSET)
    assert left == logging.NOTSET, "this test left logs switched off for the whole process (logging.disable)"
