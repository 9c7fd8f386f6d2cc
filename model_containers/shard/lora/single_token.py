"""The compiled product of a decode step on a CPU, where there is one: see single_token.c for what it computes.

An image brings it built (``python -m model_containers.shard.lora.single_token PATH`` in its build stage). Elsewhere a C
compiler makes it once and keeps it in the user's cache. Without either, torch's batched products do the same work.
"""

from __future__ import annotations

import ctypes
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import torch

log = logging.getLogger(__name__)

SOURCE = Path(__file__).with_suffix(".c")
BUILT = SOURCE.with_suffix(".so")
# Sums may be reordered, or they would not be vectorised. Not -ffast-math: linking with it changes how the whole process
# treats tiny numbers.
FLAGS = ("-O3", "-shared", "-fPIC", "-fassociative-math", "-fno-signed-zeros", "-fno-trapping-math")
_COMPILE_S = 60

Add = Callable[[int, int, int, int, int, int, int, int, int, int], None]
"""Addresses of x, y, a, b, starts, rows; batch, in, out; address of the sums."""


def addition(dtype: torch.dtype, device: torch.device) -> Add | None:
    """None where torch's own products are to be used."""
    library = _library() if device.type == "cpu" and dtype in (torch.float32, torch.bfloat16) else None
    if library is None:
        return None
    function = library["add_" + str(dtype).removeprefix("torch.")]
    function.argtypes = [ctypes.c_void_p] * 6 + [ctypes.c_int64] * 3 + [ctypes.c_void_p]
    function.restype = None
    return function


def build(target: Path) -> None:
    """Raises OSError without a C compiler, subprocess.SubprocessError when it fails."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        raise FileNotFoundError("no C compiler: install one, or set CC")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / target.name
        subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(made)], check=True, timeout=_COMPILE_S)
        made.rename(target)  # whole or not at all: another process may be loading it


@cache
def _library() -> ctypes.CDLL | None:
    try:
        if BUILT.exists():
            return ctypes.CDLL(str(BUILT))
        kept = _cache() / f"{hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]}.so"
        if not kept.exists():
            build(kept)
        return ctypes.CDLL(str(kept))
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:  # RuntimeError: the user has no home
        log.info("decode steps use torch's products: %s", error)
        return None


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sotto"


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILT)
