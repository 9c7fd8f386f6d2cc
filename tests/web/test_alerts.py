"""The manager's app in Chromium: a rule is written, its alert is met, acknowledged, and leads to what is behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sotto.alerts.alert import NoticedMoment
from sotto.alerts.evaluate import EvaluatePorts, RaisePorts, apply_moment, evaluate
from sotto.alerts.rule import Channel, Kind, Rule, RuleFilter
from sotto.core.audit import AuditAction
from sotto.wiring.alert_readings import FigureReadings
from tests.fakes.figures import figure_ports, make_history
from tests.web.panel_server import TENANT, PanelServer
from tests.web.test_panel import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facts")
    make_history(folder, TENANT, datetime.now(UTC).date().isoformat(), conversations=120, days=15)
    return folder


@pytest.fixture
def app(server: PanelServer, history: Path) -> PanelServer:
    server.desk.facts = history
    server.teams = ["retention", "service"]
    return server


def raising(app: PanelServer) -> RaisePorts:
    desk = app.desk
    return RaisePorts(desk.alert_rules, desk.alerts, desk.audit, desk.clock)


def evaluated(app: PanelServer) -> int:
    """As evaluate_alerts does, over the same facts."""
    figures = figure_ports(app.desk.facts, app.desk.audit, app.desk.clock)
    readings = FigureReadings(figures.catalogue, figures.query)
    return evaluate(TENANT, EvaluatePorts(raising(app), readings, lambda rule, error: None)).raised


LONG_CALLS = Rule(
    TENANT, "rule-0001", "Long calls", Kind.THRESHOLD, "sue", 1, "average_handle_time",
    (RuleFilter("team", ("service",)),), days=14, level=10.0, at_least=1, channels=frozenset({Channel.EMAIL}),
)  # fmt: skip


def test_a_rule_is_written_and_its_alert_is_met_acknowledged_and_opened(page: Page, app: PanelServer) -> None:
    page.goto(f"{app.manager_url}#/alerts/rules")
    expect(page.get_by_text("There are no rules yet")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="New rule").first.click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is needed")).to_have_count(2)
    page.get_by_role("textbox", name="Name").fill("Too long")
    page.get_by_role("button", name="Figure").click()
    page.get_by_role("option", name="Average handle time").first.click()
    page.get_by_role("textbox", name="Level").fill("10")
    page.get_by_role("textbox", name="Days").fill("14")
    page.get_by_role("button", name="Save").click()
    # A supervisor names teams of theirs; the server says so.
    expect(page.get_by_text("name the teams that it looks at")).to_be_visible()
    page.get_by_role("button", name="Teams").click()
    page.get_by_role("option", name="service").click()
    page.keyboard.press("Escape")
    assert violations(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("table", name="Rules")).to_contain_text("Too long")
    assert evaluated(app) == 1 and evaluated(app) == 0
    page.goto(app.manager_url)
    tile = page.locator("[data-waiting-alerts='1']")
    expect(tile).to_contain_text("Too long")
    tile.get_by_role("link", name="Too long").click()
    expect(page.locator("[data-alert=waiting]")).to_contain_text("above 10")
    expect(page.locator("[data-behind=loaded] tbody tr").first).to_contain_text("Synthetic")
    assert violations(page) == []
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator("[data-alert=acknowledged]")).to_contain_text("sue")
    page.get_by_role("link", name="Alerts", exact=True).first.click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.get_by_role("table", name="Alerts")).to_contain_text("Too long")
    assert "show=all" in page.url
    done = {each.action for each in app.desk.audit.all}
    assert {AuditAction.ALERT_RULE_CHANGED, AuditAction.ALERT_RAISED, AuditAction.ALERT_ACKNOWLEDGED} <= done


def test_in_german_and_dark_on_a_narrow_screen_nothing_is_wider_than_it(page: Page, app: PanelServer) -> None:
    app.desk.alert_rules.save(LONG_CALLS)
    moments = replace(LONG_CALLS, id="rule-0002", name="Risk on a live call", kind=Kind.MOMENT, metric="")
    app.desk.alert_rules.save(moments)
    assert evaluated(app) == 1
    noticed = NoticedMoment("c1", "a1", "cancel_risk", "high", 41_000, 2, "service", utterance_id="customer-3")
    assert apply_moment(moments, noticed, 3, raising(app))
    of_call, of_figure = sorted(app.desk.alerts.all.values(), key=lambda each: each.raised_at_ms)
    page.set_viewport_size({"width": 480, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.goto(app.manager_url)
    page.evaluate("localStorage.setItem('sotto.language', 'de')")
    for address, shown in (
        ("#/alerts", "[data-alerts=loaded]"),
        (f"#/alerts/{of_figure.id}", "[data-behind=loaded]"),
        (f"#/alerts/{of_call.id}", "[data-moments=loaded]"),
        ("#/alerts/rules", "[data-quiet-hours=loaded]"),
        (f"#/alerts/rules/{LONG_CALLS.id}", "[data-rule=known]"),
    ):
        page.goto(f"{app.manager_url}{address}")
        page.reload()
        expect(page.locator(shown)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        assert violations(page) == [], address
    page.goto(f"{app.manager_url}#/alerts/{of_call.id}")
    expect(page.get_by_role("link", name="cancel risk")).to_have_attribute("href", "#/conversations/c1?at=customer-3")
    page.wait_for_load_state("networkidle")


def test_who_has_no_part_in_alerts_reads_why(page: Page, app: PanelServer) -> None:
    page.goto(f"{app.url}/manager/?role=agent#/alerts/rules")
    expect(page.get_by_text("has no part in alerts")).to_have_count(2)
    page.wait_for_load_state("networkidle")


def test_an_agent_is_looked_at_beside_their_team_and_each_gap_has_its_calls(page: Page, app: PanelServer) -> None:
    page.goto(f"{app.manager_url}#/coaching?period=14")
    agents = page.get_by_role("table", name="Agents")
    expect(agents.get_by_role("link", name="noah")).to_be_visible()
    expect(page.locator("[data-effects]")).to_contain_text("Nobody drew lots")
    assert violations(page) == []
    agents.get_by_role("link", name="noah").click()
    behaviours = page.locator("[data-behaviours=noah]")
    expect(behaviours).to_contain_text("recap: step done")
    expect(behaviours).to_contain_text("empathy: full marks")
    behaviours.get_by_role("button", name="Show three calls: recap: step done").click()
    calls = page.locator("[data-calls=loaded]")
    expect(calls.get_by_role("listitem")).to_have_count(3)
    expect(calls).to_contain_text("Synthetic")
    assert "agent=noah" in page.url and "gap=checklist_adherence" in page.url
    page.set_viewport_size({"width": 480, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.evaluate("localStorage.setItem('sotto.language', 'de')")
    page.reload()
    expect(page.locator("[data-calls=loaded]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations(page) == []
    page.wait_for_load_state("networkidle")


def test_settings_are_read_as_they_are_published_and_quiet_hours_are_set_by_those_who_may(
    page: Page, app: PanelServer
) -> None:
    page.goto(f"{app.manager_url}?role=admin#/settings")
    expect(page.get_by_role("table", name="Roles")).to_contain_text("supervisor")
    assert violations(page) == []
    quiet = page.locator("[data-quiet-hours=loaded]")
    expect(quiet).to_contain_text("None")
    page.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="On days").click()
    page.get_by_role("option", name="Saturday").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save").click()
    expect(quiet).to_contain_text("Saturday, 20:00 to 07:00")
    page.set_viewport_size({"width": 480, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.wait_for_load_state("networkidle")


def test_an_analyst_sees_how_well_it_works_and_what_is_behind_a_figure(page: Page, app: PanelServer) -> None:
    page.goto(f"{app.manager_url}?role=analyst#/health")
    for group, figures in (("understood", 3), ("guided", 2), ("after", 3), ("cost", 2)):
        expect(page.locator(f"[data-health={group}] [data-today=loaded]")).to_have_count(figures)
    assert violations(page) == []
    page.set_viewport_size({"width": 480, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("link", name="Failed steps after calls").click()
    expect(page.locator("[data-figure=loaded]")).to_be_visible()
    page.wait_for_load_state("networkidle")
