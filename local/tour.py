"""Pictures of panel and manager's app for README and docs, taken while the sample calls play: ``python -m local.tour``.

Nothing in them is set up: what they show, somebody sees who runs ``sotto demo``, the measured times included. Needs
Chromium, which ``SOTTO_CHROMIUM`` names where it is not on the path.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from playwright.async_api import Browser, Page, async_playwright, expect

from local.commands.chat import planned_chat
from local.commands.demo import APART_S, SAMPLE_CALLS, DemoCall, planned
from local.demo_history.serving import DemoHistory, days_made, today_of
from local.embedded import EmbeddedSotto, embedded_sotto
from local.interruption import run_interruptibly
from local.options import REPOSITORY, Options
from local.played_call import played
from local.played_chat import ChatPlan, played_chat
from local.tenants import written_books
from sotto.core.errors import Rejected

IMAGES = REPOSITORY / "docs" / "images"
SIZES = ((320, 800), (480, 800), (640, 400), (1280, 800))
SCHEMES = ("light", "dark")
LOCALES = {"en": "en-US", "de": "de-DE"}
NARROW, WIDE = (480, 800), (1280, 800)
QUESTION = "when is the monthly fee waived"
SOUGHT = "close my account"
COUNTING = "[data-figure=loading], [data-tile=loading], [data-today=loading], [data-chart=drawing]"
CHATS = REPOSITORY / "events" / "chats"
CHATS_APART_S = 20.0
SETTLED_MS = 250
"""For transitions to end."""


class NoChromium(Rejected):
    """Nothing takes the pictures."""


@dataclass(frozen=True, slots=True)
class Camera:
    folder: Path

    async def take(self, page: Page, name: str, size: tuple[int, int], scheme: str = "light") -> None:
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.wait_for_timeout(SETTLED_MS)
        await page.screenshot(path=self.folder / f"{name}.png")
        click.echo(f"  {name}.png")


@dataclass(frozen=True, slots=True)
class Tour:
    """What is photographed, and when in the first call. ``agents``: his panel by language."""

    sotto: EmbeddedSotto
    camera: Camera
    agents: dict[str, Page]
    supervisor: Page

    async def guided(self) -> None:
        """At every size, in both colours and languages."""
        for language, page in self.agents.items():
            for size in SIZES:
                for scheme in SCHEMES:
                    await self.camera.take(page, f"panel-{size[0]}-{scheme}-{language}", size, scheme)

    async def asked(self) -> None:
        page = self.agents["en"]
        await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        await page.get_by_role("searchbox").fill(QUESTION)
        await page.keyboard.press("Enter")
        await page.locator("blockquote").first.wait_for()
        await self.camera.take(page, "panel-asked", NARROW)
        await page.get_by_role("button", name=re.compile("^From ")).last.click()
        await page.locator(".article mark").first.wait_for()
        await self.camera.take(page, "panel-article", NARROW)
        await page.keyboard.press("Escape")
        await page.get_by_role("searchbox").press("Escape")

    async def supervised(self) -> None:
        await self.supervisor.locator("tbody tr").nth(1).wait_for()
        for size in (NARROW, WIDE):
            await self.camera.take(self.supervisor, f"supervisor-{size[0]}-light", size)
        await self.supervisor.locator("tbody th a").first.click()
        await self.supervisor.locator(".line").first.wait_for()
        await self.camera.take(self.supervisor, "supervisor-following-1280-light", WIDE)

    async def ended(self) -> None:
        page = self.agents["en"]
        await page.locator(".summary").wait_for()
        await self.camera.take(page, "panel-summary", NARROW)
        await page.reload()
        await page.locator(".last-call").first.wait_for()
        await self.camera.take(page, "panel-last-calls", NARROW)

    async def looked_back(self) -> None:
        """The manager's app on the call that has ended: from the list to the words, and by a search to the same."""
        page, base = self.supervisor, self.sotto.manager_url
        await page.locator("[data-conversation=ended]").wait_for()
        await page.locator(".summary-part").first.wait_for()
        for scheme in SCHEMES:
            await self.camera.take(page, f"manager-conversation-{scheme}", WIDE, scheme)
        await page.goto(f"{base}#/conversations")
        await page.locator("[data-conversations=loaded] tbody th a").first.wait_for()
        await self.camera.take(page, "manager-conversations-light", WIDE)
        await page.goto(f"{base}#/conversations?q={SOUGHT}")
        await page.locator("[data-found=true] tbody mark").first.wait_for()
        await self.camera.take(page, "manager-search-light", WIDE)

    async def counted(self) -> None:
        """The made-up past: the day, a question, a report."""
        page, base = self.supervisor, self.sotto.manager_url
        for name, address, ready in (
            ("manager-today-light", "#/home", "[data-unusual=loaded]"),
            (
                "manager-analyst-light",
                "#/analyst?q=AHT by team and day last week vs the week before",
                "[data-chart=drawn]",
            ),
            ("manager-reports-light", "#/reports", "[data-chart=drawn]"),
        ):
            await page.goto(base + address)
            await page.reload()  # it may have been open since before there was anything
            await page.locator(ready).first.wait_for()
            await expect(page.locator(COUNTING)).to_have_count(0, timeout=60_000)
            await self.camera.take(page, name, WIDE)


