"""Unit: quiet hours by the tenant's clock, also on nights when it changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.alerts.quiet import QuietHours
from sotto.alerts.rule import BadRule, Channel, InQuietHours
from sotto.alerts.store import Outcome
from tests.unit.alerts.any_rule import MINUTE, AlertDesk, any_rule, reading

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "UTC")
CHANGES = (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC))
"""About which the clocks of these zones change, within some weeks."""
TIMES = st.builds(lambda hour, quarter: f"{hour:02d}:{15 * quarter:02d}", st.integers(0, 23), st.integers(0, 3))
HOURS = st.builds(
    QuietHours,
    zone=st.sampled_from(ZONES),
    begins=TIMES,
    ends=TIMES,
    days=st.lists(st.integers(0, 6), min_size=1, max_size=6, unique=True).map(tuple),
)
INSTANTS = st.builds(
    lambda change, minutes: int((change + timedelta(minutes=minutes)).timestamp() * 1000),
    st.sampled_from(CHANGES),
    st.integers(-15 * 1440, 15 * 1440),
)


def is_quiet_by_the_wall_clock(hours: QuietHours, at_ms: int) -> bool:
    """Another way to the same: what the clock on the wall shows, of instants that no change of clocks is near."""
    local = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(hours.zone))
    now, yesterday = local.strftime("%H:%M"), (local.weekday() - 1) % 7
    if hours.begins < hours.ends:
        return local.weekday() in hours.days and hours.begins <= now < hours.ends
    return (local.weekday() in hours.days and now >= hours.begins) or (yesterday in hours.days and now < hours.ends)


def is_near_a_change(hours: QuietHours, at_ms: int) -> bool:
    at = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(hours.zone))
    return len({(at + timedelta(hours=off)).utcoffset() for off in range(-30, 31)}) > 1


@settings(max_examples=400, deadline=None)
@given(HOURS, INSTANTS)
def test_it_is_quiet_when_the_clock_on_the_wall_says_so(hours: QuietHours, at_ms: int) -> None:
    quiet = hours.checked().until_ms(at_ms) is not None
    assert is_near_a_change(hours, at_ms) or quiet == is_quiet_by_the_wall_clock(hours, at_ms)


@settings(max_examples=400, deadline=None)
@given(HOURS, INSTANTS)
def test_quiet_ends_at_its_own_end_and_nothing_is_quiet_there(hours: QuietHours, at_ms: int) -> None:
    until_ms = hours.until_ms(at_ms)
    if until_ms is None:
        return
    assert until_ms > at_ms and hours.until_ms(until_ms) is None, "a digest never falls into quiet hours again"
    assert hours.until_ms(until_ms - 1) == until_ms, "all that falls in it ends together"
    ends = datetime.fromtimestamp(until_ms / 1000, ZoneInfo(hours.zone))
    # A clock that skips the end shows a later time there: 02:30 is 03:30.
    assert ends.strftime("%H:%M") == hours.ends or is_near_a_change(hours, until_ms)


@pytest.mark.parametrize(
    ("night", "length_h"),
    [("2026-03-28T22:00", 8), ("2026-10-24T22:00", 10), ("2026-06-06T22:00", 9)],
    ids=["an hour is skipped", "an hour comes twice", "an ordinary night"],
)
def test_a_night_is_as_long_as_the_clocks_make_it(night: str, length_h: int) -> None:
    hours = QuietHours("Europe/Berlin", "22:00", "07:00", tuple(range(7)))
    begins_ms = int(datetime.fromisoformat(night).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000)
    assert hours.until_ms(begins_ms - 1) is None
    assert hours.until_ms(begins_ms) == begins_ms + length_h * 60 * MINUTE


def test_what_falls_in_quiet_hours_is_one_digest_afterwards_on_each_channel() -> None:
    desk = AlertDesk()
    until_ms = night(desk)
    for rule in ("r1", "r2", "r3"):
        desk.rules.save(any_rule(id=rule, name=rule))
    assert desk.look(reading(True)) == 3 and desk.topic.published == [] and desk.alerts.events == []
    desk.clock.advance(until_ms - desk.clock.now_ms() - 1)
    assert desk.deliver() == 0
    desk.clock.advance(1)
    desk.deliver()
    desk.deliver()
    ((tenant, ids),) = desk.topic.published
    assert tenant == "bank" and set(ids) == {each.id for each in desk.alerts.all.values()}
    ((event),) = desk.alerts.events
    assert (event.TYPE, event.number) == ("alert.digest", 3)


def test_a_rule_that_wants_nothing_of_quiet_hours_is_seen_in_the_app_alone() -> None:
    desk = AlertDesk()
    until_ms = night(desk)
    desk.rules.save(any_rule(in_quiet_hours=InQuietHours.DROP))
    desk.look(reading(True))
    desk.clock.advance(until_ms - desk.clock.now_ms() + MINUTE)
    desk.look(reading(True))
    (alert,) = desk.alerts.all.values()
    assert desk.topic.published == [] and desk.alerts.events == []
    assert {(each.channel, each.outcome) for each in desk.alerts.sent("bank", alert.id)} == {
        (channel, Outcome.DROPPED) for channel in Channel
    }


def night(desk: AlertDesk) -> int:
    """It is two in the morning; until when it is quiet."""
    hours = QuietHours("Europe/Berlin", "22:00", "07:00", tuple(range(7)), 1)
    desk.rules.save_quiet_hours("bank", hours)
    at_ms = datetime(2026, 10, 25, 2, tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000
    desk.clock.advance(at_ms - desk.clock.now_ms())
    until_ms = hours.until_ms(int(at_ms))
    assert until_ms is not None
    return until_ms


@pytest.mark.parametrize(
    "wrong",
    [{"begins": "24:00"}, {"ends": "7:00"}, {"days": (7,)}, {"days": (1, 1)}, {"zone": "Mars/Base"},
     {"begins": "07:00", "ends": "07:00", "days": tuple(range(7))}],
)  # fmt: skip
def test_hours_that_cannot_be_are_refused_with_the_field(wrong: dict[str, object]) -> None:
    with pytest.raises(BadRule, match=next(reversed(wrong))):
        QuietHours(**{"days": (0,), **wrong}).checked()  # type: ignore[arg-type]
