"""The manager's app in Chromium: a redacted recording beside its transcript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sotto.core.audit import AuditAction
from sotto.recordings.record import Beeped, Recording, RecordingState, Source, Why
from tests.web.audio_files import publish
from tests.web.panel_server import PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_conversation import opened
from tests.web.test_panel import violations

pytestmark = pytest.mark.browser

PLAYING = "[data-player=playing]"
UNDER_WAY = ".line.under-way"


@pytest.fixture
def ended(server: PanelServer, call: SampleCall) -> Iterator[SampleCall]:
    call.begin()
    play_cancellation(call)
    call.end()
    yield call


@pytest.fixture
def recorded(server: PanelServer, ended: SampleCall) -> SampleCall:
    record(server, ended, seconds=48)
    return ended


def record(server: PanelServer, call: SampleCall, *, seconds: int) -> None:
    spoken: dict[str, list[tuple[int, int]]] = {"customer": [], "agent": []}
    for each in server.conversations.utterances(*call.key, 0, 500):
        spoken[each.speaker.value].append((each.start_ms, each.end_ms))
    beeped = (Beeped(40_000, 44_000),)
    publish(server.audio, server.desk.recordings, call.contact, spoken, seconds=seconds, beeped=beeped)


def links_noted(server: PanelServer) -> int:
    return sum(each.action is AuditAction.RECORDING_PLAYED for each in server.desk.audit.all)


def test_it_is_played_with_its_transcript_and_asks_for_a_link_only_then(
    page: Page, server: PanelServer, recorded: SampleCall
) -> None:
    opened(page, server, recorded)
    expect(page.get_by_role("heading", name="Recording")).to_be_visible()
    expect(page.locator(".waveform path")).to_have_count(2)
    expect(page.get_by_text("One stretch with something private is a tone.")).to_be_visible()
    assert violations(page) == []
    assert links_noted(server) == 0
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(PLAYING)).to_be_visible()
    assert links_noted(server) == 1
    page.get_by_role("link", name="Customer, 0:25: play from here").click()
    expect(page.locator(UNDER_WAY)).to_have_attribute("data-utterance", "customer-25500")
    expect(page.locator(UNDER_WAY)).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-player=paused]")).to_be_visible()
    at = int(page.url.rpartition("at=")[2])
    assert at >= 25_500
    page.goto("about:blank")
    opened(page, server, recorded, f"?at={at}")
    expect(page.locator(UNDER_WAY)).to_have_attribute("data-utterance", "customer-25500")
    expect(page.get_by_role("slider", name="Place in the recording")).to_have_value(str(round(at, -3)))


def test_a_moment_plays_where_it_is_and_keys_go_on_from_there(
    page: Page, server: PanelServer, recorded: SampleCall
) -> None:
    opened(page, server, recorded)
    page.get_by_role("button", name="May leave, 0:25: show in the transcript").click()
    expect(page.locator(PLAYING)).to_be_visible()
    page.locator("body").press(" ")
    expect(page.locator("[data-player=paused]")).to_be_visible()
    page.locator("body").press("k")
    expect(page.locator(UNDER_WAY)).not_to_have_attribute("data-utterance", "customer-25500")
    page.locator("body").press("j")
    expect(page.locator(UNDER_WAY)).to_have_attribute("data-utterance", "customer-25500")
    page.get_by_role("checkbox", name="Keys").click()
    page.locator("body").press("k")
    expect(page.locator(UNDER_WAY)).to_have_attribute("data-utterance", "customer-25500")


def test_where_a_link_ends_in_mid_play_another_is_fetched_and_it_goes_on(
    browser: Browser, server: PanelServer, ended: SampleCall
) -> None:
    """Of ten minutes a browser has not fetched the end when it begins."""
    record(server, ended, seconds=600)
    with browser.new_context() as context:
        page = opened(context.new_page(), server, ended)
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.locator(PLAYING)).to_be_visible()
        server.audio.end_links()
        slider = page.get_by_role("slider", name="Place in the recording")
        slider.fill("540000")
        expect(page.locator(".player-time")).to_contain_text("9:01")
        expect(page.locator(PLAYING)).to_be_visible()
        assert links_noted(server) == 2


@pytest.mark.parametrize(
    ("states", "state", "words"),
    [
        ((RecordingState.AVAILABLE,), "pending", "is being redacted"),
        ((RecordingState.QUARANTINED,), "quarantined", "Something private was still recognised in it."),
    ],
)
def test_where_nothing_can_be_played_it_says_why(
    page: Page, server: PanelServer, ended: SampleCall, states: tuple[RecordingState, ...], state: str, words: str
) -> None:
    for each in states:
        server.desk.recordings.store(kept(ended, each))
    opened(page, server, ended)
    expect(page.locator(f"[data-recording={state}]")).to_contain_text(words)
    expect(page.get_by_role("heading", name="The call at a glance")).to_be_visible()
    assert violations(page) == []


def kept(call: SampleCall, state: RecordingState) -> Recording:
    source = Source("connects", "c.wav", call.contact.media_started_at_ms)
    known = Recording.available(*call.key, source, call.contact.media_started_at_ms)
    why = {RecordingState.QUARANTINED: Why.FINDINGS, RecordingState.FAILED: Why.REFUSED}.get(state)
    return replace(known, state=state, why=why.value if why else "")


@pytest.mark.parametrize(("width", "scheme"), [(480, "dark"), (1920, "light")])
def test_it_fits_each_width_in_german(
    browser: Browser, server: PanelServer, recorded: SampleCall, width: int, scheme: str, screenshots: Path | None
) -> None:
    colours = "dark" if scheme == "dark" else "light"
    with browser.new_context(locale="de-DE", color_scheme=colours) as context:
        page = opened(context.new_page(), server, recorded, width=width)
        expect(page.get_by_role("heading", name="Aufnahme")).to_be_visible()
        page.get_by_role("button", name="Abspielen", exact=True).click()
        expect(page.locator(PLAYING)).to_be_visible()
        if screenshots is not None:
            page.screenshot(path=screenshots / f"recording-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert violations(page) == []
