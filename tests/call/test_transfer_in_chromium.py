"""Call: a warm transfer as both agents see it on their panels in Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from local.aws.connect import Transfer
from local.commands.call import caller_for
from local.played_call import CallPlan, played
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, Stack

pytestmark = [pytest.mark.call, pytest.mark.browser]

SPEED = 4.0
WITHIN_MS = 60_000
NOTE = "From the agent before"
PICTURES = os.environ.get("SOTTO_PICTURES")
"""A folder for what the panels looked like, for whoever wants to see it."""


@dataclass(frozen=True)
class Desks:
    first: Page
    second: Page


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


@pytest.fixture(scope="module")
def desks(stack: Stack, chromium: Browser) -> Iterator[Desks]:
    pages = {agent: chromium.new_page(viewport={"width": 480, "height": 900}) for agent in ("olivia", "sophia")}
    for agent, page in pages.items():
        page.goto(f"{stack.sotto.panel_url}?tenant=harbour_bank&agent={agent}&channel=appsync")

    async def the_call() -> None:
        sotto = stack.sotto
        transcript = CALLS / "bank_cancel" / "call.transcript.jsonl"
        transfer = Transfer(60.0, "sophia", "handed-over-2", queue="mortgages", consult_s=12.0, streams="same")
        caller = replace(caller_for(sotto.books["harbour_bank"], "olivia"), transfers=(transfer,), queue="cards")
        sotto.transcript("handed-over-1", transcript)
        sotto.transcript("handed-over-2", transcript, from_ms=48_000)
        plan = CallPlan(read_call(CALLS / "bank_cancel" / "call.wav"), caller, "harbour_bank", SPEED)
        async for _ in played(plan, sotto, "handed-over-1"):
            pass

    call = stack.begin(the_call())
    yield Desks(pages["olivia"], pages["sophia"])
    call.result(timeout=240)


def test_the_second_agent_reads_the_note_before_the_first_word(desks: Desks) -> None:
    page = desks.second
    page.get_by_text(NOTE).wait_for(timeout=WITHIN_MS)
    note = page.locator(".handover-note")
    expect(note).to_contain_text("close my account")
    picture(page, "second-agent-at-the-consult")


def test_guidance_goes_on_at_the_second_agents_desk(desks: Desks) -> None:
    page = desks.second
    page.get_by_text("mortgage").last.wait_for(timeout=WITHIN_MS)
    picture(page, "second-agent-in-the-call")
    expect(page.locator(".handover-note")).to_contain_text("Why they called")


def test_the_first_agents_call_is_over_and_shows_nothing_of_what_comes_after(desks: Desks) -> None:
    page = desks.first
    page.get_by_text("Call ended").first.wait_for(timeout=WITHIN_MS)
    picture(page, "first-agent-after-the-transfer")
    assert "thirty year mortgage" not in page.content().lower()
    assert NOTE not in page.content()
