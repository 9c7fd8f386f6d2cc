"""The built panel in Chromium, on the emulated AppSync."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sotto.call.annotation import AnnotationKind
from sotto.call.correction import CorrectionKind
from sotto.call.feedback import FeedbackAction, Rating
from sotto.knowledge.answers import KnowledgeAnswer
from sotto.realtime.channel import Health, HealthState
from tests.web.panel_server import PanelServer
from tests.web.sample_call import SampleCall, play_cancellation

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
OFFER = "Offer to waive the fee for a year"
REPLY = "I understand. What if I take the monthly fee off your account for the next twelve months?"


def opened(page: Page, server: PanelServer, call: SampleCall) -> Page:
    """The panel, live on ``call``."""
    page.goto(server.url)
    call.begin()
    expect(page.locator("[data-status=live]")).to_be_visible()
    return page


def front(page: Page) -> str:
    return page.locator(".card h3").inner_text()


def test_it_waits_for_a_call_and_then_follows_it_by_itself(page: Page, server: PanelServer, call: SampleCall) -> None:
    page.goto(server.url)
    expect(page.locator("[data-status=waiting]")).to_be_visible()
    call.begin()
    expect(page.locator("[data-status=live]")).to_be_visible()
    play_cancellation(call)
    expect(page.locator(".card h3")).to_have_text(OFFER)
    expect(page.locator(".utterance")).to_have_count(8)


def test_one_that_opens_late_shows_what_came_before(page: Page, server: PanelServer, call: SampleCall) -> None:
    call.begin()
    play_cancellation(call)
    page.goto(server.url)
    expect(page.locator(".utterance")).to_have_count(7)
    expect(page.locator(".card h3")).to_have_text(OFFER)
    expect(page.locator(".checklist h2")).to_contain_text("3 of 5")


def test_an_interim_settles_where_it_stands(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    call.murmur("customer", "I want to", start_ms=1_000)
    line = page.locator("[data-utterance=customer-1000]")
    expect(line).to_have_class("utterance customer interim turn")
    top = line.bounding_box()
    call.say("customer", "I want to close my account.", start_ms=1_000)
    expect(line).to_have_class("utterance customer  turn")
    expect(line).to_contain_text("close my account")
    assert line.bounding_box() == top


def test_a_message_that_was_lost_is_found(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    call.say("customer", "This one is lost on the way.", start_ms=1_000, publish=False)
    call.say("customer", "This one arrives.", start_ms=4_000)
    expect(page.locator(".utterance")).to_have_text(["Customer 0:01This one is lost on the way.", "This one arrives."])


def test_a_line_that_was_cut_comes_back_with_all_that_was_missed(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    opened(page, server, call)
    server.stop()
    expect(page.locator("[data-status=offline]")).to_be_visible()
    said = call.say("customer", "I said this while you were away.", start_ms=1_000, publish=False)
    call.note(AnnotationKind.ACTION, "offer", said, publish=False, title="Missed meanwhile", severity="medium")
    server.start()
    expect(page.locator("[data-status=live]")).to_be_visible(timeout=30_000)
    expect(page.locator(".card h3")).to_have_text("Missed meanwhile")
    expect(page.locator(".utterance")).to_have_count(1)


def test_what_the_caller_says_is_text_and_never_html(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    words = "<img src=x onerror=\"document.title='taken'\"><b>bold</b>"
    said = call.say("customer", words, start_ms=1_000)
    call.note(AnnotationKind.ACTION, "odd", said, title=words, text=words, reply=words)
    expect(page.locator(".card h3")).to_have_text(words)
    expect(page.locator(".utterance p")).to_have_text(words)
    assert page.title() == "Sotto"


def test_the_policy_of_the_page_holds(browser: Browser, server: PanelServer, call: SampleCall) -> None:
    """A script that got into the page would not run, and could not load another."""
    with browser.new_context() as context:
        page = opened(context.new_page(), server, call)
        assert blocked(page) >= {"script-src-elem", "style-src-elem", "frame-src"}
        assert page.evaluate("window.ran") is None


def blocked(page: Page) -> set[str]:
    """Puts a script, a style and a frame into the page; what its policy says to that."""
    page.evaluate(
        """() => {
        window.blocked = [];
        document.addEventListener('securitypolicyviolation', (event) => window.blocked.push(event.effectiveDirective));
        for (const [tag, given] of [['script', {textContent: 'window.ran = 1'}], ['style', {textContent: 'b{}'}]])
            document.body.append(Object.assign(document.createElement(tag), given));
        document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://example.com'}));
    }"""
    )
    page.wait_for_function("window.blocked.length >= 3")
    return set(page.evaluate("window.blocked"))


def test_a_journey_with_the_keyboard_alone(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    play_cancellation(call)
    expect(page.locator(".card h3")).to_have_text(OFFER)
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == REPLY
    page.keyboard.press("+")
    page.keyboard.press("a")
    expect(page.locator(".card h3")).to_have_text("When the monthly fee is waived")
    page.keyboard.press("2")
    expect(page.locator(".card h3")).to_have_text("You speak fast")
    page.keyboard.press("-")
    page.get_by_role("button", name="I knew that").focus()
    page.keyboard.press("Enter")
    with page.expect_response(lambda answer: "Dismiss" in (answer.request.post_data or "")):
        page.keyboard.press("x")
    expect(page.locator(".card h3")).to_have_text("When the monthly fee is waived")
    given = [(each.annotation_id, each.response, each.rating, each.reason) for each in server.feedback.given]
    assert given == [
        ("retention_offer-6", FeedbackAction.ACKNOWLEDGED, None, None),
        ("retention_offer-6", FeedbackAction.RATED, Rating.UP, None),
        ("slow_down-5", FeedbackAction.RATED, Rating.DOWN, None),
        ("slow_down-5", FeedbackAction.RATED, Rating.DOWN, "known"),
        ("slow_down-5", FeedbackAction.DISMISSED, None, None),
    ]


def test_a_wrong_card_is_corrected_with_one_press(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    play_cancellation(call)
    expect(page.locator(".card h3")).to_have_text(OFFER)
    page.keyboard.press("-")
    correction = page.get_by_role("group", name="What would have been right?")
    with page.expect_response(lambda answer: "Correct" in (answer.request.post_data or "")):
        correction.get_by_role("button", name="Nothing to show").click()
    expect(correction).to_have_count(0)
    [kept] = server.desk.corrections.all.values()
    assert (kept.kind, kept.about) == (CorrectionKind.NO_INTENT, "retention_offer-6")


def test_what_was_done_survives_a_reload(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    play_cancellation(call)
    with page.expect_response(lambda answer: "Acknowledge" in (answer.request.post_data or "")):
        page.get_by_role("button", name="Done").click()
    expect(page.locator(".card h3")).to_have_text("When the monthly fee is waived")
    page.reload()
    expect(page.locator(".card h3")).to_have_text("When the monthly fee is waived")
    page.get_by_text("Earlier suggestions (1)").click()
    expect(page.locator(".earlier-cards li")).to_contain_text([OFFER])


def test_what_was_done_while_the_server_was_away_survives_a_reload(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    opened(page, server, call)
    play_cancellation(call)
    page.route("**/graphql", lambda route: route.abort())
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".card h3")).to_have_text("When the monthly fee is waived")
    assert server.feedback.given == []
    page.unroute("**/graphql")
    with page.expect_response(lambda answer: "Acknowledge" in (answer.request.post_data or "")):
        page.reload()
    expect(page.locator(".card h3")).to_have_text("When the monthly fee is waived")
    assert [each.response for each in server.feedback.given] == [FeedbackAction.ACKNOWLEDGED]


def test_after_the_call_it_says_what_was_shown_and_what_was_used(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    opened(page, server, call)
    play_cancellation(call)
    expect(page.locator(".card h3")).to_have_text(OFFER)
    page.keyboard.press("c")
    call.end()
    expect(page.locator("[data-status=ended]")).to_be_visible()
    expect(page.locator(".after")).to_contain_text("You used one suggestion. 2 suggestions were there and not needed.")
    expect(page.locator(".after li")).to_have_count(3)
    page.get_by_role("button", name="Copy a note").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    note = page.evaluate("navigator.clipboard.readText()")
    assert f"- 0:28 {OFFER}: done" in note
    assert "- Check who is calling: done" in note


def test_single_keys_can_be_switched_off(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    play_cancellation(call)
    page.keyboard.press("?")
    page.get_by_label("Single keys act on the top card").click()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("a")
    assert server.feedback.given == []


def test_a_source_opens_in_place(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    play_cancellation(call)
    page.get_by_text("When the monthly fee is waived").click()
    page.get_by_role("button", name="From “Monthly account fee”").click()
    expect(page.locator(".citations blockquote")).to_contain_text("minimum balance of 1,500 dollars")


def test_the_knowledge_base_answers_under_the_question(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    call.knows(KnowledgeAnswer("It takes two working days.", "wire", "Wire transfers", 0, 26, 0.8))
    page.keyboard.press("/")
    page.keyboard.type("how long does a wire take")
    page.keyboard.press("Enter")
    expect(page.locator(".answers li")).to_contain_text("It takes two working days.")
    page.keyboard.press("Escape")
    expect(page.locator(".answers li")).to_have_count(0)


def test_the_card_in_use_stays_when_a_graver_one_comes(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    said = call.say("customer", "My card was stolen.", start_ms=1_000)
    call.note(AnnotationKind.ACTION, "empathy", said, title="Say that you are sorry")
    page.locator(".card").hover()
    call.note(AnnotationKind.ACTION, "block_card", said, severity="high", title="Block the card now")
    expect(page.locator(".other.high")).to_contain_text("Block the card now")
    assert front(page) == "Say that you are sorry"
    page.mouse.move(0, 0)
    expect(page.locator(".card h3")).to_have_text("Block the card now")


def test_details_say_where_the_time_went(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    play_cancellation(call)
    page.get_by_role("button", name="Details").click()
    details = page.locator(".details")
    expect(details.locator(".way p")).to_have_text(
        re.compile(r"^\d+ ms from the (last word|text of the words in hand) to this screen$")
    )
    expect(details.locator(".way-bar span")).to_have_count(details.locator("dt").count())
    bar, parts = details.locator(".way-bar").bounding_box(), details.locator(".way-bar span").all()
    widths = [part.bounding_box()["width"] for part in parts]  # type: ignore[index]
    assert bar and bar["width"] * 0.9 < sum(widths) <= bar["width"] + len(parts)
    expect(details).not_to_contain_text("decided at")
    expect(details.get_by_text("Based on")).to_have_count(1)
    expect(details.locator(".evidence")).to_have_text(
        "0:25 “I want to close my account and move everything to another bank.”"
    )
    expect(details).to_contain_text("retention-calls@7")


def test_its_health_is_shown_quietly(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    call.health(Health(HealthState.OFF, "recogniser", "recogniser-unavailable"))
    expect(page.locator("[data-status=off]")).to_contain_text("recogniser-unavailable")
    call.health(Health(HealthState.OK, "recogniser"))
    expect(page.locator("[data-status=live]")).to_be_visible()


def test_a_contact_of_another_agent_is_not_shown(page: Page, server: PanelServer, call: SampleCall) -> None:
    foreign = SampleCall(server, "someone-elses", agent="otto")
    foreign.begin()
    play_cancellation(foreign)
    page.goto(f"{server.url}/?contact=someone-elses")
    expect(page.locator("[data-status=off]")).to_be_visible()
    expect(page.locator(".utterance")).to_have_count(0)


def test_a_call_that_goes_to_another_agent_ends_here_and_comes_back_whole(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    opened(page, server, call)
    play_cancellation(call)
    expect(page.locator(".card h3")).to_have_text(OFFER)
    call.transfer("otto")
    expect(page.locator("[data-status=ended]")).to_be_visible()
    expect(page.locator(".after")).to_be_visible()
    expect(page.locator(".summary")).to_have_count(0)
    call.say("customer", "This is for Otto alone.", start_ms=40_000)
    call.transfer("maria")
    expect(page.locator("[data-status=live]")).to_be_visible()
    expect(page.locator(".utterance").last).to_contain_text("This is for Otto alone.")


def test_reading_back_is_not_disturbed_by_what_is_said(page: Page, server: PanelServer, call: SampleCall) -> None:
    opened(page, server, call)
    for second in range(60):
        call.say("customer", f"Sentence number {second} of a long story.", start_ms=second * 3_000)
    expect(page.locator(".utterance")).to_have_count(60)
    scroller = page.locator(".scroller")
    scroller.evaluate("(box) => { box.scrollTop = 200 }")
    expect(page.get_by_role("button", name="Back to live")).to_be_visible()
    call.say("customer", "And one more.", start_ms=200_000)
    expect(page.locator(".utterance")).to_have_count(61)
    assert scroller.evaluate("(box) => box.scrollTop") == 200
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="Back to live")).to_have_count(0)


def test_the_screen_reader_reads_the_card_and_never_the_transcript(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    opened(page, server, call)
    play_cancellation(call)
    live = page.locator("[aria-live=polite]")
    expect(live).to_contain_text(OFFER, timeout=15_000)
    assert "close my account" not in live.inner_text()
    assert page.locator(".transcript [aria-live], .transcript [role=log]").count() == 0


def test_it_speaks_german_where_the_browser_does(browser: Browser, server: PanelServer, call: SampleCall) -> None:
    call.begin()
    play_cancellation(call)
    with browser.new_context(locale="de-AT") as context:
        page = context.new_page()
        page.goto(server.url)
        expect(page.get_by_role("button", name="Erledigt")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "de")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 480, 1280])
def test_it_is_accessible_and_fits(
    browser: Browser, server: PanelServer, call: SampleCall, screenshots: Path | None, width: int, scheme: str
) -> None:
    call.begin()
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(server.url)
        expect(page.locator("[data-status=live]")).to_be_visible()
        play_cancellation(call)
        expect(page.locator(".card h3")).to_have_text(OFFER)
        expect(page.locator(".utterance")).to_have_count(8)
        if screenshots:
            page.screenshot(path=screenshots / f"panel-{width}-{scheme}.png")
        page.get_by_role("button", name="Details").click()
        page.keyboard.press("-")
        page.keyboard.press("?")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert violations(page) == []


def violations(page: Page) -> list[str]:
    """What axe finds wrong, by rule and place."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]
