"""The built panel in Chromium: who is calling, how long, in which mood, and whose call it is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sotto.call.annotation import AnnotationKind
from tests.web.panel_server import PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_panel import opened, violations

pytestmark = pytest.mark.browser


def test_the_mood_is_a_word_an_arrow_and_a_line_from_the_first_sentence_on(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    page.set_viewport_size({"width": 480, "height": 800})
    opened(page, server, call)
    expect(page.locator(".mood")).to_have_count(0)
    said = call.say("customer", "Hello, I have a question.", start_ms=1_000)
    expect(page.locator(".mood-word")).to_contain_text("neutral →")
    call.note(AnnotationKind.MOMENT, "sentiment_negative", said)
    expect(page.locator(".mood-word")).to_contain_text("negative ↘")
    expect(page.locator(".mood-word .offscreen")).to_have_text("Customer's mood: negative, getting worse")
    expect(page.locator(".mood-line text")).to_have_text(["+", "−"])
    page.set_viewport_size({"width": 320, "height": 800})
    expect(page.locator(".mood-word")).to_be_visible()
    expect(page.locator(".mood-line")).to_be_hidden()


def test_the_clock_runs_with_the_call_and_stops_with_it(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    call.say("customer", "Hello, I have a question.", start_ms=63_000)
    clock = page.get_by_role("timer")
    expect(clock).to_have_text("1:05")
    expect(clock).not_to_have_text("1:05")
    call.end()
    expect(clock).to_have_text("1:04")


def test_the_talk_share_comes_with_silence_and_interruptions(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    call.say("customer", "I have disclosed you three times now that the card does not work at all.", start_ms=0)
    call.say("agent", "And I have disclosed you that I am looking into it, so please wait.", start_ms=2_000)
    expect(page.locator(".talk")).to_contain_text("interrupted once")
    expect(page.get_by_role("img", name=re.compile("You did 48% of the talking. Nobody spoke for 0%"))).to_be_visible()


def test_who_is_calling_and_why_is_what_the_flow_tells(page: Page, server: PanelServer, call: SampleCall) -> None:
    disclosed = {"sotto_caller": "Ms Keller, +49 …41", "sotto_reason": "Card declined", "segment": "gold"}
    call.contact = replace(call.contact, attributes=disclosed)
    opened(page, server, call)
    expect(page.locator(".facts")).to_contain_text("Ms Keller, +49 …41")
    expect(page.locator(".facts .about")).to_have_text("Card declined · Retention")
    assert "gold" not in page.content()


def test_what_was_named_is_in_the_top_bar_in_its_words_and_nothing_that_is_masked(
    page: Page, server: PanelServer, call: SampleCall, screenshots: Path | None
) -> None:
    opened(page, server, call)
    play_cancellation(call)
    asked = call.say("customer", "You charged twelve dollars on Friday.", start_ms=70_000)
    call.note(AnnotationKind.MOMENT, "amount_named", asked, words="twelve dollars", title="Amount", fact=True)
    call.note(AnnotationKind.MOMENT, "day_named", asked, words="on Friday", title="Date", fact=True)
    named = call.say("customer", "It went to [name].", start_ms=74_000, private="[name]")
    call.note(AnnotationKind.MOMENT, "name_named", named, words="[name]", title="Name", fact=True)
    facts = page.locator(".spoken-facts")
    expect(facts).to_have_text("Amounttwelve dollarsDateon Friday")
    expect(page.get_by_label("Named in this call")).to_be_visible()
    expect(page.locator(f"[data-utterance='{asked.id}'] .moment")).to_have_count(0)
    assert violations(page) == []
    if screenshots:
        page.screenshot(path=screenshots / "facts-420-light.png")
    page.set_viewport_size({"width": 320, "height": 700})
    expect(facts).to_be_visible()


def test_the_calls_language_is_shown_and_what_is_off_in_it(page: Page, server: PanelServer, call: SampleCall) -> None:
    call.contact = replace(call.contact, language="de-DE", unavailable=("intent", "sentiment"))
    opened(page, server, call)
    call.say("customer", "Ich habe eine Frage.", start_ms=1_000)
    expect(page.locator(".facts .language")).to_have_text("German")
    expect(page.locator(".facts .unavailable")).to_have_text("Off in German: reasons for calling and mood")
    expect(page.locator(".mood")).to_have_count(0)
    assert violations(page) == []


def test_a_call_that_no_recogniser_understands_says_so(page: Page, server: PanelServer, call: SampleCall) -> None:
    call.contact = replace(call.contact, language="fr-FR", unavailable=("transcript", "redaction"))
    page.goto(server.url)
    call.begin()
    expect(page.locator("[data-status=off]")).to_have_attribute("title", re.compile("Nobody here understands"))


def test_the_bar_of_a_cited_line_stands_beside_its_words(page: Page, server: PanelServer, call: SampleCall) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    opened(page, server, call)
    play_cancellation(call)
    line = page.locator("[data-utterance=customer-6000]")
    words = line.locator("p").bounding_box()
    page.keyboard.press("/")
    page.keyboard.type("what about the monthly fees")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="I've had enough of the monthly fees").click()
    expect(line).to_have_class(re.compile("cited"))
    box = line.bounding_box()
    assert box and words and box["x"] + 3 < words["x"]
    assert line.locator("p").bounding_box()["x"] == words["x"]  # type: ignore[index]


def test_after_the_call_nothing_leads_back_to_live(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    for second in range(40):
        call.say("customer", f"Sentence number {second} of a long story.", start_ms=second * 3_000)
    expect(page.locator(".utterance")).to_have_count(40)
    page.locator(".scroller").evaluate("(box) => { box.scrollTop = 0 }")
    expect(page.get_by_role("button", name="Back to live")).to_be_visible()
    call.end()
    expect(page.get_by_role("button", name="Back to live")).to_have_count(0)
    page.get_by_role("button", name="To the end of the call").click()
    expect(page.locator("[data-utterance=customer-117000]")).to_be_in_viewport()
