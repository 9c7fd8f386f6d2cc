"""The shard's container, run as the process that it is."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from local.inherited_environment import without_the_outside
from local.parent_process import command, inherited
from local.reserved_port import reserved_port
from local.scratch import scratch_folder
from sotto.core.errors import Degraded

READY_WITHIN_S = 180.0
"""A process that ends is noticed at once; only one that hangs is waited for so long."""
LOOK_EVERY_S = 0.05
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ShardNotReady(Degraded):
    """The shard did not answer /ping with 200 in time."""


class ShardProcess:
    """``python -m model_containers.shard`` on a port of this machine, from ``__enter__`` to ``__exit__``.

    It ends with this process, however that ends, and what it keeps in the temporary directory goes with it.

    ``options``: beside the port. ``environment``: beside this process's, of which nothing that leads outside is
    handed on.
    """

    def __init__(
        self, repository: Path, log: Path, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        self._repository = repository
        self._log = log
        self._options = options
        self._environment = dict(environment or {})
        self._open = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.port = self._open.enter_context(reserved_port())
        self._scratch = self._open.enter_context(scratch_folder("sotto-shard-"))
        self._open.callback(self.stop)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command("model_containers.shard", "--port", str(self.port), *self._options),
                cwd=self._repository,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=without_the_outside(os.environ) | {"TMPDIR": str(self._scratch)} | self._environment,
                pass_fds=inherited(),
                start_new_session=True,  # Ctrl-C reaches us alone; we end it in order
            )

    def wait_until_ready(self, check: Callable[[], None] = lambda: None) -> None:
        """Raises ShardNotReady; the shard's log says why. ``check`` may raise to end the wait."""
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            check()
            if self._process is None or self._process.poll() is not None:
                break
            if self._pings():
                return
            time.sleep(LOOK_EVERY_S)
        raise ShardNotReady(f"the shard did not become ready; its log is {self._log}")

    def kill(self) -> None:
        """End it without a word, as a machine that is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()

    def _pings(self) -> bool:
        try:
            with _DIRECTLY.open(f"{self.url}/ping", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
