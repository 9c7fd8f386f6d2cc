"""A temporary folder that goes with the process that made it, even one that is killed: what was said may lie in it.

A process of its own removes it, which no signal of the terminal ends, as soon as the maker has closed the pipe to it:
by leaving the block, or by ending in any other way.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ATTEMPTS, BETWEEN_S = 100, 0.1
"""Others that end with the maker may still be writing into the folder."""


@contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    sweeper = [sys.executable, "-I", "-S", __file__, str(folder)]
    with subprocess.Popen(sweeper, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True):
        yield folder


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    folder = Path(sys.argv[1])
    for _ in range(ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(BETWEEN_S)


if __name__ == "__main__":
    main()
