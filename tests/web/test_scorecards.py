"""The manager's app in Chromium: what waits for a review, one scorecard, forms, and how raters agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sotto.api.caller import Caller
from sotto.api.panel.requests import serve
from sotto.api.roles import Role
from sotto.scorecards.evaluation import Kind
from tests.web.judged_calls import FORM, form, judge, keep_row, with_forms
from tests.web.panel_server import AGENT, TENANT, PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_panel import violations

pytestmark = pytest.mark.browser

ROWS = "[data-queue=loaded] tbody tr"
QUESTION = "disclose"


@pytest.fixture
def judged(server: PanelServer, call: SampleCall) -> SampleCall:
    """By the machine: the call's recording was not disclosed, which fails a section."""
    with_forms(server)
    call.begin()
    play_cancellation(call)
    call.end()
    judge(server, call, no=[QUESTION])
    return call


def at(page: Page, server: PanelServer, place: str, role: str = "supervisor", width: int = 1280) -> Page:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("about:blank")
    page.goto(f"{server.manager_url}?role={role}#/{place}")
    return page


def test_what_no_person_has_seen_waits_and_a_review_takes_it_from_there(
    page: Page, server: PanelServer, judged: SampleCall
) -> None:
    at(page, server, "scorecards")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_contain_text("Needs a review")
    assert violations(page) == []
    with page.expect_download() as saving:
        page.get_by_role("button", name="Export as CSV").click()
    lines = saving.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2 and judged.contact.contact_id in lines[1]
    page.locator(ROWS).get_by_role("link").click()
    before = server.desk.evaluations.versions(TENANT, judged.contact.contact_id, FORM)[0]
    expect(page.locator(f"[data-answer={QUESTION}]")).to_contain_text("by the playbook, 82% sure")
    assert violations(page) == []
    page.get_by_role("button", name="Review", exact=True).click()
    title = next(each.title for each in form().questions if each.ref == QUESTION)
    page.get_by_role("button", name=f"Answer: {title}").click()
    page.get_by_role("option").first.click()
    page.get_by_role("textbox", name=f"Remark: {title}").fill("It was said at the very beginning.")
    assert violations(page) == []
    page.get_by_role("button", name="Save the review").click()
    expect(page.locator("[data-scorecard=read]")).to_be_visible()
    expect(page.locator(f"[data-answer={QUESTION}]")).to_contain_text("by a person")
    stored = server.desk.evaluations.versions(TENANT, judged.contact.contact_id, FORM)[-1]
    assert (stored.kind, stored.by) == (Kind.REVIEW, "sue")
    changed = {ref for ref, answer in stored.by_question.items() if answer.value != before.by_question[ref].value}
    assert changed == {QUESTION}
    keep_row(server, judged)
    at(page, server, "scorecards")
    expect(page.locator("[data-queue=loaded]")).to_contain_text("Nothing waits for a review")
    page.get_by_role("button", name="Reviewed").click()
    expect(page.locator(ROWS)).to_have_count(1)
    assert page.url.endswith("?role=supervisor#/scorecards?tab=seen")


def test_an_appeal_waits_on_top_until_somebody_has_decided_it(
    page: Page, server: PanelServer, judged: SampleCall
) -> None:
    emma = Caller(TENANT, AGENT, Role.AGENT, frozenset())
    asked = {"contactId": judged.contact.contact_id, "form": FORM, "questions": [QUESTION], "reason": "I did say it."}
    serve("Mutation.appealScorecard", asked, emma, server.desk.ports())
    keep_row(server, judged)
    at(page, server, "scorecards?tab=appealed")
    page.locator(ROWS).get_by_role("link").click()
    expect(page.locator("[data-appeal=waiting]")).to_contain_text("I did say it.")
    expect(page.get_by_role("button", name="Review", exact=True)).to_have_count(0)
    page.locator(f"[data-answer={QUESTION}] blockquote").get_by_role("link").click()
    expect(page.locator("[data-utterance=customer-25500]")).to_be_focused()
    page.go_back()
    page.get_by_role("button", name="Decide the appeal").click()
    expect(page.get_by_role("textbox", name="Remark")).to_have_count(1)
    assert violations(page) == []
    page.get_by_role("button", name="Turn it down").click()
    expect(page.locator("[data-appeal=decided]")).to_be_visible()
    assert server.desk.evaluations.versions(TENANT, judged.contact.contact_id, FORM)[-1].kind is Kind.APPEAL


