"""Weekly intervals in local time, across midnight and changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sotto.tenants.book import Hours

DAY_MINUTES = 1440


def state_at(hours: tuple[Hours, ...], at_ms: float) -> tuple[bool, int | None]:
    """Whether one of the intervals holds at this instant, and the next instant (ms) at which that may change.

    No intervals at all mean: always, and it never changes.
    """
    if not hours:
        return True, None
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    spans = [span for interval in hours for span in _spans_around(interval, _local_day(interval.zone, at))]
    active = any(begins <= at_ms < ends for begins, ends in spans)
    edges = [edge for span in spans for edge in span if edge > at_ms]
    return active, min(edges, default=None)


def _local_day(zone: str, at: datetime) -> date:
    return at.astimezone(_zone(zone)).date()


@lru_cache(maxsize=4096)
def _spans_around(interval: Hours, today: date) -> tuple[tuple[int, int], ...]:
    """The interval's occurrences from yesterday until a week from now, as (begin, end) in ms."""
    days = (today + timedelta(days=offset) for offset in range(-1, 9))
    return tuple(_span(interval, day) for day in days if day.weekday() in interval.days)


def _span(interval: Hours, day: date) -> tuple[int, int]:
    overnight = interval.to_minute <= interval.from_minute
    end_day = day + timedelta(days=1) if overnight else day
    begins = _instant(day, interval.from_minute, interval.zone, fold=0)
    return begins, _instant(end_day, interval.to_minute, interval.zone, fold=1)


def _instant(day: date, minute: int, zone: str, *, fold: int) -> int:
    """The instant of a local time. Of one that occurs twice, ``fold`` 0 takes the first and 1 the last.

    One that the clocks skip comes as much later as they jump: 02:30 becomes 03:30.
    """
    if minute == DAY_MINUTES:
        day, minute = day + timedelta(days=1), 0
    local = datetime.combine(day, time(minute // 60, minute % 60), _zone(zone))
    if local.replace(fold=0).utcoffset() < local.replace(fold=1).utcoffset():  # type: ignore[operator]
        # A gap: fold 1 would read the new offset and land before it.
        return round(local.replace(fold=0).timestamp() * 1000)
    return round(local.replace(fold=fold).timestamp() * 1000)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
