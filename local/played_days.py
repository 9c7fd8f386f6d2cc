"""The day and hour of calls that are played: a call at three in the afternoon is one at night too."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from sotto.call.contact import Contact
from sotto.core.clock import Clock

MOST_CALLS = 1_000


class PlayedDays:
    """Policies with hours look at ``instant`` (sotto.tenants.compile.PolicyCache); everything else, latencies above
    all, goes by the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead_ms: OrderedDict[str, float] = OrderedDict()

    def begin(self, contact_id: str, starts: datetime) -> None:
        """This contact's call begins at ``starts``, whatever the clock says."""
        self._ahead_ms[contact_id] = starts.timestamp() * 1000 - self._clock.now_ms()
        if len(self._ahead_ms) > MOST_CALLS:
            self._ahead_ms.popitem(last=False)

    def instant(self, contact: Contact, at_ms: float) -> float:
        return at_ms + self._ahead_ms.get(contact.contact_id, 0.0)
