"""Call: the built panel in Chromium on the whole stack, from an empty page to guidance."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from local.commands.call import caller_for
from local.embedded import REPOSITORY
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
