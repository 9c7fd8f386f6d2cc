"""The built panel in Chromium, when the line is cut."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from sotto.call.annotation import AnnotationKind
from tests.web.panel_server import PanelServer
from tests.web.sample_call import SampleCall
from tests.web.test_panel import opened

pytestmark = pytest.mark.browser

WITHIN_MS = 3_000
SLACK_MS = 1_000
"""For a busy machine; the timers themselves are tested in virtual time."""


def test_a_network_that_is_gone_shows_at_once(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    page.context.set_offline(True)
    expect(page.locator("[data-status=offline]")).to_be_visible(timeout=SLACK_MS)
    page.context.set_offline(False)
    expect(page.locator("[data-status=live]")).to_be_visible()


def test_a_line_that_is_cut_without_a_word_shows_within_three_seconds(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    """The socket notices nothing: packets go nowhere, as in a tunnel."""
    held: list[Route] = []
    page.route(
        "**/config.json", lambda route: held.append(route) if route.request.method == "HEAD" else route.continue_()
    )
    opened(page, server, call)
    expect(page.locator("[data-status=offline]")).to_be_visible(timeout=WITHIN_MS + SLACK_MS)
    call.say("customer", "Are you still there?", start_ms=1_000)
    expect(page.locator("[data-status=live]")).to_be_visible(timeout=SLACK_MS)


def test_a_server_that_is_gone_shows_within_three_seconds(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    server.stop()
    expect(page.locator("[data-status=offline]")).to_be_visible(timeout=WITHIN_MS + SLACK_MS)
    server.start()
    expect(page.locator("[data-status=live]")).to_be_visible()


def test_a_card_that_arrives_late_is_not_shown_when_its_time_is_over(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    opened(page, server, call)
    said = call.say("customer", "I want to close my account, please, today.", start_ms=0)
    expect(page.locator(".utterance")).to_have_count(1)
    server.stop()
    expect(page.locator("[data-status=offline]")).to_be_visible()
    # Its second has passed by the time that the line is back.
    call.note(AnnotationKind.ACTION, "offer", said, publish=False, title="Too late", expires_ms=1_000)
    call.note(AnnotationKind.ACTION, "offer", said, publish=False, title="Still of use", expires_ms=600_000)
    server.start()
    expect(page.locator(".card h3")).to_have_text("Still of use")
    expect(page.get_by_text("Too late")).to_have_count(0)
    page.get_by_text("Earlier suggestions (1)").click()
    expect(page.locator(".earlier-cards li")).to_contain_text(["Too late"])


def test_a_hint_about_a_silence_goes_with_the_agents_next_word(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    opened(page, server, call)
    said = call.say("agent", "Let me look that up.", start_ms=0)
    call.now_ms = said.end_ms + 12_000
    hint = {"title": "Say what you are doing", "expires_ms": 20_000, "stages_ms": {}}
    call.note(AnnotationKind.ACTION, "break_the_silence", said, **hint)
    expect(page.locator(".card h3")).to_have_text("Say what you are doing")
    call.murmur("agent", "So I am", start_ms=call.now_ms + 500)
    expect(page.locator(".card")).to_have_count(0)
