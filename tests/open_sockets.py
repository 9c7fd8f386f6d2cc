"""Who opened a socket that nobody closed.

A socket that is thrown away unclosed is a failure, of whichever test the collector meets it in, which may be another
file's. What that test prints says where it was opened, so that one need not guess.
"""

from __future__ import annotations

import socket
import sys
from types import FrameType

_LINES = 12
_NOT_OURS = ("site-packages", "/lib/python", "<frozen")

_opened: dict[int, str] = {}
"""By the socket's id: a socket has no attributes of its own, and a weak key is gone when the collector prints it."""


def remember_who_opens() -> None:
    """For the whole process."""
    opens, prints = socket.socket.__init__, socket.socket.__repr__

    def init(self: socket.socket, *args: int, **named: int) -> None:
        _opened[id(self)] = _callers(sys._getframe(1))
        opens(self, *args, **named)

    def printed(self: socket.socket) -> str:
        return f"{prints(self)} opened by {_opened.get(id(self), 'nobody we know')}"

    socket.socket.__init__ = init  # type: ignore[method-assign, assignment]
    socket.socket.__repr__ = printed  # type: ignore[method-assign]


def _callers(frame: FrameType | None) -> str:
    found: list[str] = []
    while frame is not None and len(found) < _LINES:
        name = frame.f_code.co_filename
        if not any(part in name for part in _NOT_OURS):
            found.append(f"{name}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(found) or "a library's own thread"
