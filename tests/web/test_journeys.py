"""In Chromium, from end to end: a supervisor meets an alert, ends at the seconds of audio behind it, and shares them with
the agent, whose panel shows them between two calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sotto.alerts.alert import NoticedMoment
from sotto.alerts.evaluate import RaisePorts, apply_moment
from sotto.alerts.rule import Kind, Rule
from sotto.contacts.directory import DirectoryAgent
from sotto.core.audit import AuditAction
from tests.web.panel_server import SUPERVISOR, TENANT, PanelServer
from tests.web.sample_call import SampleCall, play_cancellation
from tests.web.test_panel import violations
from tests.web.test_recording import record

pytestmark = pytest.mark.browser
SUE = DirectoryAgent("0000000b-2222-3333-4444-555555555555", SUPERVISOR, "Sue", "Hill")
RISK = Rule(TENANT, "rule-0002", "Customer may leave", Kind.MOMENT, "sue", 1, severity="high")
LEAVES = "customer-25500"
COMMENT = "You stayed calm here. Offer the waiver before you look anything up."


@pytest.fixture
def supervising(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page


@pytest.fixture
def ended(server: PanelServer, call: SampleCall) -> SampleCall:
    """A call that is over, recorded and redacted, of which an alert was raised while it went on."""
    server.desk.directory.put_agents(TENANT, "one", [SUE])
    call.begin()
    play_cancellation(call)
    desk = server.desk
    desk.alert_rules.save(RISK)
    (noticed,) = [each for each in server.conversations.all_annotations if each.name == "cancel_risk"]
    moment = NoticedMoment(
        call.contact.contact_id, noticed.id, noticed.name, "high", noticed.at_ms, noticed.seq, "retention",
        utterance_id=LEAVES,
    )  # fmt: skip
    assert apply_moment(
        RISK, moment, int(desk.clock.now_ms()), RaisePorts(desk.alert_rules, desk.alerts, desk.audit, desk.clock)
    )
    call.end()
    record(server, call, seconds=48)
    return call


def test_from_an_alert_to_the_seconds_behind_it_and_on_to_the_agent_who_acknowledges(
    page: Page, supervising: Page, server: PanelServer, ended: SampleCall, screenshots: Path | None
) -> None:
    def pictured(of: Page, name: str) -> None:
        if screenshots:
            of.screenshot(path=screenshots / f"{name}.png")

    page.goto(server.url)
    expect(page.locator("[data-status=waiting]")).to_be_visible()
    expect(page.get_by_role("heading", name="From your coach")).to_have_count(0)

    supervising.goto(server.manager_url)
    supervising.locator("[data-waiting-alerts='1']").get_by_role("link", name="Customer may leave").click()
    expect(supervising.locator("[data-moments=loaded]")).to_be_visible()
    pictured(supervising, "journey-alert")
    supervising.get_by_role("link", name="cancel risk").click()
    line = supervising.locator(f"[data-utterance={LEAVES}]")
    expect(line).to_be_focused()
    assert supervising.url.endswith(f"?at={LEAVES}")
    supervising.get_by_role("button", name="Play", exact=True).click()
    expect(supervising.locator("[data-player=playing]")).to_be_visible()
    expect(supervising.locator(".line.under-way")).to_have_attribute("data-utterance", LEAVES)
    supervising.get_by_role("button", name="Pause").click()
    expect(supervising.locator("[data-player=paused]")).to_be_visible()
    slider = supervising.get_by_role("slider", name="Place in the recording")
    assert 25_000 <= int(slider.input_value()) < 40_000

    form = supervising.locator("[data-share-form]")
    expect(form).to_contain_text("About: May leave")
    expect(form.locator("[data-chosen='1']")).to_contain_text("I want to close my account")
    form.get_by_role("button", name="Add the line before").click()
    expect(form.locator("[data-chosen='2']")).to_contain_text("Thank you, I can see your account now.")
    form.get_by_role("textbox", name="Comment").fill(COMMENT)
    pictured(supervising, "journey-share")
    assert violations(supervising) == []
    form.get_by_role("button", name="Share", exact=True).click()
    expect(supervising.locator("[data-share=waiting]")).to_contain_text(COMMENT)

    card = page.locator("[data-shared=waiting]")
    expect(card).to_contain_text(COMMENT)
    expect(card).to_contain_text("Sue Hill")
    expect(card).to_contain_text("I want to close my account")
    assert violations(page) == []
    pictured(page, "journey-agent")
    card.get_by_role("button", name="Listen").click()
    expect(page.locator("[data-listen=playing]")).to_be_visible()
    card.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-listen=idle]")).to_be_visible()
    card.get_by_role("textbox", name="Answer").fill("I will.")
    card.get_by_role("button", name="Got it").click()
    expect(page.locator("[data-shared=acknowledged]")).to_contain_text("You answered: I will.")

    supervising.goto(f"{server.manager_url}#/shared")
    listed = supervising.get_by_role("table", name="Shared moments")
    expect(listed).to_contain_text("I will.")
    expect(listed).to_contain_text("Acknowledged")
    assert violations(supervising) == []
    supervising.get_by_role("button", name="Not acknowledged").click()
    expect(supervising.get_by_text("Everything is acknowledged")).to_be_visible()
    done = [(each.who, each.action) for each in server.desk.audit.all]
    assert ("sue", AuditAction.MOMENT_SHARED) in done and ("maria", AuditAction.SHARE_ACKNOWLEDGED) in done
    supervising.wait_for_load_state("networkidle")


def test_in_german_dark_and_narrow_what_is_shared_fits_and_is_pressed_by_keys(
    page: Page, supervising: Page, server: PanelServer, ended: SampleCall, screenshots: Path | None
) -> None:
    for each in (page, supervising):
        each.set_viewport_size({"width": 480, "height": 900})
        each.emulate_media(color_scheme="dark")
        each.goto(server.manager_url if each is supervising else server.url)
        each.evaluate("localStorage.setItem('sotto.language', 'de')")
        each.reload()
    # The app keeps its place in the hash alone.
    supervising.goto(f"{server.manager_url}#/conversations/{ended.contact.contact_id}?at={LEAVES}")
    form = supervising.locator("[data-share-form]")
    field = form.get_by_role("textbox", name="Kommentar")
    field.fill("Gut gemacht.")
    assert violations(supervising) == []
    assert supervising.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    form.get_by_role("button", name="Teilen", exact=True).press("Enter")
    expect(supervising.locator("[data-share=waiting]")).to_contain_text("Gut gemacht.")
    supervising.goto(f"{server.manager_url}#/shared")
    expect(supervising.get_by_role("table", name="Geteilte Momente")).to_contain_text("Gut gemacht.")
    assert supervising.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    card = page.locator("[data-shared=waiting]")
    expect(card).to_contain_text("Gut gemacht.")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if screenshots:
        page.screenshot(path=screenshots / "shared-480-dark-de.png")
        supervising.screenshot(path=screenshots / "shared-list-480-dark-de.png")
    card.get_by_role("button", name="Gesehen").press("Enter")
    expect(page.locator("[data-shared=acknowledged]")).to_contain_text("Sie haben es bestätigt.")
    supervising.wait_for_load_state("networkidle")
