"""The manager's app in Chromium: conversations found by what they are and by what was said in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sotto.call.outcome import CallOutcome
from sotto.core.audit import AuditAction
from tests.web.panel_server import PanelServer
from tests.web.past_calls import keep, keep_many
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_panel import violations

pytestmark = pytest.mark.browser

ROWS = "[data-conversations] tbody tr"


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page


@pytest.fixture
def ended(server: PanelServer, call: SampleCall) -> SampleCall:
    call.begin()
    play_cancellation(call)
    call.end()
    outcome = CallOutcome(("The customer wants to leave.",), "account_kept", True, (), ("cancel_risk",))
    keep(server, call, outcome)
    return call


def listed(page: Page, server: PanelServer, query: str = "") -> Page:
    page.goto(f"{server.manager_url}#/conversations{query}")
    expect(page.locator("[data-conversations=loaded]")).to_be_visible()
    return page


def test_conversations_are_narrowed_sorted_and_paged_by_the_address(page: Page, server: PanelServer) -> None:
    keep_many(server, 250)
    listed(page, server)
    expect(page.locator(ROWS)).to_have_count(25)
    assert violations(page) == []
    page.get_by_role("button", name="Next page").first.click()
    expect(page.locator(ROWS).first).to_contain_text("about fee 25.")
    page.reload()
    expect(page.locator(ROWS).first).to_contain_text("about fee 25.")
    listed(page, server, "?f=moment=cancel_risk&f=score>=90&sort=-score")
    expect(page.locator(ROWS)).to_have_count(5)
    expect(page.locator(ROWS).first).to_contain_text("about fee 100.")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(ROWS)).to_have_count(25)
    assert page.url.endswith("?sort=-score")
    assert {each.action for each in server.desk.audit.all} == {AuditAction.HISTORY_LISTED}


def test_a_condition_is_chosen_with_the_keyboard_from_what_is_listed(page: Page, server: PanelServer) -> None:
    keep_many(server, 30)
    listed(page, server)
    page.get_by_role("combobox", name="Narrow by").fill("Queue = Cards")
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(10)
    assert page.url.endswith("?f=queue%3DCards")


def test_what_was_said_is_found_and_leads_to_its_place(page: Page, server: PanelServer, ended: SampleCall) -> None:
    listed(page, server)
    page.get_by_role("searchbox").fill('"close my account"')
    page.keyboard.press("Enter")
    row = page.locator("[data-found=true] tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator("mark")).to_have_text("close my account")
    assert violations(page) == []
    row.get_by_role("link").click()
    expect(page.locator("[data-utterance=customer-25500]")).to_be_focused()
    page.go_back()
    expect(row).to_have_count(1)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?q=zebra", "Nothing was found"),
        ("?q=-zebra", "This cannot be searched for"),
        ("?f=queue%3DNobody", "No conversation fits"),
        ("", "No conversations in these days"),
    ],
)
def test_where_nothing_is_it_says_what_would_be_and_how_it_comes(
    page: Page, server: PanelServer, query: str, words: str
) -> None:
    page.goto(f"{server.manager_url}#/conversations{query}")
    expect(page.locator("tbody")).to_contain_text(words)
    assert violations(page) == []


def test_a_view_gets_a_name_and_is_opened_by_it(page: Page, server: PanelServer) -> None:
    keep_many(server, 30)
    listed(page, server, "?f=queue%3DCards")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Save this view").click()
    page.get_by_role("textbox", name="Name of the view").fill("Cards of the month")
    page.get_by_role("button", name="Save", exact=True).click()
    listed(page, server)
    expect(page.locator(ROWS)).to_have_count(25)
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Cards of the month").first.click()
    expect(page.locator(ROWS)).to_have_count(10)


def test_the_list_is_saved_as_a_table_with_all_rows(page: Page, server: PanelServer) -> None:
    keep_many(server, 130)
    listed(page, server)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Export as CSV").click()
    lines = saving.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 131
    assert lines[0].startswith("Conversation,Started,Length in seconds,Agent")
