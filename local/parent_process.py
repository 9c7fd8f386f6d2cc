"""Processes that end with the one that started them, however that ends: a closed terminal, SIGKILL, a crash.

Each is given the reading end of a pipe whose writing end its parent alone holds. When the kernel closes that, the child
ends itself. (PR_SET_PDEATHSIG asks for the thread that started a child, not for the process, and Linux alone has it.)

``python -m local.parent_process FD SECONDS MODULE ...`` runs MODULE as ``python -m`` does, and watches.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import runpy
import signal
import sys
import threading
from collections.abc import Callable
from functools import cache

ORDERLY_END_S = 15.0
"""For a shard to answer what it has in hand and to end its model process."""


def command(module: str, *arguments: str, ends_within_s: float = ORDERLY_END_S) -> list[str]:
    """``python -m module``, to be started with ``pass_fds=inherited()``. At the end it is sent SIGTERM, and killed
    if it stays."""
    return [sys.executable, "-m", __name__, str(_pipe()[0]), str(ends_within_s), module, *arguments]


def inherited() -> tuple[int, ...]:
    """What a child made of ``command`` must inherit."""
    return (_pipe()[0],)


@cache
def _pipe() -> tuple[int, int]:
    """One for all children, open until this process ends: nobody writes, and a child never takes anything from it."""
    return os.pipe()


def watch_pool() -> None:
    """Initialiser of a ``ProcessPoolExecutor``, whose workers would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    _in_background(lambda: multiprocessing.connection.wait([parent.sentinel]), ORDERLY_END_S)


def _in_background(wait: Callable[[], object], ends_within_s: float) -> None:
    threading.Thread(target=_end_after, args=(wait, ends_within_s), name="parent-process", daemon=True).start()


def _end_after(wait: Callable[[], object], ends_within_s: float) -> None:
    wait()
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(ends_within_s)
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def main() -> None:
    descriptor, ends_within_s, module = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    os.set_inheritable(descriptor, False)
    _in_background(lambda: os.read(descriptor, 1), ends_within_s)
    sys.argv = sys.argv[3:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
