"""Call: the built panel in Chromium on the whole stack, from an empty page to guidance."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from local.commands.call import caller_for
from local.options import REPOSITORY
from local.played_call import CallPlan, played
from sotto.audio.wav import read_call
from tests.call.conftest import CALLS, SPEED, Stack

pytestmark = [pytest.mark.call, pytest.mark.browser]

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
GUIDANCE_WITHIN_MS = 60_000


@pytest.fixture
def page() -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it (Debian: apt install chromium)")
    if not (REPOSITORY / "web" / "dist" / "index.html").exists():
        pytest.skip("the panel is not built: run `make panel`")
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs rights that containers rarely give; the page is ours.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium.new_page(viewport={"width": 480, "height": 900})
        chromium.close()


async def the_call(stack: Stack, contact_id: str) -> None:
    sotto = stack.sotto
    book = sotto.books["harbour_bank"]
    sotto.transcript(contact_id, CALLS / "bank_cancel" / "call.transcript.jsonl")
    audio = read_call(CALLS / "bank_cancel" / "call.wav")
    caller = caller_for(book, book.settings.teams["retention"].agents[-1])
    async for _ in played(CallPlan(audio, caller, book.tenant, SPEED), sotto, contact_id):
        pass


@pytest.mark.parametrize("channel", ["appsync", "websocket"])
def test_a_call_that_begins_while_the_panel_is_open_gets_guidance_there(stack: Stack, page: Page, channel: str) -> None:
    agent = stack.sotto.books["harbour_bank"].settings.teams["retention"].agents[-1]
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"{stack.sotto.panel_url}?tenant=harbour_bank&agent={agent}&channel={channel}")
    watched = stack.begin(the_call(stack, f"watched-in-chromium-{channel}"))
    page.get_by_text("I want to close my account").first.wait_for(timeout=GUIDANCE_WITHIN_MS)
    page.get_by_role("button", name="Copy").first.wait_for(timeout=GUIDANCE_WITHIN_MS)
    assert "nineteen seventy five" not in page.content().lower()
    watched.result(timeout=120)
    assert [url.rpartition("/")[2] for url in sockets] == [{"appsync": "realtime", "websocket": "live"}[channel]]
    the_summary_comes_and_leads_to_the_words(page)
    a_question_is_answered_out_of_the_call_and_the_knowledge(page)


def the_summary_comes_and_leads_to_the_words(page: Page) -> None:
    """Nobody writes on this stack, so it is quoted and says so."""
    summary = page.locator(".summary")
    expect(summary.locator(".reason")).to_contain_text("close my account", timeout=GUIDANCE_WITHIN_MS)
    expect(summary).to_contain_text("No model wrote it.")
    expect(summary.locator(".agreed")).to_contain_text("sum up")
    assert "nineteen seventy five" not in summary.inner_text().lower()
    summary.locator(".reason").get_by_role("button").click()
    expect(page.locator(".line.cited")).to_contain_text("close my account")
    expect(page.locator(".line.cited")).to_be_in_viewport()


def a_question_is_answered_out_of_the_call_and_the_knowledge(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("when is the monthly fee waived")
    page.keyboard.press("Enter")
    call, knowledge = page.locator("[data-from=call]"), page.locator("[data-from=knowledge]")
    expect(call.locator(".quotes")).to_contain_text("monthly fee", timeout=GUIDANCE_WITHIN_MS)
    knowledge.get_by_role("button", name="Monthly account fee").click(timeout=GUIDANCE_WITHIN_MS)
    expect(page.locator(".article")).to_contain_text("Customers under 25 never pay it.", timeout=GUIDANCE_WITHIN_MS)
    expect(page.locator(".article mark")).to_be_in_viewport()
