"""The manager's app in Chromium: calls that are unlike those before, in what, where, and what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.unit.analytics.any_sketches import any_calls, row_of, write_rows
from tests.web.panel_server import TENANT, PanelServer
from tests.web.test_panel import violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Since yesterday customers of one queue want something new."""
    folder = tmp_path_factory.mktemp("facts")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    before, now = (yesterday - timedelta(days=14)).isoformat(), yesterday.isoformat()
    rows = [row_of(call, before) for call in any_calls(300, seed=1)]
    rows += [row_of(call, before) for call in any_calls(300, seed=2, queue="loans")]
    rows += [row_of(call, now) for call in any_calls(200, seed=3)]
    rows += [row_of(call, now) for call in any_calls(200, seed=4, queue="loans", unknown=0.5)]
    write_rows(folder, TENANT, "understanding", rows)
    return folder


def test_drift_says_in_what_and_where_and_leads_to_what_to_do(page: Page, server: PanelServer, facts: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    server.desk.facts = facts
    page.goto(f"{server.manager_url}?role=quality#/drift")
    expect(page.locator("[data-drift=loaded] [data-alarm=true]")).to_contain_text("Calls are unlike those before")
    expect(page.get_by_role("table", name="In what they differ")).to_contain_text("How unsure the model is")
    expect(page.get_by_role("table", name="Where the model doubts more")).to_contain_text("loans")
    expect(page.get_by_role("link", name="Customers want something that the model does not know")).to_have_attribute(
        "href", "#/gaps"
    )
    assert violations(page) == []
    page.set_viewport_size({"width": 480, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 480


def test_where_there_are_no_calls_nothing_is_said(page: Page, server: PanelServer, tmp_path: Path) -> None:
    server.desk.facts = tmp_path
    page.goto(f"{server.manager_url}?role=quality#/drift?days=28")
    expect(page.get_by_text("Too little to say")).to_be_visible()
