"""The built panel in Chromium at 200 % and 400 % of a laptop's screen: WCAG 2.2, 1.4.4 and 1.4.10."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.panel_server import PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_panel import OFFER, REPLY, violations

pytestmark = pytest.mark.browser

ZOOMED = {"200 %": (640, 400), "400 %": (320, 256)}
"""Of 1280 x 800 and of 1280 x 1024, in CSS pixels."""
LINE_PX = 20


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("zoom", ZOOMED)
def test_the_reply_can_be_read_copied_and_done(
    browser: Browser, server: PanelServer, call: SampleCall, screenshots: Path | None, zoom: str, locale: str
) -> None:
    call.begin()
    play_cancellation(call)
    width, height = ZOOMED[zoom]
    with browser.new_context(viewport={"width": width, "height": height}, locale=locale) as context:
        page = context.new_page()
        page.goto(server.url)
        expect(page.locator(".card h3")).to_have_text(OFFER)
        if screenshots:
            page.screenshot(path=screenshots / f"panel-{width}x{height}-{locale}.png")
        expect(page.locator(".card h3")).to_be_in_viewport(ratio=1)
        for button in page.locator(".card footer button").all():
            expect(button).to_be_in_viewport(ratio=1)
        reply = page.locator(".reply blockquote")
        expect(reply).to_have_text(REPLY)
        reply.scroll_into_view_if_needed()
        assert seen_height(reply) >= min(3 * LINE_PX, page.locator(".reply blockquote").bounding_box()["height"])  # type: ignore[index]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert violations(page) == []


@pytest.mark.parametrize("zoom", ZOOMED)
def test_everything_else_is_reached_by_scrolling_one_thing(
    browser: Browser, server: PanelServer, call: SampleCall, zoom: str
) -> None:
    call.begin()
    play_cancellation(call)
    width, height = ZOOMED[zoom]
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        page.goto(server.url)
        expect(page.locator(".card h3")).to_have_text(OFFER)
        page.get_by_role("button", name="Details").click()
        page.keyboard.press("?")
        for place in (".options", ".checklist", ".others", ".scroller", "input[type=search]"):
            page.locator(place).first.scroll_into_view_if_needed()
            expect(page.locator(place).first).to_be_in_viewport()
        assert page.locator(".scroller").bounding_box()["height"] >= 150  # type: ignore[index]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("zoom", ZOOMED)
def test_what_has_the_focus_is_in_sight(browser: Browser, server: PanelServer, call: SampleCall, zoom: str) -> None:
    """WCAG 2.2, 2.4.11: the buttons that stay at the lower edge hide nothing that is reached with the keyboard."""
    call.begin()
    play_cancellation(call)
    width, height = ZOOMED[zoom]
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        page.goto(server.url)
        expect(page.locator(".card h3")).to_have_text(OFFER)
        page.keyboard.press("2")
        expect(page.locator(".citations")).to_be_visible()
        for _ in range(16):
            page.keyboard.press("Tab")
            assert is_uncovered(page), page.evaluate("document.activeElement.outerHTML")


def is_uncovered(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => {
        const focused = document.activeElement, box = focused.getBoundingClientRect();
        const x = box.x + box.width / 2, y = Math.min(box.y + box.height / 2, box.y + 12);
        const top = document.elementFromPoint(x, y);
        return focused === document.body || focused.contains(top) || (top !== null && top.contains(focused));
    }"""
        )
    )


def seen_height(element: object) -> float:
    """How much of an element's height is in the window."""
    box = element.bounding_box()  # type: ignore[attr-defined]
    return float(min(box["y"] + box["height"], element.page.viewport_size["height"]) - max(box["y"], 0))  # type: ignore[attr-defined]
