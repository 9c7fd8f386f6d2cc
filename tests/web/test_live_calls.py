"""The manager's app in Chromium, on the emulated AppSync: the live calls, and following one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from sotto.call.annotation import AnnotationKind
from sotto.contacts.directory import DirectoryAgent
from tests.web.panel_server import SUPERVISOR, PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_panel import OFFER, violations

pytestmark = pytest.mark.browser

NAMES = "tbody th a"
"""Whose calls are listed."""


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """As wide as a desk's screen."""
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page


@pytest.fixture
def quiet_call(server: PanelServer) -> SampleCall:
    call = SampleCall(server, "quiet-call", agent="otto")
    call.begin()
    return call


def listed(page: Page, server: PanelServer, query: str = "") -> Page:
    page.goto(f"{server.manager_url}#/live{query}")
    expect(page.locator("[data-live-calls=live]")).to_be_visible()
    return page


def test_the_call_with_a_risk_comes_first_and_is_followed_with_the_keyboard_alone(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    call.begin()
    play_cancellation(call)
    listed(page, server)
    expect(page.locator(NAMES)).to_have_text(["maria", "otto"])
    expect(page.locator(".risk")).to_contain_text(["May leave"])
    assert server.follows.all_follows == []
    assert violations(page) == []
    page.locator(NAMES).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-guidance] h3").first).to_contain_text(OFFER)
    call.say("customer", "Hello? Are you still there?", start_ms=60_000)
    expect(page.locator(".line").last).to_contain_text("still there")
    followed = {each[:3] for each in server.follows.all_follows}
    assert followed == {("harbour_bank", call.contact.contact_id, SUPERVISOR)}
    assert violations(page) == []
    page.go_back()
    expect(page.locator(NAMES).first).to_be_visible()


def test_a_row_says_who_how_long_in_which_mood_and_what_was_missed(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    call.contact = replace(call.contact, attributes={"sotto_caller": "Ms Keller", "sotto_reason": "Card declined"})
    call.begin()
    said = call.say("customer", "This is the third time.", start_ms=1_000)
    call.note(AnnotationKind.MOMENT, "sentiment_negative", said)
    call.tick("recording_disclosure", "missed")
    first = listed(page, server).locator("tbody tr").first
    for words in ("retention", "Retention", "Ms Keller · Card declined", "Missed: Say that the call is recorded"):
        expect(first).to_contain_text(words)
    expect(first.locator(".mood-word .offscreen")).to_have_text("Customer's mood: negative")
    clock = first.get_by_role("timer")
    before = clock.inner_text()
    expect(clock).not_to_have_text(before)
    assert violations(page) == []


def test_the_filter_stands_in_the_address_and_survives_a_reload(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    call.begin()
    play_cancellation(call)
    field = listed(page, server).get_by_role("searchbox")
    field.fill("leave")
    expect(page.locator(NAMES)).to_have_text(["maria"])
    assert page.url.endswith("#/live?q=leave")
    page.reload()
    expect(page.locator(NAMES)).to_have_text(["maria"])
    page.get_by_role("searchbox").fill("nobody")
    expect(page.locator("tbody")).to_contain_text("No call fits the filter")
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.locator(NAMES)).to_have_text(["maria", "otto"])
    page.get_by_role("button", name="Agent").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]", has_text="Agent").first).to_be_attached()
    page.keyboard.press("Enter")
    expect(page.locator(NAMES)).to_have_text(["otto", "maria"])
    assert page.url.endswith("sort=-agent")


def test_a_missed_disclosure_is_a_risk(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    call.begin()
    quiet_call.tick("recording_disclosure", "missed")
    expect(listed(page, server).locator(NAMES)).to_have_text(["otto", "maria"])
    page.get_by_label("At risk only").click()
    expect(page.locator(NAMES)).to_have_text(["otto"])
    assert page.url.endswith("#/live?risk=1")


def test_last_words_are_shown_on_request_and_noted_as_a_look(
    page: Page, server: PanelServer, call: SampleCall, quiet_call: SampleCall
) -> None:
    """An agent whom the directory knows is there by name, also at the last words."""
    otto = DirectoryAgent("0000000a-2222-3333-4444-555555555555", "otto", "Otto", "Beck")
    server.desk.directory.put_agents("harbour_bank", "one", [otto])
    call.begin()
    play_cancellation(call)
    quiet_call.say("agent", "I can look that up for you.", start_ms=1_000)
    listed(page, server)
    assert server.follows.all_follows == []
    page.get_by_label("Last words").click()
    words = "Customer: “I want to close my account and move everything to another bank.”"
    expect(page.locator("tbody tr").first).to_contain_text(words)
    expect(page.locator("tbody tr").last).to_contain_text("Otto Beck: “I can look that up for you.”")
    looked = sorted(each[1:3] for each in server.follows.all_follows)
    assert looked == sorted((each.contact.contact_id, SUPERVISOR) for each in (call, quiet_call))
    assert violations(page) == []


def test_a_call_that_goes_to_another_agent_of_the_teams_is_followed_on(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    call.begin()
    play_cancellation(call)
    listed(page, server).locator(NAMES).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("maria")
    call.transfer("otto")
    expect(page.get_by_role("heading", level=1)).to_have_text("otto")
    call.say("customer", "Hello Otto.", start_ms=60_000)
    expect(page.locator(".line").last).to_contain_text("Hello Otto.")
    expect(page.locator("[data-conversation=live]")).to_be_visible()


def test_a_conversation_is_followed_into_its_next_contact(page: Page, server: PanelServer, call: SampleCall) -> None:
    call.begin()
    play_cancellation(call)
    listed(page, server).locator(NAMES).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("maria")
    call.end()
    following = SampleCall(server, "second-leg", agent="otto")
    following.contact = replace(following.contact, initial_contact_id=call.contact.contact_id, agent_name="Otto Beck")
    following.begin()
    expect(page.get_by_role("heading", level=1)).to_have_text("Otto Beck")
    assert page.url.endswith("#/conversations/second-leg")


def test_an_agent_sees_no_live_calls_and_reads_why(page: Page, server: PanelServer, quiet_call: SampleCall) -> None:
    """The address wishes, the token decides."""
    page.goto(f"{server.manager_url}?role=agent#/live")
    expect(page.locator("[data-live-calls=refused]")).to_contain_text("You may not see live calls")
    expect(page.locator(NAMES)).to_have_count(0)
    assert violations(page) == []


def test_the_list_speaks_german_where_the_browser_does(
    browser: Browser, server: PanelServer, quiet_call: SampleCall
) -> None:
    with browser.new_context(locale="de-AT", viewport={"width": 480, "height": 700}, color_scheme="dark") as context:
        page = listed(context.new_page(), server)
        expect(page.get_by_role("heading", name="Laufende Gespräche")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert violations(page) == []
        quiet_call.end()
        expect(page.locator("tbody")).to_contain_text("Niemand in Ihren Teams telefoniert")


def test_a_supervisors_panel_shows_the_way_to_the_managers_app(page: Page, server: PanelServer) -> None:
    page.goto(f"{server.url}/?role=supervisor")
    page.get_by_role("link", name="See the live calls of your teams").click()
    expect(page.locator("[data-live-calls=live]")).to_be_visible()
