"""How large a batch may be, and whether traffic is live or a burst. Decisions only: no clock, no queue."""

from __future__ import annotations

from typing import Literal

Mode = Literal["live", "burst"]
FIRST_SIZE, LARGEST_SIZE = 32, 128


class Pace:
    """Additive increase, multiplicative decrease of the batch size, as Clipper does it.

    A full batch that was read within ``target_ms`` lets the next be larger by ``_STEP``; one that took longer makes it
    smaller by a third. So the size follows the machine, its neighbours and the length of the texts.
    """

    _STEP, _SHRINK = 2.0, 2 / 3

    def __init__(self, *, target_ms: float = 100.0, first: int = FIRST_SIZE, largest: int = LARGEST_SIZE) -> None:
        self._target_ms = target_ms
        self._largest = largest
        self._size = float(first)
        self.mode: Mode = "live"
        self.switches = 0
        self.pass_ms = 0.0
        """Moving average of a pass."""

    @property
    def size(self) -> int:
        return int(self._size)

    def passed(self, *, batch: int, took_ms: float, waiting: int) -> None:
        """``waiting``: how many gathered meanwhile."""
        self.pass_ms = took_ms if not self.pass_ms else 0.8 * self.pass_ms + 0.2 * took_ms
        if took_ms > self._target_ms:
            self._size = max(1.0, self._size * self._SHRINK)
        elif batch >= self.size:
            self._size = min(float(self._largest), self._size + self._STEP)
        self._switch("burst" if waiting > 1 or batch > 1 else "live")

    def wait_ms(self, *, ahead: int) -> float:
        """When an answer may be expected with so many texts ahead and a pass under way."""
        return self.pass_ms * (1 + ahead // max(1, self.size))

    def _switch(self, mode: Mode) -> None:
        self.switches += mode != self.mode
        self.mode = mode
