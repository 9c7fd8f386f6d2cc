"""The manager's app in Chromium: figures asked for in words and by form, kept as reports, and those of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sotto.core.audit import AuditAction
from tests.fakes.figures import make_history
from tests.web.panel_server import TENANT, PanelServer
from tests.web.test_panel import violations

pytestmark = pytest.mark.browser

DRAWN = "[data-chart=drawn]"


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


def test_a_question_becomes_a_form_a_figure_a_chart_and_its_conversations(page: Page, app: PanelServer) -> None:
    page.goto(f"{app.manager_url}#/analyst")
    page.get_by_role("searchbox", name="Your question").fill("conversations by team last week")
    page.keyboard.press("Enter")
    expect(page.locator(DRAWN)).to_be_visible()
    expect(page.get_by_role("table", name="Conversations", exact=True)).to_contain_text("retention")
    expect(page.locator("[data-behind=loaded] tbody tr").first).to_contain_text("Synthetic")
    assert "metric=conversations" in page.url and "by=team" in page.url
    assert violations(page) == []
    # The next question follows this one, and going back leads to the first answer.
    page.get_by_role("searchbox", name="Your question").fill("and by day?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Day")).to_be_visible()
    assert "by=day" in page.url and "metric=conversations" in page.url
    page.go_back()
    expect(page.get_by_role("columnheader", name="Team")).to_be_visible()
    assert {each.action for each in app.desk.audit.all} == {AuditAction.FIGURE_READ, AuditAction.FIGURE_OPENED}


def test_the_form_is_changed_without_words_and_a_row_leads_on(page: Page, app: PanelServer) -> None:
    page.goto(f"{app.manager_url}#/analyst?metric=average_handle_time&period=14&by=team")
    page.get_by_role("button", name="Compare with").click()
    page.get_by_role("option", name="The days before").click()
    expect(page.get_by_role("columnheader", name="Before")).to_be_visible()
    assert "compare=previous" in page.url
    page.get_by_role("link", name="service").click()
    expect(page.locator("[data-figure=loaded]")).to_contain_text("Average handle time")
    assert "f=team%3Dservice" in page.url


def test_what_has_no_figure_is_refused_with_what_can_be_asked(page: Page, app: PanelServer) -> None:
    page.goto(f"{app.manager_url}#/analyst?q=why+are+customers+unhappy")
    refused = page.locator("[data-refused=why]")
    expect(refused).to_contain_text("how much, not why")
    assert violations(page) == []
    refused.get_by_role("button").first.click()
    expect(page.locator("[data-figure=loaded]")).to_be_visible()
    expect(refused).to_have_count(0)


def test_an_answer_is_kept_as_a_tile_of_a_report_whose_address_holds_days_and_teams(
    page: Page, app: PanelServer
) -> None:
    page.goto(f"{app.manager_url}#/analyst?metric=adoption_rate&period=7&by=action")
    page.get_by_role("button", name="Save as a tile").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="My report")).to_be_visible()
    tile = page.locator("[data-tile=loaded]")
    expect(tile.locator(DRAWN)).to_be_visible()
    page.goto(f"{app.manager_url}#/reports?name=My+report&period=7&team=service")
    page.reload()
    expect(tile).to_contain_text("Adoption")
    with page.expect_download() as saving:
        tile.get_by_role("button", name="Export as CSV").click()
    assert saving.value.path().read_text(encoding="utf-8-sig").startswith("Action,Adoption (share),Rows counted")
    assert violations(page) == []
    tile.get_by_role("button", name="Remove the tile").click()
    expect(page.get_by_role("heading", name="This report has no tiles")).to_be_visible()


def test_a_report_on_paper_has_no_buttons(page: Page, app: PanelServer) -> None:
    page.goto(f"{app.manager_url}#/reports?tile=Calls%7Cmetric%3Dconversations%26by%3Dteam")
    expect(page.locator(DRAWN)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.locator("[data-tile=loaded]")).to_contain_text("Calls")


def test_today_stands_beside_the_same_weekday_and_leads_to_the_analyst(page: Page, app: PanelServer) -> None:
    page.goto(app.manager_url)
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    expect(page.locator("[data-today=loaded]")).to_have_count(8)
    expect(page.locator("[data-live-count=live]")).to_contain_text("calls are under way")
    expect(page.locator("[data-unusual=loaded]")).to_contain_text("known after three weeks")
    assert violations(page) == []
    page.locator("[data-today]").get_by_role("link", name="Average handle time").click()
    expect(page.locator("[data-figure=loaded]")).to_be_visible()
    assert "compare=week" in page.url


def test_in_german_and_dark_on_a_narrow_screen_nothing_is_wider_than_it(page: Page, app: PanelServer) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto(app.manager_url)
    page.evaluate("localStorage.setItem('sotto.language', 'de')")
    for address in ("#/analyst?metric=conversations&by=day,team&period=14", "#/reports"):
        page.goto(f"{app.manager_url}{address}")
        page.reload()
        expect(page.locator(DRAWN).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert violations(page) == []


def test_who_supervises_nobody_reads_why_there_is_nothing(page: Page, app: PanelServer) -> None:
    app.teams = []
    page.goto(f"{app.manager_url}#/analyst?metric=conversations")
    expect(page.locator("[data-figure=refused]")).to_contain_text("you supervise none")
