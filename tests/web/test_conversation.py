"""The manager's app in Chromium: one conversation, after its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sotto.call.after_call_work import StepOutcome
from tests.web.panel_server import PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_panel import OFFER, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def ended(server: PanelServer, call: SampleCall) -> Iterator[SampleCall]:
    call.begin()
    play_cancellation(call)
    call.end()
    call.sum_up()
    call.works({"summarise_call": StepOutcome.DONE, "suggest_disposition": StepOutcome.FAILED})
    yield call


def opened(page: Page, server: PanelServer, call: SampleCall, query: str = "", width: int = 1280) -> Page:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server.manager_url}#/conversations/{call.contact.contact_id}{query}")
    expect(page.locator("[data-conversation=ended]")).to_be_visible()
    return page


def test_an_ended_conversation_shows_what_was_said_noticed_shown_and_made_of_it(
    page: Page, server: PanelServer, ended: SampleCall
) -> None:
    opened(page, server, ended)
    expect(page.locator(".line")).to_have_count(7)
    expect(page.locator(".masked")).to_have_attribute("title", "hidden: card number")
    expect(page.locator("[data-guidance]")).to_contain_text(OFFER)
    expect(page.locator("[data-checklist]")).to_contain_text("Greet and say your name")
    expect(page.get_by_role("region", name="Why they called")).to_be_visible()
    expect(page.locator("[data-after-call]")).to_have_text("Summary: readyDisposition: did not work")
    expect(page.get_by_role("textbox", name="Note to")).to_have_count(0)
    assert violations(page) == []


def test_a_moment_leads_to_its_words_and_the_address_of_a_line_to_the_line(
    page: Page, server: PanelServer, ended: SampleCall
) -> None:
    opened(page, server, ended)
    region = page.get_by_role("button", name="May leave, 0:25: show in the transcript")
    region.focus()
    page.keyboard.press("Enter")
    line = page.locator("[data-utterance=customer-25500]")
    expect(line).to_be_focused()
    expect(line.locator("mark")).to_have_text("close my account")
    assert page.url.endswith("?at=customer-25500")
    page.goto("about:blank")
    opened(page, server, ended, "?at=customer-6000")
    expect(page.locator("[data-utterance=customer-6000]")).to_be_focused()


def test_a_line_that_is_not_there_leads_to_the_beginning(page: Page, server: PanelServer, ended: SampleCall) -> None:
    opened(page, server, ended, "?at=nobody-1")
    expect(page.locator(".line").first).to_be_visible()
    expect(page.locator(".line.cited")).to_have_count(0)


def test_a_long_call_is_shown_a_part_at_a_time(page: Page, server: PanelServer, call: SampleCall) -> None:
    call.begin()
    for number in range(300):
        call.say("customer", f"line {number}", start_ms=number * 4_000, publish=False)
    call.end()
    opened(page, server, call)
    expect(page.locator(".line")).to_have_count(120)
    page.get_by_role("button", name="Show more (180)").click()
    expect(page.locator(".line")).to_have_count(300)
    page.goto("about:blank")
    opened(page, server, call, "?at=customer-1000000")
    expect(page.locator("[data-utterance=customer-1000000]")).to_be_in_viewport()


def test_a_question_about_the_call_is_answered_with_its_words(
    page: Page, server: PanelServer, ended: SampleCall
) -> None:
    opened(page, server, ended)
    page.get_by_role("searchbox", name="Ask about this call").fill("what about the monthly fees")
    page.keyboard.press("Enter")
    answer = page.get_by_role("region", name="From this call")
    expect(answer).to_contain_text("I've had enough of the monthly fees")
    answer.get_by_role("link").first.click()
    expect(page.locator(".line.cited")).to_be_visible()


@pytest.mark.parametrize("address", ["#/conversations/nobody", "#/nowhere", "#/live/x/y"])
def test_an_address_that_leads_nowhere_says_so(page: Page, server: PanelServer, address: str) -> None:
    page.goto(f"{server.manager_url}{address}")
    expect(page.get_by_role("link", name="To the live calls")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("width", "scheme"), [(480, "dark"), (1920, "light")])
def test_a_conversation_fits_each_width_in_german(
    browser: Browser, server: PanelServer, ended: SampleCall, width: int, scheme: str
) -> None:
    colours = "dark" if scheme == "dark" else "light"
    with browser.new_context(locale="de-DE", color_scheme=colours) as context:
        page = opened(context.new_page(), server, ended, width=width)
        expect(page.get_by_role("heading", name="Dem Agenten gezeigt")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert violations(page) == []
