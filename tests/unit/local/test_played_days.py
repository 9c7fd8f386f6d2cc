"""Calls that are played at a day and hour of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from local.played_days import MOST_CALLS, PlayedDays
from sotto.call.contact import Contact
from sotto.tenants.book import Hours, Policy, TenantBook, TenantSettings, When
from sotto.tenants.compile import PolicyCache
from tests.fakes.clock import ClockByHand

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NOON_MS = NOON.timestamp() * 1000
AT_NIGHT = Policy(name="night", when=When(hours=(Hours(from_minute=20 * 60, to_minute=8 * 60, zone="UTC"),)))
BOOK = TenantBook(tenant="t", settings=TenantSettings(title="T", instances=()), policies=(AT_NIGHT,)).sealed()


def contact(contact_id: str) -> Contact:
    return Contact("t", contact_id, "arn", "stream", 0)


def test_policies_with_hours_look_at_the_calls_own_day_and_follow_it() -> None:
    clock = ClockByHand(NOON_MS)
    days = PlayedDays(clock)
    cache = PolicyCache(instant=days.instant)
    days.begin("evening", NOON.replace(hour=19, minute=59))
    assert cache.compiled(BOOK, contact("evening"), at_ms=clock.now_ms()).policies == ()
    clock.advance(timedelta(minutes=1).total_seconds() * 1000)
    assert cache.compiled(BOOK, contact("evening"), at_ms=clock.now_ms()).policies == ("night",)
    assert cache.compiled(BOOK, contact("another"), at_ms=clock.now_ms()).policies == (), "who has no day has today"


def test_the_oldest_calls_days_are_forgotten() -> None:
    days = PlayedDays(ClockByHand(NOON_MS))
    for number in range(MOST_CALLS + 1):
        days.begin(str(number), NOON + timedelta(hours=1))
    assert days.instant(contact("0"), 0.0) == 0.0
    assert days.instant(contact(str(MOST_CALLS)), 0.0) == 3_600_000
