"""How soon the manager's app is painted and how soon it answers with 10,000 rows: ``python -m tests.web.measure_manager``.

Largest contentful paint and the length of interactions are the browser's own entries (``largest-contentful-paint``,
``event``): from the key or the click to the next paint, in steps of 8 ms.
"""

from __future__ import annotations

import json
import statistics
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.conftest import CHROMIUM
from tests.web.panel_server import PanelServer, served_panel
from tests.web.past_calls import keep_many, live_many

ROWS = 10_000
PAINTS = 7
"""Loads of which the median counts, each with an empty cache."""

WATCH = """
window.paints = [];
window.interactions = {};
new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.paints.push(entry.startTime)))
    .observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (!entry.interactionId) return;
    window.interactions[entry.interactionId] = Math.max(window.interactions[entry.interactionId] ?? 0, entry.duration);
})).observe({ type: 'event', durationThreshold: 16, buffered: true });
"""


def largest_paint(browser: Browser, address: str, ready: str) -> dict[str, float]:
    """In ms, until everything of the first page is there."""
    taken = []
    for _ in range(PAINTS):
        with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
            page = context.new_page()
            page.add_init_script(WATCH)
            page.goto(address)
            expect(page.locator(ready)).to_be_visible(timeout=60_000)
            page.wait_for_timeout(500)
            taken.append(page.evaluate("Math.max(...window.paints)"))
    return {"median_ms": round(statistics.median(taken)), "max_ms": round(max(taken))}


def watched(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(WATCH)
    return page


def interactions(page: Page, act: Any) -> dict[str, float]:
    """What ``act`` does, each key and click of it; one that took less than 16 ms is in no figure of the browser's."""
    page.evaluate("window.interactions = {}")
    act()
    page.wait_for_timeout(500)
    taken = sorted(page.evaluate("Object.values(window.interactions)"))
    return {"slower_than_16_ms": len(taken), "p50_ms": taken[len(taken) // 2], "max_ms": taken[-1]} if taken else {}


def of_live_calls(page: Page, server: PanelServer) -> dict[str, Any]:
    page.goto(f"{server.manager_url}#/live")
    expect(page.locator("[data-live-calls=live]")).to_be_visible(timeout=120_000)
    expect(page.locator("[data-live-calls]")).to_contain_text("(10,000)", timeout=120_000)
    field = page.get_by_role("searchbox")
    return {
        "filter": interactions(page, lambda: (field.click(), field.press_sequentially("agent-17 cards", delay=120))),
        "clear": interactions(page, lambda: (field.fill(""), page.wait_for_timeout(200))),
        "sort": interactions(page, lambda: _sort(page, "Agent")),
        "next page": interactions(page, lambda: _next(page)),
    }


def of_conversations(page: Page, server: PanelServer) -> dict[str, Any]:
    page.goto(f"{server.manager_url}#/conversations")
    expect(page.locator("[data-conversations=loaded]")).to_be_visible(timeout=120_000)
    field = page.get_by_role("combobox", name="Narrow by")
    return {
        "next page": interactions(page, lambda: _next(page)),
        "narrow": interactions(page, lambda: (field.click(), field.press_sequentially("Queue = Car", delay=120))),
        "search": interactions(page, lambda: _search(page)),
    }


def _sort(page: Page, column: str) -> None:
    page.get_by_role("button", name=column).first.focus()
    for _ in range(4):
        page.keyboard.press("Enter")
        page.wait_for_timeout(400)


def _next(page: Page) -> None:
    for _ in range(8):
        page.get_by_role("button", name="Next page").first.click()
        page.wait_for_timeout(400)


def _search(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").press_sequentially("monthly fees", delay=80)


def main() -> None:
    with served_panel() as server, sync_playwright() as playwright:
        keep_many(server, ROWS)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        live = largest_paint(browser, f"{server.manager_url}#/live", "[data-live-calls=live]")
        print(json.dumps({"largest_contentful_paint": {"live calls": live}}), flush=True)
        past = largest_paint(browser, f"{server.manager_url}#/conversations", "[data-conversations=loaded]")
        print(json.dumps({"largest_contentful_paint": {"conversations": past}}), flush=True)
        print(json.dumps({"rows": ROWS, "conversations": of_conversations(watched(browser), server)}), flush=True)
        server.teams += live_many(server, ROWS)
        print(json.dumps({"rows": ROWS, "live calls": of_live_calls(watched(browser), server)}), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