def test_what_the_rules_refuse_is_said_in_their_words(page: Page, server: PanelServer, judged: SampleCall) -> None:
    at(page, server, f"scorecards/{judged.contact.contact_id}/{FORM}")
    page.get_by_role("button", name="Calibrate").click()
    expect(page.locator("[data-answer]")).to_have_count(0)
    page.get_by_role("textbox", name="Remark").first.fill("unsure")
    title = next(each.title for each in form().questions if each.ref == QUESTION)
    page.get_by_role("button", name=f"Answer: {title}").click()
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Save the calibration").click()
    expect(page.get_by_role("alert")).to_contain_text("a calibration answers everything that is asked")


def test_a_form_is_shown_with_its_weights_its_fails_and_the_gate(
    page: Page, server: PanelServer, judged: SampleCall
) -> None:
    at(page, server, "forms")
    page.get_by_role("link", name=form().title).click()
    expect(page.locator("tbody tr")).to_have_count(len(form().questions))
    row = page.locator("tbody tr", has_text=next(each.title for each in form().questions if each.ref == QUESTION))
    expect(row).to_contain_text("fails opening")
    expect(row).to_contain_text("Not yet: 0 of 50 calls")
    assert violations(page) == []


def test_two_raters_stand_side_by_side_once_one_has_rated(page: Page, server: PanelServer, judged: SampleCall) -> None:
    judge(server, judged, by="tom", no=[QUESTION])
    at(page, server, f"calibration/{FORM}")
    expect(page.locator("[data-calibration=loaded]")).to_contain_text("You have not calibrated a call by this form yet")
    assert violations(page) == []
    judge(server, judged, by="sue")
    at(page, server, f"calibration/{FORM}?one=sue&other=tom")
    table = page.get_by_role("table", name="Side by side")
    expect(table.locator("tbody tr").first).to_contain_text(
        next(each.title for each in form().questions if each.ref == QUESTION)
    )
    expect(table.locator("tbody tr").first).to_contain_text("No")
    expect(page.get_by_role("heading", name="Side by side")).to_contain_text("1 of")
    assert violations(page) == []


def test_who_looked_into_a_call_is_shown_to_those_who_may_know(
    page: Page, server: PanelServer, judged: SampleCall
) -> None:
    at(page, server, f"scorecards/{judged.contact.contact_id}/{FORM}")
    expect(page.locator(f"[data-answer={QUESTION}]")).to_be_visible()
    page.get_by_role("link", name="Open the call").click()
    expect(page.locator("[data-conversation=ended]")).to_be_visible()
    expect(page.get_by_role("button", name="Audit trail")).to_have_count(0)
    at(page, server, f"conversations/{judged.contact.contact_id}", "auditor")
    page.get_by_role("button", name="Audit trail").click()
    expect(page.locator("[data-audit]")).to_contain_text("Looked into it")
    assert violations(page) == []


PLACES = {
    "queue": "scorecards?tab=all",
    "scorecard": f"scorecards/7c1f0a9e-call/{FORM}",
    "form": f"forms/{FORM}",
    "calibration": f"calibration/{FORM}",
}


def test_every_page_fits_a_narrow_window_in_german_and_dark(
    browser: Browser, server: PanelServer, judged: SampleCall, screenshots: Path | None
) -> None:
    for by, no in (("tom", [QUESTION]), ("sue", [])):
        judge(server, judged, by=by, no=no)
    with browser.new_context(locale="de-DE", color_scheme="dark") as context:
        page = context.new_page()
        for name, place in PLACES.items():
            at(page, server, place, width=480)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.locator("tbody tr, [data-answer]").first).to_be_visible()
            if screenshots is not None:
                page.screenshot(path=screenshots / f"{name}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
            assert violations(page) == [], name
