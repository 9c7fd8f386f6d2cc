"""What must hold of stores of alerts (RuleStore; AlertStore with SendingStore) and of topics: classes of tests to
inherit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sotto.alerts.alert import Alert, CallMoment, alert_id
from sotto.alerts.deliver import AlertTopic
from sotto.alerts.quiet import QuietHours
from sotto.alerts.rule import Channel, Kind, Rule, RuleChanged, RuleFilter
from sotto.alerts.store import AlertChanged, AlertStore, Outcome, Place, RuleStore, Sending, SendingStore, Sent
from sotto.aws.keys import BadKey
from sotto.call.events import AlertRaised

NOW = 1_790_000_000_000
RULE = Rule(
    "bank", "r1", "Long calls", Kind.THRESHOLD, "ann", NOW, "average_handle_time",
    (RuleFilter("team", ("service", "sales")),), "queue", 7, level=400.5, channels=frozenset({Channel.EMAIL}),
)  # fmt: skip


def any_alert(number: int = 1, subject: str = "queue=billing", **changed: object) -> Alert:
    made = Alert(
        "bank", alert_id("r1", subject, number), "r1", subject, number, "Long calls", Kind.THRESHOLD,
        NOW + number, NOW + number, ("service",), "average_handle_time", filters={"team": ("service",)},
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


def email(alert: Alert, due_at_ms: int = NOW) -> Sending:
    return Sending("bank", alert.id, Channel.EMAIL, due_at_ms)


class RuleStoreContract:
    def test_a_rule_is_what_was_saved(self, rules: RuleStore) -> None:
        rules.save(RULE)
        assert rules.rule("bank", "r1") == RULE and rules.rules("bank") == [RULE]
        assert rules.rules("garage") == [] and rules.rule("garage", "r1") is None

    def test_of_two_who_change_one_the_second_is_refused(self, rules: RuleStore) -> None:
        rules.save(RULE)
        rules.save(replace(RULE, level=500.0).next_version())
        for late in (RULE, replace(RULE, level=600.0).next_version()):
            with pytest.raises(RuleChanged):
                rules.save(late)
        found = rules.rule("bank", "r1")
        assert found is not None and found.level == 500.0

    def test_what_was_removed_is_gone(self, rules: RuleStore) -> None:
        rules.save(RULE)
        rules.remove("bank", "r1")
        rules.remove("bank", "r1")
        assert rules.rules("bank") == []

    def test_quiet_hours_are_none_until_they_are_saved_and_are_each_tenants_own(self, rules: RuleStore) -> None:
        assert rules.quiet_hours("bank") == QuietHours()
        hours = QuietHours("Europe/Berlin", "19:30", "07:00", (0, 1, 2), 1)
        rules.save_quiet_hours("bank", hours)
        assert rules.quiet_hours("bank") == hours and rules.quiet_hours("garage").days == ()
        with pytest.raises(RuleChanged):
            rules.save_quiet_hours("bank", hours)

    def test_a_name_that_could_reach_another_key_is_refused(self, rules: RuleStore) -> None:
        with pytest.raises(BadKey):
            rules.rule("bank", "a#b")
        with pytest.raises(BadKey):
            rules.rules("bank#x")


class AlertStoreContract:
    def test_an_alert_is_what_was_saved_and_the_latest_of_its_subject(self, alerts: AlertStore) -> None:
        first, other = any_alert(), any_alert(subject="queue=sales")
        moment = any_alert(subject="c1", kind=Kind.MOMENT, moments=(CallMoment("c1", "a1", "cancel_risk", 900),))
        for each in (first, other, moment):
            alerts.save(each)
        assert alerts.alert("bank", first.id) == alerts.latest("bank", "r1", "queue=billing") == first
        assert alerts.latest("bank", "r1", "c1") == moment and alerts.latest("bank", "r1", "c2") is None
        second = any_alert(2)
        alerts.save(second)
        assert alerts.latest("bank", "r1", "queue=billing") == second and alerts.alert("bank", first.id) == first
        assert {each.id for each in alerts.latest_of("bank", "r1")} == {second.id, other.id, moment.id}
        assert alerts.latest("garage", "r1", "queue=billing") is None and alerts.alert("garage", first.id) is None

    def test_of_two_who_raise_one_the_second_is_refused_whatever_their_times(self, alerts: AlertStore) -> None:
        alerts.save(any_alert(), [email(any_alert())])
        for late in (any_alert(), any_alert(raised_at_ms=NOW + 999)):
            with pytest.raises(AlertChanged):
                alerts.save(late, [email(late, NOW + 5)])
        assert len(alerts.alerts("bank", limit=9)) == 1

    def test_of_two_who_change_one_the_second_is_refused(self, alerts: AlertStore) -> None:
        alerts.save(any_alert())
        alerts.save(any_alert().changed(updates=1))
        for late in (any_alert().changed(updates=2), replace(any_alert(), version=9)):
            with pytest.raises(AlertChanged):
                alerts.save(late)
        found = alerts.alert("bank", any_alert().id)
        assert found is not None and found.updates == 1

    def test_they_are_listed_page_by_page_the_latest_first(self, alerts: AlertStore) -> None:
        made = [any_alert(number) for number in range(1, 6)]
        for each in made:
            alerts.save(each)
        page = alerts.alerts("bank", limit=2)
        assert list(page) == [made[4], made[3]]
        assert list(alerts.alerts("bank", limit=9, before=Place(page[-1].raised_at_ms, page[-1].id))) == made[2::-1]
        assert list(alerts.alerts("garage", limit=9)) == []

    def test_a_name_that_could_reach_another_key_is_refused(self, alerts: AlertStore) -> None:
        with pytest.raises(BadKey):
            alerts.alert("bank", "a#b")


class SendingStoreContract:
    """``alerts`` is a SendingStore too."""

    @pytest.fixture
    def sendings(self, alerts: AlertStore) -> SendingStore:
        return alerts  # type: ignore[return-value]

    def test_what_is_due_is_claimed_once(self, alerts: AlertStore, sendings: SendingStore) -> None:
        alerts.save(any_alert(), [email(any_alert(), NOW), Sending("bank", any_alert().id, Channel.WEBHOOK, NOW + 5)])
        (due,) = sendings.due("bank", NOW, limit=9)
        assert due == email(any_alert()) and sendings.due("garage", NOW, limit=9) == []
        assert sendings.claim(due, NOW) and not sendings.claim(due, NOW)
        assert list(alerts.sent("bank", any_alert().id)) == [Sent(Channel.EMAIL, Outcome.CLAIMED, NOW)]
        sendings.finish(due, Outcome.SENT, NOW + 1)
        assert list(alerts.sent("bank", any_alert().id)) == [Sent(Channel.EMAIL, Outcome.SENT, NOW + 1)]
        assert [each.channel for each in sendings.due("bank", NOW + 5, limit=9)] == [Channel.WEBHOOK]

    def test_what_was_certainly_not_sent_is_due_again(self, alerts: AlertStore, sendings: SendingStore) -> None:
        alerts.save(any_alert(), [email(any_alert())])
        (due,) = sendings.due("bank", NOW, limit=9)
        sendings.claim(due, NOW)
        sendings.give_back(due, due_at_ms=NOW + 60)
        assert sendings.due("bank", NOW + 59, limit=9) == [] and list(alerts.sent("bank", any_alert().id)) == []
        (again,) = sendings.due("bank", NOW + 60, limit=9)
        assert again.attempts == 1 and sendings.claim(again, NOW + 60)

    def test_an_event_goes_out_with_all_of_its_sendings_or_not_at_all(
        self, alerts: AlertStore, sendings: SendingStore, announced: Callable[[], list[str]]
    ) -> None:
        made = [any_alert(1), any_alert(1, "queue=sales")]
        for each in made:
            alerts.save(each, [email(each)])
        due = sendings.due("bank", NOW, limit=9)
        event = AlertRaised.of("bank", made[0].id, rule="r1", number=1, at_ms=NOW)
        assert sendings.announce(due[:1], event, NOW) and announced() == ["alert.raised#r1#1"]
        assert not sendings.announce(due, event, NOW) and len(announced()) == 1
        assert list(sendings.due("bank", NOW, limit=9)) == list(due[1:])


class AlertTopicContract:
    """``topics``; ``received`` says how many messages the bank's topic has taken (fixtures)."""

    def test_alerts_are_one_message_to_their_own_tenants_topic(
        self, topics: AlertTopic, received: Callable[[], int]
    ) -> None:
        topics.publish("bank", [any_alert()])
        topics.publish("bank", [any_alert(), any_alert(2)])
        topics.publish("garage", [any_alert(tenant="garage")])
        assert received() == 2
