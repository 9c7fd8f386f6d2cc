"""When a tenant wants to be left alone, in its own time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sotto.alerts.rule import BadRule
from sotto.tenants.book import Hours
from sotto.tenants.hours import state_at

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MOST_EDGES = 16
"""Of intervals that follow each other without a gap: seven days have two each, and a change of the clocks."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``begins`` to ``ends`` (HH:MM, local time of ``zone``) on ``days`` (0 is Monday), on which they begin;
    ``ends`` may be on the next day. The same twice: the whole day. No days: never. ``version``: rises with each
    change, 0 before the first."""

    zone: str = "UTC"
    begins: str = "20:00"
    ends: str = "07:00"
    days: tuple[int, ...] = ()
    version: int = 0

    def until_ms(self, at_ms: int) -> int | None:
        """When the quiet that holds at this instant (Unix epoch) is over; None where none does."""
        if not self.days:
            return None
        begins, ends = _minute(self.begins), _minute(self.ends)
        hours = (Hours(days=tuple(sorted(self.days)), from_minute=begins, to_minute=ends, zone=self.zone),)
        until_ms: int | None = None
        for _ in range(_MOST_EDGES):
            is_quiet, edge_ms = state_at(hours, at_ms)
            if not is_quiet or edge_ms is None:
                break
            at_ms = until_ms = edge_ms
        return until_ms

    def checked(self) -> QuietHours:
        """The same. Raises BadRule."""
        for name, written in (("begins", self.begins), ("ends", self.ends)):
            if not _TIME.fullmatch(written):
                raise BadRule(f"{name}: write HH:MM, 00:00 to 23:59")
        if not set(self.days) <= set(range(7)) or len(set(self.days)) != len(self.days):
            raise BadRule("days: 0 (Monday) to 6, each once")
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadRule("zone: no time zone of this name; write one such as Europe/Berlin") from None
        if len(self.days) == 7 and self.begins == self.ends:
            raise BadRule("days: leave an hour of the week in which alerts are sent")
        return self


def _minute(written: str) -> int:
    hour, minute = written.split(":")
    return int(hour) * 60 + int(minute)
