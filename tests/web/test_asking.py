"""The built panel in Chromium: questions about the call, whole articles, and the summary after it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from sotto.call.summary import SummaryLine, SummaryPart
from sotto.knowledge.answers import KnowledgeAnswer
from tests.web.panel_server import PanelServer
from tests.web.sample_call import FEES, SampleCall, play_cancellation
from tests.web.test_panel import opened, violations

pytestmark = pytest.mark.browser

QUESTION = "what about the monthly fees"
WAIVED = KnowledgeAnswer(
    "The fee of 12 dollars is waived in any month with a minimum balance of 1,500 dollars\n"
    "or at least one direct deposit of 500 dollars or more.",
    FEES.id,
    FEES.title,
    FEES.text.index("The fee of"),
    FEES.text.index(" Students"),
    0.8,
)
WRITTEN = (
    SummaryLine(
        SummaryPart.OVERVIEW, "The customer wants to close the account over the monthly fees.", ("customer-6000",)
    ),
    SummaryLine(SummaryPart.OVERVIEW, "The fee has been taken three times this year.", ("customer-9800",)),
    SummaryLine(SummaryPart.OPEN, "Sum up what was agreed"),
)


def asked(page: Page, question: str = QUESTION) -> Page:
    page.keyboard.press("/")
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(page.locator(".found[data-answered=true]")).to_have_count(2)
    return page


def played(page: Page, server: PanelServer, call: SampleCall) -> Page:
    opened(page, server, call)
    call.knows(WAIVED)
    call.publishes(FEES)
    play_cancellation(call)
    expect(page.locator(".utterance")).to_have_count(8)
    return page


def test_one_question_asks_the_call_and_the_knowledge_base(page: Page, server: PanelServer, call: SampleCall) -> None:
    asked(played(page, server, call))
    expect(page.locator("[data-from=call]")).to_contain_text("What was said on it:")
    expect(page.locator("[data-from=call] .quotes li")).to_have_count(1)
    expect(page.locator("[data-from=call] .quotes li")).to_contain_text("I've had enough of the monthly fees")
    expect(page.locator("[data-from=knowledge]")).to_contain_text("minimum balance of 1,500 dollars")
    page.keyboard.press("Escape")
    expect(page.locator(".found")).to_have_count(0)


def test_answers_take_room_and_the_transcript_stays_live(page: Page, server: PanelServer, call: SampleCall) -> None:
    asked(played(page, server, call))
    call.say("customer", "And one more thing.", start_ms=50_000)
    expect(page.locator("[data-utterance=customer-50000]")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Back to live")).to_have_count(0)


def test_a_second_question_takes_the_firsts_place(page: Page, server: PanelServer, call: SampleCall) -> None:
    asked(played(page, server, call), "mortgage")
    page.locator(".card").click()
    page.get_by_role("searchbox").evaluate("(field) => field.blur()")
    asked(page, "monthly fees")
    expect(page.get_by_role("searchbox")).to_have_value("monthly fees")


def test_the_calls_answers_stand_first_whichever_come_first(page: Page, server: PanelServer, call: SampleCall) -> None:
    played(page, server, call)
    held: list[Route] = []
    page.route(
        "**/graphql",
        lambda route: held.append(route) if "AskAboutCall" in (route.request.post_data or "") else route.continue_(),
    )
    page.keyboard.press("/")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("[data-from=knowledge]")).to_contain_text("minimum balance")
    expect(page.locator(".found h2")).to_have_text(["From this call", "From the knowledge base"])
    expect(page.locator("[data-from=call]")).to_contain_text("Searching")
    held[0].continue_()
    expect(page.locator("[data-from=call]")).to_contain_text("enough of the monthly fees")
    expect(page.locator(".found h2")).to_have_text(["From this call", "From the knowledge base"])


def test_what_only_the_call_can_know_is_not_looked_for_in_articles(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    asked(played(page, server, call), "did the customer stay?")
    expect(page.locator("[data-from=knowledge]")).to_contain_text("No article answers this.")
    assert server.knowledge.questions == []


def test_each_sentence_of_an_answer_says_which_article_it_stands_in(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    played(page, server, call)
    call.knows(
        KnowledgeAnswer("The fee is waived for students.", "fees", "Fees", 0, 31, 0.8),
        KnowledgeAnswer(
            "Wire transfers arrive the next day.", "wires", "Wire transfers", 0, 35, 0.75, "wires.pdf", "2026-03-31"
        ),
    )
    asked(page, "is the fee waived and when do wire transfers arrive?")
    answer = page.locator("[data-from=knowledge]")
    expect(answer.locator(".assist sup")).to_have_text(["[1]", "[2]"])
    expect(answer.locator(".answers li")).to_have_count(2)
    expect(answer.locator(".origin")).to_have_text(["wires.pdf · 2026-03-31"])
    expect(answer).to_contain_text("Quoted from the articles below.")


def test_it_says_when_no_article_answers(page: Page, server: PanelServer, call: SampleCall) -> None:
    played(page, server, call)
    call.knows()
    asked(page, "do you sell penguins?")
    expect(page.locator("[data-from=knowledge]")).to_contain_text("No article answers this.")
    expect(page.locator("[data-from=knowledge] .answers")).to_have_count(0)


def test_it_says_when_the_call_holds_no_answer(page: Page, server: PanelServer, call: SampleCall) -> None:
    asked(played(page, server, call), "mortgage")
    expect(page.locator("[data-from=call]")).to_contain_text("Nothing about that was said on this call.")
    expect(page.locator("[data-from=call] .quotes li")).to_have_count(0)


def test_a_quote_leads_to_its_line_with_the_keyboard_alone(page: Page, server: PanelServer, call: SampleCall) -> None:
    played(page, server, call)
    for second in range(100):
        call.say("agent", f"Sentence number {second}.", start_ms=40_000 + second * 3_000)
    expect(page.locator(".utterance")).to_have_count(80)  # the line that is asked for is not among them
    asked(page)
    page.get_by_role("button", name="I've had enough of the monthly fees").focus()
    page.keyboard.press("Enter")
    line = page.locator("[data-utterance=customer-6000]")
    expect(line).to_be_in_viewport()
    expect(line).to_be_focused()
    call.say("customer", "And one more.", start_ms=400_000)
    expect(page.locator("[data-utterance=customer-400000]")).to_have_count(1)
    expect(line).to_be_in_viewport()
    page.keyboard.press("l")
    expect(page.locator("[data-utterance=customer-400000]")).to_be_in_viewport()


def test_what_is_private_in_a_question_is_neither_asked_nor_kept(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    asked(played(page, server, call), "was 4111 1111 1111 1111 charged")
    expect(page.locator("[data-from=call]")).to_contain_text(
        "Asked without what is private: “was [card number] charged”"
    )
    kept = [each.question for each in server.desk.questions.asked]
    assert [*kept, *server.knowledge.questions] == ["was [card number] charged"] * 3


def test_answers_are_still_there_after_a_reload_and_gone_once_cleared(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    asked(played(page, server, call), "was the fee charged to 4111 1111 1111 1111")
    before = page.locator(".found").all_inner_texts()
    page.reload()
    expect(page.locator(".found")).to_have_count(2)
    assert [text.split("\n")[0] for text in page.locator(".found").all_inner_texts()] == [
        text.split("\n")[0] for text in before
    ]
    expect(page.locator("[data-from=knowledge]")).to_contain_text("minimum balance")
    expect(page.get_by_role("searchbox")).to_have_value("was the fee charged to [card number]")
    assert len(server.knowledge.questions) == 1
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".found")).to_have_count(0)
    page.reload()
    expect(page.locator(".utterance")).to_have_count(7)
    expect(page.locator(".found")).to_have_count(0)


def test_a_question_that_does_not_get_through_says_so(page: Page, server: PanelServer, call: SampleCall) -> None:
    played(page, server, call)
    page.route(
        "**/graphql",
        lambda route: route.abort() if "AskAboutCall" in (route.request.post_data or "") else route.continue_(),
    )
    asked(page)
    expect(page.locator("[data-from=call]")).to_contain_text("did not get through")
    expect(page.locator("[data-from=knowledge]")).to_contain_text("minimum balance")


def test_an_answer_opens_its_article_at_the_passage_and_closes_to_where_it_was(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    asked(played(page, server, call))
    source = page.get_by_role("button", name="From “Monthly account fee”").last
    source.focus()
    page.keyboard.press("Enter")
    article = page.locator(".article")
    expect(article.locator("h2")).to_have_text("Monthly account fee")
    expect(article.locator("mark")).to_be_in_viewport()
    assert " ".join(article.locator("mark").inner_text().split()) == " ".join(WAIVED.text.split())
    expect(article).to_contain_text("<b>Never</b> promise a waiver")
    expect(page.locator(".scroller")).to_be_hidden()
    expect(page.locator(".card h3")).to_be_visible()
    page.keyboard.press("Escape")
    expect(article).to_have_count(0)
    expect(page.locator(".scroller")).to_be_visible()
    expect(source).to_be_focused()


def test_a_cards_source_leads_into_the_article_and_one_that_changed_says_so(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    played(page, server, call)
    page.get_by_text("When the monthly fee is waived").click()
    source = page.locator(".card").get_by_role("button", name="From “Monthly account fee”")
    source.click()
    whole = page.get_by_role("button", name="Read the whole article")
    whole.click()
    expect(page.locator(".article mark")).to_contain_text("minimum balance of 1,500 dollars")
    page.get_by_role("button", name="Back to the transcript").click()
    server.desk.books.publish_articles(call.contact.tenant)
    whole.click()
    expect(page.locator(".article")).to_contain_text("not published any more")
    expect(page.locator(".article blockquote")).to_contain_text("minimum balance of 1,500 dollars")


def test_after_the_call_a_summary_comes_says_who_made_it_and_leads_to_the_words(
    page: Page, server: PanelServer, call: SampleCall
) -> None:
    played(page, server, call)
    with page.expect_response(lambda answer: "acknowledge(" in (answer.request.post_data or "")):
        page.keyboard.press("c")  # the offer counts as followed
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    call.end()
    expect(page.locator(".summary")).to_contain_text("appears here in a moment")
    call.sum_up()
    summary = page.locator(".summary")
    expect(summary).to_contain_text("No model wrote it.")
    expect(summary.locator(".reason")).to_contain_text("I've had enough of the monthly fees")
    expect(summary.locator(".moment")).to_contain_text("May leave")
    expect(summary.locator(".done")).to_contain_text("Offer to waive the fee for a year")
    expect(summary.locator(".open")).to_contain_text("Sum up what was agreed")
    summary.locator(".moment").get_by_role("button").click()
    expect(page.locator("[data-utterance=customer-25500]")).to_be_focused()
    call.sum_up(*WRITTEN)
    expect(summary).to_contain_text("Written by a model (house-writer-8b)")
    expect(summary.locator(".overview li")).to_have_count(2)
    page.get_by_role("button", name="Copy the summary").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "Summary (written by a model)\n"
        "- The customer wants to close the account over the monthly fees.\n"
        "- The fee has been taken three times this year.\n"
        "Left open:\n"
        "- Sum up what was agreed"
    )
    page.reload()


def test_one_that_opens_after_the_call_finds_its_summary(page: Page, server: PanelServer, call: SampleCall) -> None:
    call.begin()
    play_cancellation(call)
    call.end()
    call.sum_up()
    page.goto(f"{server.url}/?contact={call.contact.contact_id}")
    expect(page.locator(".summary")).to_contain_text("No model wrote it.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 480, 1280])
def test_questions_articles_and_summaries_are_accessible_and_fit(
    browser: Browser, server: PanelServer, call: SampleCall, screenshots: Path | None, width: int, scheme: str
) -> None:
    def looks(name: str) -> None:
        if screenshots:
            page.screenshot(path=screenshots / f"{name}-{width}-{scheme}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert violations(page) == []

    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        asked(played(page, server, call))
        looks("panel-asked")
        page.get_by_role("button", name="From “Monthly account fee”").last.click()
        expect(page.locator(".article mark")).to_be_in_viewport()
        looks("panel-article")
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        page.keyboard.press("Escape")
        call.end()
        call.sum_up(*WRITTEN)
        expect(page.locator(".summary .overview")).to_be_visible()
        looks("panel-summary")


def test_it_asks_and_sums_up_in_german(browser: Browser, server: PanelServer, call: SampleCall) -> None:
    with browser.new_context(locale="de-DE", viewport={"width": 420, "height": 900}) as context:
        page = context.new_page()
        asked(played(page, server, call))
        expect(page.locator("[data-from=call]")).to_contain_text("Dazu wurde gesagt:")
        call.end()
        call.sum_up()
        expect(page.locator(".summary")).to_contain_text("Kein Modell hat sie geschrieben.")
