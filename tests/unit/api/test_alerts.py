"""Unit: who writes which rules and sees which alerts; what is refused, and what is noted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.alerts.alert import Alert
from sotto.alerts.rule import Kind, RuleFilter
from sotto.api.alerts.use_cases import list_alerts
from sotto.api.caller import Caller
from sotto.api.panel.answers import Answer, answered
from sotto.api.roles import Role
from sotto.core.audit import AuditAction
from tests.fakes.clock import ClockByHand
from tests.fakes.desk import Desk

NOW = 1_790_000_000_000
TEAMS = ("service", "retention", "sales")
RULE = {
    "id": "rule-0001", "version": 0, "name": "Long calls", "kind": "THRESHOLD", "metric": "average_handle_time",
    "filters": [{"dimension": "team", "values": ["service"]}], "level": 400.0, "channels": ["EMAIL"],
}  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    return Desk(ClockByHand(NOW))


def ask(
    desk: Desk, field: str, role: str = "supervisor", teams: tuple[str, ...] = ("service",), **given: Any
) -> Answer:
    claims = {"tenant": "bank", "agent": "sue", "role": role, "teams": list(teams)}
    return answered(field, given, claims, desk.ports(), lambda name, error: None)


def any_alert(number: int, teams: tuple[str, ...]) -> Alert:
    return Alert("bank", f"alert-{number:032x}", "r", str(number), 1, "x", Kind.THRESHOLD, NOW + number, NOW, teams)


@given(
    st.lists(st.frozensets(st.sampled_from(TEAMS), max_size=3), max_size=8),
    st.sampled_from(list(Role)),
    st.frozensets(st.sampled_from(TEAMS), max_size=3),
    st.integers(1, 4),
)
def test_an_alert_is_seen_by_those_who_see_all_of_its_teams_page_by_page(
    about: list[frozenset[str]], role: Role, own: frozenset[str], limit: int
) -> None:
    desk = Desk(ClockByHand(NOW))
    for number, teams in enumerate(about):
        desk.alerts.save(any_alert(number, tuple(sorted(teams))))
    caller, ports, seen, before = Caller("bank", "sue", role, own), desk.ports().alerts, [], None
    if role not in (Role.SUPERVISOR, Role.COACH, Role.QUALITY, Role.ANALYST):
        assert ask(desk, "Query.alerts", role.value, tuple(own))["error"]["type"] == "Unauthorized"
        return
    while True:
        page = list_alerts(caller, ports, limit=limit, before=before)
        seen += [int(each.subject) for each in page.alerts]
        if page.goes_on is None:
            break
        before = page.goes_on
    sees_all = role in (Role.QUALITY, Role.ANALYST)
    wanted = [number for number, teams in enumerate(about) if sees_all or (teams and teams <= own)]
    assert seen == wanted[::-1]
    assert list_alerts(replace(caller, tenant="garage"), ports, limit=9).alerts == ()


def test_a_rule_is_saved_changed_and_removed_and_each_is_noted(desk: Desk) -> None:
    saved = ask(desk, "Mutation.saveAlertRule", rule=RULE)["data"]
    assert (saved["version"], saved["changedBy"], saved["channels"]) == (1, "sue", ["EMAIL"])
    assert [each["id"] for each in ask(desk, "Query.alertRules")["data"]] == ["rule-0001"]
    assert ask(desk, "Query.alertRules", teams=("retention",))["data"] == []
    changed = ask(desk, "Mutation.saveAlertRule", rule=RULE | {"version": 1, "level": 500.0})["data"]
    assert (changed["version"], changed["level"]) == (2, 500.0)
    stale = ask(desk, "Mutation.saveAlertRule", rule=RULE | {"version": 1})
    assert stale["error"] == {"type": "BadRequest", "message": stale["error"]["message"]}
    assert "read it again" in stale["error"]["message"]
    assert ask(desk, "Mutation.removeAlertRule", ruleId="rule-0001")["data"] == "rule-0001"
    assert ask(desk, "Query.alertRules")["data"] == []
    assert AuditAction.ALERT_RULE_CHANGED in {each.action for each in desk.audit.all}, "two equal entries are one"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"filters": []}, "Unauthorized: filters"),
        ({"filters": [{"dimension": "team", "values": ["service", "retention"]}]}, "Unauthorized: filters"),
        ({"metric": "no_such_metric"}, "BadRequest: "),
        ({"by": "no_such_dimension"}, "BadRequest: dimensions"),
        ({"by": "agent"}, "BadRequest: filters, by: an alert is about no single agent"),
        ({"filters": [*RULE["filters"], {"dimension": "agent", "values": ["emma"]}]}, "BadRequest: filters, by"),
        ({"by": "day"}, "BadRequest: filters, by: days"),
        ({"metric": None}, "BadRequest: metric"),
        ({"days": 0}, "BadRequest: days"),
        ({"level": 0, "kind": "CHANGE"}, "BadRequest: level"),
        ({"name": "two\nlines"}, "BadRequest: name"),
        ({"name": " "}, "BadRequest: name"),
        ({"kind": "MOMENT", "severity": "grave"}, "BadRequest: severity"),
        ({"kind": "MOMENT", "by": "queue"}, "BadRequest: filters"),
        ({"kind": "ANOMALY", "by": "language"}, "BadRequest: by"),
        ({"id": "a#b"}, "BadRequest: rule.id"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_the_field_and_nothing_is_kept(
    desk: Desk, changed: dict[str, Any], why: str
) -> None:
    error = ask(desk, "Mutation.saveAlertRule", rule=RULE | changed)["error"]
    assert f"{error['type']}: {error['message']}".startswith(why)
    assert desk.alert_rules.rules("bank") == [] and "no_such" not in error["message"]


def test_a_rule_of_others_is_neither_taken_over_nor_removed(desk: Desk) -> None:
    other = RULE | {"filters": [{"dimension": "team", "values": ["retention"]}]}
    ask(desk, "Mutation.saveAlertRule", teams=("retention",), rule=other)
    assert ask(desk, "Mutation.saveAlertRule", rule=RULE | {"version": 1})["error"]["type"] == "Unauthorized"
    assert ask(desk, "Mutation.removeAlertRule", ruleId="rule-0001")["error"]["type"] == "Unauthorized"
    for role in ("coach", "agent", "admin", "author", "auditor", "privacy_officer"):
        assert ask(desk, "Mutation.saveAlertRule", role, rule=RULE)["error"]["type"] == "Unauthorized", role
    (kept,) = desk.alert_rules.rules("bank")
    assert kept.filters == (RuleFilter("team", ("retention",)),)


def test_who_acknowledges_first_stands_and_nobody_elses_alert_is_acknowledged(desk: Desk) -> None:
    desk.alerts.save(any_alert(1, ("service",)))
    alert_id = any_alert(1, ()).id
    for teams in ((), ("retention",)):
        refused = ask(desk, "Mutation.acknowledgeAlert", teams=teams, alertId=alert_id)
        assert refused["error"]["type"] == "Unauthorized"
    assert ask(desk, "Mutation.acknowledgeAlert", "coach", alertId=alert_id)["error"]["type"] == "Unauthorized"
    # Somebody's evaluation comes between reading and writing.
    desk.alerts.meanwhile = [lambda: desk.alerts.save(any_alert(1, ("service",)).changed(updates=1))]
    first = ask(desk, "Mutation.acknowledgeAlert", alertId=alert_id)["data"]
    assert (first["acknowledgedBy"], first["acknowledgedAtMs"], first["updates"]) == ("sue", NOW, 1)
    desk.clock.advance(60_000)  # type: ignore[attr-defined]
    assert ask(desk, "Mutation.acknowledgeAlert", "quality", alertId=alert_id)["data"]["acknowledgedAtMs"] == NOW
    assert [each.action for each in desk.audit.all] == [AuditAction.ALERT_ACKNOWLEDGED]
    assert ask(desk, "Query.alerts", onlyWaiting=True)["data"]["alerts"] == []


def test_quiet_hours_are_set_by_those_whose_tenant_it_is(desk: Desk) -> None:
    hours = {"zone": "Europe/Berlin", "begins": "20:00", "ends": "07:00", "days": [0, 1], "version": 0}
    assert ask(desk, "Mutation.saveQuietHours", hours=hours)["error"]["type"] == "Unauthorized"
    assert ask(desk, "Mutation.saveQuietHours", "admin", hours=hours)["data"]["version"] == 1
    assert ask(desk, "Query.quietHours")["data"]["zone"] == "Europe/Berlin"
    wrong = ask(desk, "Mutation.saveQuietHours", "admin", hours=hours | {"version": 1, "zone": "Mars"})
    assert wrong["error"]["message"].startswith("zone") and "Mars" not in wrong["error"]["message"]


def test_settings_are_those_of_the_book_and_the_table_of_roles_for_those_who_may_read_them(desk: Desk) -> None:
    shown = ask(desk, "Query.settings", "admin")["data"]
    book = desk.books.current("bank")
    assert (shown["version"], shown["auditDays"]) == (book.version, book.settings.audit_days)
    assert {each["role"] for each in shown["roles"]} == {role.value for role in Role}
    admin = next(each for each in shown["roles"] if each["role"] == "admin")
    assert {"action": "manage_keys", "reach": "ANY"} in admin["actions"]
    for role in ("agent", "auditor", "privacy_officer"):
        assert ask(desk, "Query.settings", role)["error"]["type"] == "Unauthorized"
