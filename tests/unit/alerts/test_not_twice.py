"""Unit: a condition that lasts is one alert, whoever evaluates it, however often, in whatever order."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.alerts.alert import STILL_MS, UNKNOWN_MS, NoticedMoment
from sotto.alerts.evaluate import apply_moment, apply_reading, matches
from sotto.alerts.rule import Channel, Kind, RuleFilter
from sotto.alerts.store import Outcome
from sotto.core.audit import AuditAction
from tests.unit.alerts.any_rule import MINUTE, NOW, AlertDesk, any_rule, reading

STEP = 15 * MINUTE


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([True, False, None]), max_size=40))
def test_there_are_as_many_alerts_as_there_were_stretches_of_the_condition(seen: list[bool | None]) -> None:
    desk = AlertDesk()
    desk.rules.save(any_rule())
    raised = 0
    for holds in seen:
        desk.clock.advance(STEP)
        raised += desk.look(reading(holds))
    # Reckoned on its own: a stretch ends once the condition has been false for an hour of looks that say anything.
    stretches, open_, false_since = 0, False, None
    for place, holds in enumerate(seen):
        if holds is None:
            continue
        if holds:
            stretches, open_, false_since = stretches + (not open_), True, None
        elif open_:
            false_since = place if false_since is None else false_since
            open_ = (place - false_since) * STEP < STILL_MS
    assert raised == stretches == len(desk.alerts.all) == len(desk.topic.published)
    assert len([each for each in desk.audit.all if each.action is AuditAction.ALERT_RAISED]) == stretches
    assert len(desk.alerts.events) == stretches


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from([True, False])), min_size=1, max_size=25),
    st.lists(st.integers(0, 24), max_size=25),
)
def test_replays_and_late_evaluations_raise_nothing_more(looks: list[tuple[int, bool]], again: list[int]) -> None:
    """What was evaluated once is evaluated again, later and in any order, with the times that it had."""
    desk, rule = AlertDesk(), any_rule()
    desk.rules.save(rule)
    by_time = [next(found) for _, found in groupby(sorted(looks), key=lambda each: each[0])]
    for at, holds in by_time:
        apply_reading(rule, reading(holds), NOW + at * STEP, desk.raising)
    before = dict(desk.alerts.all)
    for place in again:
        at, holds = by_time[place % len(by_time)]
        if before:
            assert not apply_reading(rule, reading(holds), NOW + at * STEP, desk.raising)
    assert {key: each.id for key, each in desk.alerts.all.items()} == {key: each.id for key, each in before.items()}


@given(st.integers(0, 3), st.booleans())
def test_of_evaluations_side_by_side_one_raises_it(others: int, at_the_same_time: bool) -> None:
    desk, rule = AlertDesk(), any_rule()
    desk.rules.save(rule)
    raised: list[bool] = []

    def another(late_ms: int) -> None:
        raised.append(apply_reading(rule, reading(True), NOW + late_ms, desk.raising))

    # Each comes between another's reading and writing.
    desk.alerts.meanwhile = [
        lambda late=0 if at_the_same_time else each + 1: another(late)
        for each in range(others)  # type: ignore[misc]
    ]
    raised.append(apply_reading(rule, reading(True), NOW, desk.raising))
    desk.clock.advance(MINUTE)
    desk.deliver()
    desk.deliver()
    assert sum(raised) == len(desk.alerts.all) == len(desk.topic.published) == len(desk.alerts.events) == 1


def test_a_condition_that_lasts_is_one_alert_with_updates_and_one_that_comes_again_is_another() -> None:
    desk = AlertDesk()
    desk.rules.save(any_rule())
    for value in (500.0, 510.0, 520.0):
        desk.clock.advance(STEP)
        desk.look(reading(True, value))
    (alert,) = desk.alerts.all.values()
    assert (alert.updates, alert.value, alert.is_over) == (2, 520.0, False)
    for _ in range(5):
        desk.clock.advance(STEP)
        desk.look(reading(False, 300.0))
    (alert,) = desk.alerts.all.values()
    assert alert.is_over and alert.value == 520.0, "what it says is what raised it"
    desk.clock.advance(STEP)
    assert desk.look(reading(True)) == 1 and len(desk.alerts.all) == 2


def test_each_value_of_a_dimension_has_its_own_and_one_that_is_counted_no_more_ends() -> None:
    desk = AlertDesk()
    desk.rules.save(any_rule(by="queue"))
    assert desk.look(reading(True, name="billing"), reading(True, name="sales"), reading(False, name="new")) == 2
    desk.clock.advance(UNKNOWN_MS)
    assert desk.look(reading(True, name="sales")) == 0
    over = {each.name: each.is_over for each in desk.alerts.all.values()}
    assert over == {"billing": True, "sales": False}


def test_a_rule_that_cannot_be_evaluated_holds_up_no_other() -> None:
    from sotto.alerts.rule import BadRule

    desk = AlertDesk()
    desk.rules.save(any_rule(id="r0", name="A"))
    desk.rules.save(any_rule(id="r2", name="B"))
    desk.rules.save(any_rule(id="r3", name="C", is_on=False))
    given, desk.readings.now = desk.readings.of, [reading(True)]

    def of(rule, now_ms):  # type: ignore[no-untyped-def]
        if rule.id == "r0":
            raise BadRule("metric: gone")
        return given(rule, now_ms)

    desk.readings.of = of  # type: ignore[method-assign]
    assert desk.evaluate() == 1 and desk.skipped == ["r0"]


MOMENT = NoticedMoment("c1", "a1", "cancel_risk", "high", 12_000, NOW, "service", "billing")


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=6))
def test_moments_of_a_call_are_one_alert_in_whatever_order_and_however_often(
    order: list[int], again: list[int]
) -> None:
    desk, rule = AlertDesk(), any_rule(kind=Kind.MOMENT, metric="")
    moments = [replace(MOMENT, annotation_id=f"a{each}", at_ms=each, occurred_at_ms=NOW + each) for each in range(6)]
    for place in [*order, *again]:
        apply_moment(rule, moments[place], NOW, desk.raising)
    (alert,) = desk.alerts.all.values()
    assert [each.annotation_id for each in alert.moments] == [f"a{each}" for each in range(6)]
    assert alert.updates == 5 and alert.teams == ("service",)
    assert apply_moment(rule, replace(MOMENT, contact_id="c2"), NOW, desk.raising), "another call has its own"


def test_a_rule_looks_at_gravity_names_teams_and_queues() -> None:
    rule = any_rule(kind=Kind.MOMENT, severity="medium")
    assert matches(rule, MOMENT) and matches(rule, replace(MOMENT, severity="medium"))
    for severity in ("low", "info", "unknown"):
        assert not matches(rule, replace(MOMENT, severity=severity))
    assert not matches(replace(rule, moments=("complaint",)), MOMENT)
    assert not matches(replace(rule, filters=(RuleFilter("team", ("sales",)),)), MOMENT)
    assert not matches(replace(rule, filters=(RuleFilter("queue", ("sales",)),)), replace(MOMENT, queue=None))
    assert not matches(replace(rule, is_on=False), MOMENT) and not matches(any_rule(), MOMENT)


def test_an_email_is_sent_again_only_where_it_certainly_did_not_go_out() -> None:
    desk = AlertDesk()
    desk.rules.save(any_rule(channels=frozenset({Channel.EMAIL})))
    desk.topic.down = True
    desk.look(reading(True))
    assert desk.topic.published == [] and desk.noted == [("email", "again")]
    desk.topic.down = False
    assert desk.deliver() == 0, "not yet"
    desk.clock.advance(5 * MINUTE)
    assert desk.deliver() == 1 and len(desk.topic.published) == 1
    (alert,) = desk.alerts.all.values()
    assert [each.outcome for each in desk.alerts.sent("bank", alert.id)] == [Outcome.SENT]


def test_an_email_whose_answer_was_lost_is_not_sent_twice_and_is_shown_as_unknown() -> None:
    from sotto.alerts.adapters.sns_topics import AnswerLost

    desk = AlertDesk()
    desk.rules.save(any_rule(channels=frozenset({Channel.EMAIL})))

    def lost(tenant: str, alerts: object) -> None:
        raise AnswerLost("the connection is gone")

    given, desk.topic.publish = desk.topic.publish, lost  # type: ignore[method-assign]
    with suppress(AnswerLost):
        desk.look(reading(True))
    desk.topic.publish = given  # type: ignore[method-assign]
    desk.clock.advance(60 * MINUTE)
    assert desk.deliver() == 0 and desk.topic.published == []
    (alert,) = desk.alerts.all.values()
    assert [each.outcome for each in desk.alerts.sent("bank", alert.id)] == [Outcome.CLAIMED]


def test_a_topic_that_takes_nothing_for_long_is_given_up_and_says_so() -> None:
    desk = AlertDesk()
    desk.rules.save(any_rule(channels=frozenset({Channel.EMAIL})))
    desk.topic.down = True
    desk.look(reading(True))
    for _ in range(30):
        desk.clock.advance(24 * 60 * MINUTE * 10)
        desk.deliver()
    (alert,) = desk.alerts.all.values()
    assert [each.outcome for each in desk.alerts.sent("bank", alert.id)] == [Outcome.FAILED]
