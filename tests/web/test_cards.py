"""The built panel in Chromium: how many cards are in sight, and taking back what was done with one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sotto.call.annotation import AnnotationKind
from sotto.call.feedback import FeedbackAction
from tests.web.panel_server import PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_panel import OFFER, opened, violations

pytestmark = pytest.mark.browser


def crowded(page: Page, server: PanelServer, call: SampleCall) -> Page:
    """Six cards, one of them grave, which came first."""
    opened(page, server, call)
    said = call.say("customer", "Where do I begin?", start_ms=0)
    call.note(AnnotationKind.ACTION, "grave", said, severity="high", title="Block the card")
    for number in range(1, 6):
        said = call.say("customer", f"And then there is number {number}.", start_ms=number * 60_000)
        call.note(AnnotationKind.ACTION, f"offer_{number}", said, title=f"Offer {number}")
    expect(page.locator(".card h3")).to_have_text("Offer 5")
    return page


def test_three_cards_are_in_sight_and_the_grave_one_is_among_them(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    crowded(page, server, call)
    expect(page.locator(".other .title")).to_have_text(["Block the card", "Offer 4"])
    expect(page.get_by_role("button", name="Important: Block the card")).to_be_visible()


def test_the_rest_opens_and_closes_with_the_keyboard(page: Page, server: PanelServer, call: SampleCall) -> None:
    crowded(page, server, call)
    more = page.get_by_role("button", name="3 more")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".other .title")).to_have_text(["Block the card", "Offer 4", "Offer 3", "Offer 2", "Offer 1"])
    fewer = page.get_by_role("button", name="Fewer")
    expect(fewer).to_be_focused()
    expect(fewer).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    page.keyboard.press("6")
    expect(page.locator(".card h3")).to_have_text("Offer 1")
    fewer.press("Enter")
    expect(page.locator(".other")).to_have_count(2)


def test_a_card_that_was_dismissed_by_mistake_comes_back(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    play_cancellation(call)
    expect(page.locator(".card h3")).to_have_text(OFFER)
    page.keyboard.press("x")
    expect(page.locator(".undo")).to_contain_text(f"Dismissed: {OFFER}")
    assert violations(page) == []
    with page.expect_response(lambda answer: "Restore" in (answer.request.post_data or "")):
        page.keyboard.press("u")
    expect(page.locator(".card h3")).to_have_text(OFFER)
    expect(page.locator(".undo")).to_be_empty()
    assert [each.response for each in server.feedback.given] == [FeedbackAction.DISMISSED, FeedbackAction.RESTORED]
    page.reload()
    expect(page.locator(".card h3")).to_have_text(OFFER)


def test_what_was_done_long_ago_is_brought_back_from_the_earlier_ones(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    opened(page, server, call)
    play_cancellation(call)
    expect(page.locator(".card h3")).to_have_text(OFFER)
    page.keyboard.press("a")
    page.reload()
    expect(page.locator(".undo")).to_be_empty()
    page.get_by_text("Earlier suggestions (1)").click()
    page.get_by_role("button", name=f"Bring back: {OFFER}").click()
    expect(page.locator(".card h3")).to_have_text(OFFER)
