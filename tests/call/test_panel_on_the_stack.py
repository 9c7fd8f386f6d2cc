"""Call: the built panel in Chromium on the whole stack, from an empty page to guidance."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from local.commands.call import caller_for
from local.played_call import CallPlan, played
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, SPEED, Stack

pytestmark = [pytest.mark.call, pytest.mark.browser]

GUIDANCE_WITHIN_MS = 60_000


CHANNELS = ("appsync", "websocket")


@dataclass(frozen=True)
class Watched:
    page: Page
    sockets: list[str]
    call: Future[Any]


@pytest.fixture(scope="module")
def watched(stack: Stack, chromium: Browser) -> dict[str, Watched]:
    """A call over each channel, to an agent of its own, both at the same time, once their panels are open."""
    agents = dict(zip(CHANNELS, stack.sotto.books["harbour_bank"].settings.teams["retention"].agents, strict=True))
    pages = {channel: chromium.new_page(viewport={"width": 480, "height": 900}) for channel in CHANNELS}
    sockets: dict[str, list[str]] = {channel: [] for channel in CHANNELS}
    for channel, page in pages.items():
        page.on("websocket", lambda socket, seen=sockets[channel]: seen.append(socket.url))
        page.goto(f"{stack.sotto.panel_url}?tenant=harbour_bank&agent={agents[channel]}&channel={channel}")
    calls = {channel: stack.begin(the_call(stack, agents[channel], channel)) for channel in CHANNELS}
    return {channel: Watched(pages[channel], sockets[channel], calls[channel]) for channel in CHANNELS}


async def the_call(stack: Stack, agent: str, channel: str) -> None:
    sotto, contact_id = stack.sotto, f"watched-in-chromium-{channel}"
    book = sotto.books["harbour_bank"]
    sotto.transcript(contact_id, CALLS / "bank_cancel" / "call.transcript.jsonl")
    audio = read_call(CALLS / "bank_cancel" / "call.wav")
    async for _ in played(CallPlan(audio, caller_for(book, agent), book.tenant, SPEED), sotto, contact_id):
        pass


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_call_that_begins_while_the_panel_is_open_gets_guidance_there(
    watched: dict[str, Watched], channel: str
) -> None:
    page = watched[channel].page
    page.bring_to_front()
    page.get_by_text("I want to close my account").first.wait_for(timeout=GUIDANCE_WITHIN_MS)
    page.get_by_role("button", name="Copy").first.wait_for(timeout=GUIDANCE_WITHIN_MS)
    assert "nineteen seventy five" not in page.content().lower()
    watched[channel].call.result(timeout=120)
    sockets = [url.rpartition("/")[2] for url in watched[channel].sockets]
    assert sockets == [{"appsync": "realtime", "websocket": "live"}[channel]]
    the_summary_comes_and_leads_to_the_words(page)
    a_question_is_answered_out_of_the_call_and_the_knowledge(page)


def the_summary_comes_and_leads_to_the_words(page: Page) -> None:
    """Nobody writes on this stack, so it is quoted and says so."""
    summary = page.locator(".summary")
    expect(summary.locator(".reason")).to_contain_text("close my account", timeout=GUIDANCE_WITHIN_MS)
    expect(summary).to_contain_text("No model wrote it.")
    expect(summary.locator(".outcome")).to_contain_text("sum up")
    assert "nineteen seventy five" not in summary.inner_text().lower()
    summary.locator(".reason").get_by_role("button").click()
    expect(page.locator(".utterance.cited")).to_contain_text("close my account")
    expect(page.locator(".utterance.cited")).to_be_in_viewport()


def a_question_is_answered_out_of_the_call_and_the_knowledge(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("when is the monthly fee waived")
    page.keyboard.press("Enter")
    call, knowledge = page.locator("[data-from=call]"), page.locator("[data-from=knowledge]")
    expect(call.locator(".quotes")).to_contain_text("monthly fee", timeout=GUIDANCE_WITHIN_MS)
    knowledge.get_by_role("button", name="Monthly account fee").click(timeout=GUIDANCE_WITHIN_MS)
    expect(page.locator(".article")).to_contain_text("Customers under 25 never pay it.", timeout=GUIDANCE_WITHIN_MS)
    expect(page.locator(".article mark")).to_be_in_viewport()
