"""``python -m model_containers.trainer TENANT_FOLDER MODELS_FOLDER [--at-once] [--behind]``: a tenant's models.

Prints a line ``package PATH`` for each, and before it ``share SHARE WHAT`` as it goes on. ``--at-once``: heads alone
where adapters were not tried yet. ``--behind``: with what the machine has left over.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from model_containers.trainer.packages import build_packages
from sotto.core.errors import SottoError


class Lines:
    """Prints what is being done once, however often it is heard of."""

    def __init__(self) -> None:
        self._before = ""

    def __call__(self, what: str, share: float) -> None:
        if what != self._before:
            print(f"share {share:.3f} {what}", flush=True)
        self._before = what


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("--at-once", action="store_true")
    parser.add_argument("--behind", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _ended)  # so that no package is left half written
    if options.behind:
        step_back()
    try:
        for package in build_packages(options.folder, options.models, Lines(), at_once=options.at_once):
            print(f"package {package}", flush=True)
    except SottoError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _ended(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def step_back() -> None:
    """One thread of the lowest priority. Linux's idle class would be lower still, but on a busy machine such a process
    never comes to an end, and takes long to hear that it shall."""
    import torch

    torch.set_num_threads(1)
    os.nice(19)


if __name__ == "__main__":
    raise SystemExit(main())
