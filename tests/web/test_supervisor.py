"""A supervisor's panel in Chromium, on the emulated AppSync."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.panel_server import SUPERVISOR, PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_panel import OFFER, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def quiet_call(server: PanelServer) -> SampleCall:
    call = SampleCall(server, "quiet-call", agent="otto")
    call.begin()
    return call


def listed(page: Page, server: PanelServer) -> Page:
    page.goto(f"{server.url}/?role=supervisor")
    expect(page.locator("[data-live-calls=live]")).to_be_visible()
    return page


def test_the_call_with_a_risk_comes_first_and_is_followed_with_the_keyboard_alone(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall, screenshots: Path | None
) -> None:
    call.begin()
    play_cancellation(call)
    listed(page, server)
    expect(page.locator(".live-call strong")).to_have_text(["maria", "otto"])
    expect(page.locator(".risk")).to_contain_text(["May leave"])
    assert server.follows.all_follows == []
    assert violations(page) == []
    if screenshots:
        page.set_viewport_size({"width": 480, "height": 400})
        page.screenshot(path=screenshots / "supervisor-480-light.png")
    page.locator(".live-call").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card h3")).to_have_text(OFFER)
    call.say("customer", "Hello? Are you still there?", start_ms=60_000)
    expect(page.locator(".utterance").last).to_contain_text("still there")
    followed = {each[:3] for each in server.follows.all_follows}
    if screenshots:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.screenshot(path=screenshots / "supervisor-following-1280-light.png")
    assert followed == {("harbour_bank", call.contact.contact_id, SUPERVISOR)}
    assert violations(page) == []
    expect(page.get_by_role("button", name="Live calls")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".live-call").first).to_be_focused()


def test_whoever_looks_on_acts_on_nothing(page: Page, server: PanelServer, call: SampleCall) -> None:
    call.begin()
    play_cancellation(call)
    listed(page, server).locator(".live-call").click()
    expect(page.locator(".card h3")).to_have_text(OFFER)
    for name in ("Done", "Dismiss", "Helpful", "Not helpful", "Copy"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    for key in ("c", "a", "x", "+", "-"):
        page.keyboard.press(key)
    expect(page.locator(".card h3")).to_have_text(OFFER)
    call.end()
    expect(page.locator(".after li")).to_have_count(3)
    expect(page.get_by_role("button", name="Helpful")).to_have_count(0)
    assert server.feedback.given == []


def test_an_agent_who_asks_for_the_supervisors_panel_gets_an_agents(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    """The address wishes, the token decides."""
    call.begin()
    page.route("**/token*", lambda route: route.continue_(url=f"{server.url}/token?agent=maria"))
    page.goto(f"{server.url}/?role=supervisor&agent=maria")
    expect(page.locator("[data-status=live]")).to_be_visible()
    expect(page.locator(".live-calls")).to_have_count(0)


def test_the_list_speaks_german_where_the_browser_does(
    browser: Browser, server: PanelServer, quiet_call: SampleCall
) -> None:
    with browser.new_context(locale="de-AT", viewport={"width": 320, "height": 700}, color_scheme="dark") as context:
        page = listed(context.new_page(), server)
        expect(page.get_by_role("heading", name="Laufende Gespräche")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert violations(page) == []
        quiet_call.end()
        expect(page.locator("[role=status]").first).to_contain_text("Niemand in Ihren Teams spricht gerade.")
