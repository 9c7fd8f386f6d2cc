"""When a card is due, seen from the words of a call: Connect is then to record nothing. Pure, and cheap for each final.

It is due once an agent asks for it, or somebody has begun to say it, and as long as more of it is expected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sotto.call.live import RecordingAction
from sotto.tenants.redaction_rules import PrivateKind

CARD = frozenset({PrivateKind.CARD_NUMBER, PrivateKind.CARD_EXPIRY, PrivateKind.SECURITY_CODE, PrivateKind.PIN})
RENEWED_MS = 20_000
"""What suspends is ordered anew this often, because an order may be lost and each holds for a while only."""
LINGERS_MS = 3_000
"""After the last that was due: a digit may follow."""
FORGOTTEN_MS = 45_000
"""Nobody has said anything: the card does not come any more."""


class CardsDue:
    """A CardWatch. ``order`` must be quick, and raise nothing. ``follows``: a worker before this one may have suspended
    the recording. Times are call time, ms."""

    def __init__(self, order: Callable[[RecordingAction], None], *, follows: bool = False) -> None:
        self._order = order
        self._is_suspended = follows
        self._ordered_ms = float("-inf")
        self._due_ms = float("-inf")
        self._is_stopped = False

    def final(self, expected: str | None, found: Collection[str], call_ms: float) -> None:
        """After each final: what kind of private data may follow, and what kinds were in it."""
        if expected in CARD or not CARD.isdisjoint(found):
            self._due_ms = call_ms
            if not self._is_suspended or call_ms - self._ordered_ms >= RENEWED_MS:
                self._ordered_ms = call_ms
                self._is_suspended = True
                self._do(RecordingAction.SUSPEND)
        elif self._is_suspended and call_ms - self._due_ms >= LINGERS_MS:
            self._resume()

    def passed(self, call_ms: float) -> None:
        """The call has come so far."""
        if self._is_suspended and call_ms - self._due_ms >= FORGOTTEN_MS:
            self._resume()

    def refused(self) -> None:
        """A speaker does not want to be recorded."""
        self._do(RecordingAction.STOP)
        self._is_stopped = True

    def _resume(self) -> None:
        self._is_suspended = False
        self._do(RecordingAction.RESUME)

    def _do(self, action: RecordingAction) -> None:
        if not self._is_stopped:
            self._order(action)