@click.command()
@click.option("--out", default=IMAGES, show_default=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--chats", "chats_alone", is_flag=True, help="The panel of an agent with two chats, and nothing else.")
def tour(out: Path, chats_alone: bool) -> None:
    """Take every picture of the panel anew, from the sample calls. Takes four minutes."""
    chromium = os.environ.get("SOTTO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise NoChromium("no Chromium: install it (Debian: apt install chromium) or name it in SOTTO_CHROMIUM")
    out.mkdir(parents=True, exist_ok=True)
    options = Options(recogniser="transcript", progress=click.echo)
    books = written_books(options.tenants)
    calls = [planned(each, books) for each in SAMPLE_CALLS]
    chats = [planned_chat(CHATS / name / "chat.jsonl", books) for name in ("bank_card", "bank_fee")]

    async def take() -> None:
        async with embedded_sotto(options) as sotto, async_playwright() as playwright:
            sotto.agents.show_to(calls[0].plan.tenant, calls[0].plan.caller.agent)
            sotto.agents.play_again = lambda: False
            browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            if chats_alone:
                return await _chatted(sotto, Camera(out), browser, chats)
            agents = {language: await _opened(browser, sotto.panel_url, locale) for language, locale in LOCALES.items()}
            supervisor = await _opened(browser, f"{sotto.manager_url}#/live", LOCALES["en"])
            guide = Tour(sotto, Camera(out), agents, supervisor)
            await _taken(guide, calls)
            await _with_a_past(guide, options)
            await _chatted(sotto, Camera(out), browser, chats)
            await browser.close()

    run_interruptibly(take())


async def _opened(browser: Browser, url: str, locale: str) -> Page:
    page = await (await browser.new_context(locale=locale)).new_page()
    await page.goto(url)
    return page


async def _chatted(sotto: EmbeddedSotto, camera: Camera, browser: Browser, chats: Sequence[ChatPlan]) -> None:
    """Two chats of one agent: while the first is in front, the second has guidance that nobody has looked at."""
    who = f"?tenant={chats[0].tenant}&agent={chats[0].caller.agent}"
    async with asyncio.TaskGroup() as tasks:
        page = await _opened(browser, f"{sotto.panel_url}{who}", LOCALES["en"])
        writing = [tasks.create_task(_written(sotto, each, n * CHATS_APART_S)) for n, each in enumerate(chats)]
        await page.locator(".chat-tabs .chat-tab >> nth=1").wait_for(timeout=120_000)
        await page.get_by_text("[card number]").first.wait_for(timeout=120_000)
        await page.locator(".card .reply").first.wait_for(timeout=60_000)
        await camera.take(page, "panel-chats", NARROW)
        for each in writing:
            each.cancel()


async def _written(sotto: EmbeddedSotto, chat: ChatPlan, after_s: float) -> None:
    await asyncio.sleep(after_s)
    async for _ in played_chat(chat, sotto):
        pass


async def _taken(tour: Tour, calls: list[DemoCall]) -> None:
    """``steps``: by seconds into the first call."""
    steps: dict[float, Callable[[], Awaitable[None]]] = {50.0: tour.guided, 66.0: tour.asked, 74.0: tour.supervised}
    async with asyncio.TaskGroup() as tasks:
        playing = [tasks.create_task(_played(tour.sotto, call, n * APART_S)) for n, call in enumerate(calls)]
        begun = asyncio.get_running_loop().time()
        for at_s, step in steps.items():
            await asyncio.sleep(begun + at_s - asyncio.get_running_loop().time())
            await step()
        await playing[0]
        await tour.ended()
        await tour.looked_back()


async def _with_a_past(tour: Tour, options: Options) -> None:
    loop, there = asyncio.get_running_loop(), asyncio.Event()
    today = today_of(tour.sotto.clock)

    def shown(count: int) -> None:
        loop.call_soon_threadsafe(there.set)

    with days_made(options.state, today) as making, DemoHistory(tour.sotto, making, options.state, today, shown):
        await there.wait()
        await tour.counted()


async def _played(sotto: EmbeddedSotto, call: DemoCall, after_s: float) -> None:
    await asyncio.sleep(after_s)
    contact_id = str(uuid.uuid4())
    assert call.transcript is not None
    sotto.transcript(contact_id, call.transcript)
    async for _ in played(call.plan, sotto, contact_id):
        pass


if __name__ == "__main__":
    tour()
