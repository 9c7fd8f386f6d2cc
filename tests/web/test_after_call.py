"""Browser: after the call the agent sees how far its work is, says how the call ended, and corrects the summary."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sotto.call.after_call_work import Disposition, RankedCode, StepOutcome
from sotto.call.filing import FiledCall, FilingState, PersonOption
from sotto.call.summary import Origin
from sotto.filing.outbox import FilingRow
from sotto.tenants.dispositions import DispositionCode, Dispositions
from tests.web.panel_server import TENANT, PanelServer
from tests.web.sample_call import SampleCall, play_cancellation

pytestmark = pytest.mark.browser
CODES = {
    "customer_saved": "Customer stays",
    "account_closed": "Account closed",
    "passed_on": "Passed on to another team",
}


@pytest.fixture
def ended(page: Page, server: PanelServer, call: SampleCall) -> SampleCall:
    """A call whose work after it is done, as the panel shows it."""
    codes = tuple(DispositionCode(code=code, title=title) for code, title in CODES.items())
    book = server.desk.books.current(TENANT)
    server.desk.books.publish(book.model_copy(update={"dispositions": Dispositions(codes=codes)}).sealed())
    call.begin()
    page.goto(server.url)
    play_cancellation(call)
    said = call.say("customer", "All right, I will stay with you then.", start_ms=40_000)
    call.say("agent", "I will send you the confirmation within two days.", start_ms=44_000)
    call.end()
    call.sum_up()
    call.works({"summarise_call": StepOutcome.DONE, "suggest_disposition": StepOutcome.PENDING})
    first, *others = CODES.items()
    ranked = (RankedCode(*first, 0.86, (said.id,)), *(RankedCode(*each, 0.0) for each in others))
    call.works(
        {"summarise_call": StepOutcome.DONE, "suggest_disposition": StepOutcome.DONE},
        Disposition(ranked, "customer_saved", "v1"),
    )
    return call


def test_one_key_accepts_the_suggested_ending_and_it_is_stored_for_connect(
    page: Page, server: PanelServer, ended: SampleCall
) -> None:
    expect(page.locator(".work-progress")).to_contain_text("Summary ready")
    expect(page.locator(".work-progress")).to_contain_text("Disposition suggested")
    ending = page.locator(".disposition")
    expect(ending.get_by_role("button", name="Customer stays")).to_be_visible()
    expect(ending).to_contain_text("86%")
    page.locator("h3").first.click()
    page.keyboard.press("a")
    expect(ending.locator(".chosen")).to_contain_text("Customer stays")
    work = server.desk.after_call.work(*ended.key)
    assert work is not None and work.disposition is not None and work.disposition.choice is not None
    assert (work.disposition.choice.code, work.disposition.choice.agent) == ("customer_saved", "maria")


def test_another_ending_is_chosen_from_the_list(page: Page, server: PanelServer, ended: SampleCall) -> None:
    ending = page.locator(".disposition")
    ending.get_by_role("button", name="Choose how the call ended").click()
    page.get_by_role("option", name="Account closed").click()
    expect(ending.locator(".chosen")).to_contain_text("Account closed")


def test_the_summary_is_corrected_and_says_who_did_it(page: Page, server: PanelServer, ended: SampleCall) -> None:
    summary = page.locator(".summary")
    summary.get_by_role("button", name="Edit the summary").click()
    first = summary.get_by_role("textbox").first
    first.fill("Wanted to leave over the monthly fee.")
    summary.get_by_role("button", name="Save").click()
    expect(summary).to_contain_text("Edited by maria.")
    expect(summary.locator(".reason")).to_contain_text("Wanted to leave over the monthly fee.")
    expect(summary.locator(".reason").get_by_role("button")).to_be_visible()
    kept = server.desk.summaries.summary(*ended.key)
    assert kept is not None and (kept.origin, kept.version) == (Origin.EDITED, 2)
    assert [each.version for each in server.desk.summaries.versions(*ended.key)] == [1]


def test_of_several_people_one_is_chosen_by_the_keyboard(page: Page, server: PanelServer, ended: SampleCall) -> None:
    people = (
        PersonOption("003A", "A. L., Harbour Ltd", "https://crm.example/003A"),
        PersonOption("003B", "G. H.", "https://crm.example/003B"),
    )
    ended.files(
        FiledCall("crm", "Salesforce", FilingState.AMBIGUOUS, "https://crm.example/00T1", people, has_more=True)
    )
    server.desk.filings.replace(FilingRow(*ended.key, "crm", state=FilingState.AMBIGUOUS))
    filed = page.locator(".filed-calls")
    expect(filed).to_contain_text("Salesforce knows several people of this number.")
    expect(filed).to_contain_text("There are more people of this number")
    expect(filed.get_by_role("link", name="Open in Salesforce")).to_have_attribute("href", "https://crm.example/00T1")
    choice = filed.get_by_role("radiogroup", name="Whose call was it?")
    expect(choice.get_by_role("radio")).to_have_count(3)
    expect(filed.get_by_role("button", name="File the call")).to_be_disabled()
    choice.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(filed.get_by_role("status")).to_contain_text("Noted. The call is being filed.")
    row = server.desk.filings.row(*ended.key, "crm")
    assert row is not None and (row.person, row.chosen_by, row.state) == ("003B", "maria", FilingState.PENDING)
    ended.files(FiledCall("crm", "Salesforce", FilingState.FILED, "https://crm.example/00T1", person="003B"))
    expect(filed).to_contain_text("Filed in Salesforce.")
    expect(filed.get_by_role("radio")).to_have_count(0)
