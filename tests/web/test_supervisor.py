"""A supervisor's panel in Chromium, on the emulated AppSync."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sotto.call.annotation import AnnotationKind
from sotto.contacts.directory import DirectoryAgent
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


def test_a_row_says_who_how_long_in_which_mood_and_what_was_missed(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    call.contact = replace(call.contact, attributes={"sotto_caller": "Ms Keller", "sotto_reason": "Card declined"})
    call.begin()
    said = call.say("customer", "This is the third time.", start_ms=1_000)
    call.note(AnnotationKind.MOMENT, "sentiment_negative", said)
    call.tick("recording_disclosure", "missed")
    row = listed(page, server).locator(".live-call").first
    expect(row).to_contain_text("retention · Retention · Ms Keller · Card declined")
    expect(row.locator(".mood-word .offscreen")).to_have_text("Customer's mood: negative")
    expect(row.locator(".missed-step")).to_have_text("Missed: Say that the call is recorded")
    clock = row.get_by_role("timer")
    before = clock.inner_text()
    expect(clock).not_to_have_text(before)
    assert violations(page) == []


def test_a_missed_disclosure_comes_before_calls_without_a_risk(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    call.begin()
    quiet_call.tick("recording_disclosure", "missed")
    expect(listed(page, server).locator(".live-call strong")).to_have_text(["otto", "maria"])
    page.get_by_label("At risk only").check()
    expect(page.locator(".live-call strong")).to_have_text(["otto"])


def test_the_list_is_filtered_by_what_is_typed(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    call.begin()
    play_cancellation(call)
    field = listed(page, server).get_by_role("searchbox")
    field.fill("leave")
    expect(page.locator(".live-call strong")).to_have_text(["maria"])
    field.fill("nobody")
    expect(page.locator("[role=status]").first).to_have_text("No call fits the filter.")


def test_last_words_are_shown_on_request_and_noted_as_a_look(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    call.begin()
    play_cancellation(call)
    listed(page, server)
    expect(page.locator(".last-words")).to_have_count(0)
    assert server.follows.all_follows == []
    page.get_by_label("Last words").check()
    expect(page.locator(".last-words")).to_have_text(
        ["Customer: “I want to close my account and move everything to another bank.”"]
    )
    looked = sorted(each[1:3] for each in server.follows.all_follows)
    assert looked == sorted((each.contact.contact_id, SUPERVISOR) for each in (call, quiet_call))
    assert violations(page) == []


def test_agents_are_shown_and_found_by_name(page: Page, server: PanelServer, call: SampleCall) -> None:
    """Also at the last words; whom the directory does not know is there by username."""
    maria = DirectoryAgent("0000000a-2222-3333-4444-555555555555", "maria", "Maria", "Lopez")
    server.desk.directory.put_agents("harbour_bank", "one", [maria])
    quiet = SampleCall(server, "quiet-call", agent="otto")
    quiet.begin()
    call.begin()
    call.say("agent", "I can look that up for you.", start_ms=1_000)
    listed(page, server)
    page.get_by_label("Last words").check()
    expect(page.locator(".live-call strong").first).to_have_text("Maria Lopez")
    expect(page.locator(".live-call", has_text="Maria Lopez")).to_contain_text("I can look that up for you.")
    expect(page.locator(".live-call strong", has_text="otto")).to_be_visible()
    assert violations(page) == []


def test_a_call_that_goes_to_another_agent_of_the_teams_is_followed_on(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    call.begin()
    play_cancellation(call)
    listed(page, server).locator(".live-call").click()
    expect(page.locator(".agent-name")).to_have_text("maria")
    call.transfer("otto")
    expect(page.locator(".agent-name")).to_have_text("otto")
    call.say("customer", "Hello Otto.", start_ms=60_000)
    expect(page.locator(".utterance").last).to_contain_text("Hello Otto.")
    expect(page.locator("[data-status=live]")).to_be_visible()


def test_whoever_looks_on_acts_on_nothing(page: Page, server: PanelServer, call: SampleCall) -> None:
    call.begin()
    play_cancellation(call)
    listed(page, server).locator(".live-call").click()
    expect(page.locator(".card h3")).to_have_text(OFFER)
    for name in ("Done", "Dismiss", "Helpful", "Not helpful", "Copy", "Undo", "Bring back"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    for key in ("c", "a", "x", "u", "+", "-"):
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
