"""A model process ends with its supervisor, whatever it is computing or waiting for when that goes."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading

TO_END_S = 5.0
"""What it has in hand may finish; a pass takes milliseconds."""


def end_with_the_supervisor(connection: socket.socket) -> None:
    """Kills this process, and all that it has started, some time after the supervisor has hung up.

    The event loop reads the same end and normally ends first; it does not while a base is loaded or when it hangs, and
    a supervisor that was killed can't see to that.
    """
    threading.Thread(target=_watch, args=(connection.fileno(),), name="envelope", daemon=True).start()


def _watch(descriptor: int) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLHUP)
    poll.poll()
    threading.Event().wait(TO_END_S)
    if os.getpgrp() == os.getpid():  # as the envelope starts it
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)
