"""The manager's app in Chromium: what workflows wait for is found, understood and decided, by keyboard too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from sotto.call.contact import Contact
from sotto.call.events import WorkflowStarted
from sotto.core.audit import AuditAction
from sotto.workflows.advance import event_of
from sotto.workflows.reading import shipped
from sotto.workflows.run import RunState, StepRecord, StepState, WorkflowRun
from tests.web.panel_server import TENANT, PanelServer
from tests.web.test_panel import violations

pytestmark = pytest.mark.browser
SAID = "I have called three times and I want to make a complaint about the fee."


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page


@pytest.fixture
def app(server: PanelServer) -> PanelServer:
    server.teams = ["retention", "service"]
    return server


def waiting(app: PanelServer) -> WorkflowRun:
    now_ms = int(app.desk.clock.now_ms())
    contact = Contact(TENANT, "c-complains", "arn:i", "arn:s", now_ms, agent="emma", team="service")
    app.desk.conversations.all_contacts.append(contact)
    spoken = {"count": 1, "items": [{"text": SAID, "rests_on": ["u1"]}]}
    brief = {"agent": "complaint-reader", "text": SAID, "origin": "quoted", "rests_on": ["u1"]}
    shown = {"shown": {"brief.text": SAID, "spoken.items": spoken["items"]}}
    steps = (
        StepRecord("spoken", "spoken", "use", StepState.DONE, now_ms, result=spoken),
        StepRecord("brief", "brief", "ask", StepState.DONE, now_ms, result=brief),
        StepRecord("taken", "taken", "human", StepState.OPEN, now_ms, now_ms + 172_800_000, shown, opened_at_ms=now_ms),
    )
    run = WorkflowRun(
        TENANT, contact.contact_id, f"wf_{now_ms:013d}_00000000000000aa", shipped()["complaint_hand_off"],
        "summary.ready", now_ms, now_ms, RunState.WAITING, steps, agent="emma", team="service",
    )  # fmt: skip
    app.desk.workflows.create(run, event_of(WorkflowStarted, run))
    return run


def test_a_hand_off_is_found_understood_and_decided_with_a_reason(page: Page, app: PanelServer) -> None:
    page.goto(f"{app.manager_url}#/workflows")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    assert violations(page) == []
    run = waiting(app)
    page.reload()
    page.get_by_role("link", name="Complaints get a person").click()
    expect(page.get_by_role("heading", name="who takes it on")).to_be_visible()
    expect(page.locator("[data-workflow=WAITING]")).to_contain_text("Quoted from the conversation")
    assert violations(page) == []
    page.get_by_role("textbox", name="Reason").fill("I know the case.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-workflow=RUNNING]")).to_contain_text("I take it on: I know the case.")
    decided = app.desk.workflows.run(TENANT, run.contact_id, run.id)
    assert decided is not None and decided.records["taken"].by == "sue"
    assert AuditAction.WORKFLOW_DECIDED in {each.action for each in app.desk.audit.all}
    page.get_by_role("button", name="Cancel the workflow").click()
    expect(page.locator("[data-workflow=CANCELLED]")).to_be_visible()
    page.get_by_role("link", name="Follow-ups", exact=True).first.click()
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.get_by_role("table", name="Follow-ups")).to_contain_text("Cancelled")
    assert violations(page) == [] and "show=all" in page.url
    page.wait_for_load_state("networkidle")


def test_in_german_and_dark_on_a_narrow_screen_nothing_is_wider_than_it(page: Page, app: PanelServer) -> None:
    run = waiting(app)
    page.set_viewport_size({"width": 480, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.goto(app.manager_url)
    page.evaluate("localStorage.setItem('sotto.language', 'de')")
    for address, shown in (
        ("#/workflows", "[data-workflows=loaded]"),
        (f"#/workflows/{run.id}", "[data-workflow=WAITING]"),
    ):
        page.goto(f"{app.manager_url}{address}")
        page.reload()
        expect(page.locator(shown)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        assert violations(page) == [], address
    expect(page.get_by_role("heading", name="wer übernimmt")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_what_was_decided_meanwhile_is_said_and_shown(page: Page, app: PanelServer) -> None:
    run = waiting(app)
    page.goto(f"{app.manager_url}#/workflows/{run.id}")
    expect(page.get_by_role("button", name="I take it on")).to_be_visible()
    known = app.desk.workflows.run(TENANT, run.contact_id, run.id)
    assert known is not None
    done = replace(known.records["taken"], state=StepState.DONE, by="tom", result={"choice": "no_complaint"})
    app.desk.workflows.replace(known.with_step(done, RunState.DONE, known.changed_at_ms))
    page.get_by_role("button", name="I take it on").click()
    expect(page.get_by_text("it was decided, or its time is over")).to_be_visible()
    expect(page.locator("[data-workflow=DONE]")).to_contain_text("tom")
    page.wait_for_load_state("networkidle")
