"""In Chromium: a supervisor's note, from the manager's app to the agent's panel; and what is known of the customer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sotto.call.customer import CustomerContext, CustomerField, CustomerState
from sotto.contacts.directory import DirectoryAgent
from tests.web.panel_server import SUPERVISOR, PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_live_calls import NAMES, listed
from tests.web.test_panel import opened, violations

pytestmark = pytest.mark.browser
SUE = DirectoryAgent("0000000b-2222-3333-4444-555555555555", SUPERVISOR, "Sue", "Hill")
TEXT = "Offer the fee refund before you transfer."


@pytest.fixture
def looking_on(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context.new_page()


def follow(page: Page, server: PanelServer) -> None:
    listed(page, server).locator(NAMES).first.click()


def test_a_note_comes_to_the_agent_and_what_became_of_it_back(
    page: Page, looking_on: Page, server: PanelServer, call: SampleCall, screenshots: Path | None
) -> None:
    server.desk.directory.put_agents("harbour_bank", "one", [SUE])
    call.contact = replace(call.contact, agent_name="Maria Lopez")
    opened(page, server, call)
    play_cancellation(call)
    follow(looking_on, server)
    expect(looking_on.get_by_role("heading", level=1)).to_have_text("Maria Lopez")
    field = looking_on.get_by_role("textbox", name="Note to Maria Lopez")
    field.fill(TEXT)
    field.press("Enter")
    card = page.locator(".note-card")
    expect(card.get_by_role("heading")).to_have_text("Note from Sue Hill")
    expect(card).to_contain_text(TEXT)
    expect(field).to_have_value("")
    expect(looking_on.locator("[data-note-state=SENT]")).to_contain_text(TEXT)
    assert violations(page) == violations(looking_on) == []
    if screenshots:
        page.screenshot(path=screenshots / "note-agent-420-light.png")
        looking_on.screenshot(path=screenshots / "note-supervisor-1280-light.png")
    card.get_by_role("button", name="Got it").click()
    expect(looking_on.locator("[data-note-state=SEEN]")).to_contain_text("seen")
    page.reload()
    expect(page.locator(".note-card")).to_have_count(1)
    page.locator(".note-card").get_by_role("button", name="Done").click()
    expect(page.locator(".note-card")).to_have_count(0)
    expect(looking_on.locator("[data-note-state=DONE]")).to_contain_text("done")
    looking_on.reload()


def test_a_note_that_was_sent_while_the_agents_line_was_cut_is_there_when_it_is_back(
    page: Page, looking_on: Page, server: PanelServer, call: SampleCall
) -> None:
    opened(page, server, call)
    follow(looking_on, server)
    page.context.set_offline(True)
    looking_on.get_by_role("textbox", name="Note to maria").fill(TEXT)
    looking_on.get_by_role("button", name="Send").click()
    expect(looking_on.locator("[data-note-state=SENT]")).to_have_count(1)
    page.context.set_offline(False)
    expect(page.locator(".note-card")).to_have_count(1)


def test_what_is_known_of_the_customer_is_in_the_top_bar(
    page: Page, server: PanelServer, call: SampleCall, screenshots: Path | None
) -> None:
    fields = (
        CustomerField("tier", "Customer tier", "Gold"),
        CustomerField("since", "Customer since", "2016"),
        CustomerField("risk", "Risk", "yes", is_shown=False),
    )
    attributes = {"sotto_caller": "+1 202 555 0188", "sotto_reason": "Account"}
    customer = CustomerContext(CustomerState.FOUND, fields)
    call.contact = replace(call.contact, customer=customer, attributes=attributes)
    opened(page, server, call)
    play_cancellation(call)
    facts = page.locator(".customer-facts")
    expect(facts).to_have_text("Customer tierGoldCustomer since2016")
    assert violations(page) == []
    if screenshots:
        page.screenshot(path=screenshots / "customer-420-light.png")
    page.set_viewport_size({"width": 320, "height": 700})
    expect(facts).to_be_visible()


def test_of_several_profiles_none_is_chosen_and_that_is_said(page: Page, server: PanelServer, call: SampleCall) -> None:
    call.contact = replace(call.contact, customer=CustomerContext(CustomerState.SEVERAL))
    opened(page, server, call)
    expect(page.locator("[data-customer=SEVERAL]")).to_contain_text("Several customer profiles have this number")
    assert violations(page) == []
