"""A port of this machine for a process that is yet to listen on it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port that the system gives to nobody else, whether or not somebody listens on it; while nobody does, connecting
    is refused. Whoever gets it may listen with SO_REUSEADDR, which asyncio's and uvloop's servers set.

    Only Linux lets somebody listen on an address to which another socket is bound: elsewhere the port is free at once,
    and a stranger may come first.
    """
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        if sys.platform != "linux":
            bound.close()
        yield port
