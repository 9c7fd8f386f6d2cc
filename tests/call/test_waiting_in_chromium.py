"""Call: an agent's panel in Chromium while a customer waits, is answered and is put on hold; menus are listened to."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from local.commands.call import caller_for
from local.options import REPOSITORY
from local.played_call import CallPlan, played
from tests.call.conftest import CALLS, Stack
from tests.call.queued_call import HOLD, SUNG, WAITS_S, queued_call

pytestmark = [pytest.mark.call, pytest.mark.browser]

SPEED = 4.0
WITHIN_MS = 60_000
TENANT = REPOSITORY / "tenants" / "harbour_bank"
PICTURES = os.environ.get("SOTTO_PICTURES")
"""A folder for what the panel looked like, for whoever wants to see it."""


@pytest.fixture(scope="module")
def listening(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The bank has menus transcribed."""
    folder = tmp_path_factory.mktemp("listening") / "harbour_bank"
    shutil.copytree(TENANT, folder)
    settings = folder / "tenant.yaml"
    settings.write_text(settings.read_text() + "\nlisten_to_menus: true\n")
    stack.sotto.publish(folder, [])
    begin_anew(stack)
    yield
    stack.sotto.publish(TENANT, [])
    begin_anew(stack)


def begin_anew(stack: Stack) -> None:
    """Functions would keep a book for half a minute."""
    stack.run(stack.sotto.idle(""))
    stack.sotto.start_functions_anew()


@pytest.fixture(scope="module")
def desk(stack: Stack, chromium: Browser, listening: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    audio, lines = queued_call(CALLS / "bank_card")
    transcript = tmp_path_factory.mktemp("queued") / "call.transcript.jsonl"
    transcript.write_text(lines)
    page = chromium.new_page(viewport={"width": 480, "height": 900})
    page.goto(f"{stack.sotto.panel_url}?tenant=harbour_bank&agent=emma&channel=appsync")

    async def the_call() -> None:
        sotto = stack.sotto
        sotto.transcript("waiting-in-chromium", transcript)
        caller = replace(caller_for(sotto.books["harbour_bank"], "emma"), waits_s=WAITS_S, holds=(HOLD,), queue="cards")
        async for _ in played(CallPlan(audio, caller, "harbour_bank", SPEED), sotto, "waiting-in-chromium"):
            pass

    call = stack.begin(the_call())
    yield page
    call.result(timeout=240)
    page.close()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def test_the_agent_reads_what_was_played_and_said_before_quietly_and_apart(desk: Page) -> None:
    desk.get_by_text("lost my card").first.wait_for(timeout=WITHIN_MS)
    desk.get_by_text("I am so sorry").first.wait_for(timeout=WITHIN_MS)
    prompt = desk.locator(".utterance.system").first
    expect(prompt).to_contain_text("Thank you for calling Harbour Bank")
    expect(prompt.locator(".who")).to_contain_text("Menu or music")
    assert prompt.locator(".moment").count() == 0
    picture(desk, "agent-joined-after-the-queue")


def test_the_panel_says_that_the_customer_is_on_hold_and_for_how_long(desk: Page) -> None:
    desk.locator(".wait-mark").get_by_text("On hold").wait_for(timeout=WITHIN_MS)
    expect(desk.locator(".wait-mark time")).to_have_text(re.compile(r"^0:\d\d$"))
    picture(desk, "customer-on-hold")


def test_music_on_hold_is_the_systems_and_the_agent_goes_on_after_it(desk: Page) -> None:
    desk.get_by_text("Thank you for holding").first.wait_for(timeout=WITHIN_MS)
    picture(desk, "agent-after-the-hold")
    assert desk.locator(".utterance.system").filter(has_text=SUNG).count() >= 3
    expect(desk.locator(".utterance.agent").filter(has_text="Thank you for holding")).to_have_count(1)
