"""The manager's app in Chromium: an author changes the playbook, replays it, publishes, and the next call has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sotto.call.annotation import Annotation, Checklist
from sotto.call.contact import ContactStatus
from sotto.graph.graph import Graph
from sotto.guidance.deliver import DeliverPorts, WaveDone, deliver_wave
from sotto.tenants.book import TenantBook
from sotto.tenants.compile import PolicyCache
from tests.unit.guidance.calls import says
from tests.unit.playbooks.past_calls import PLAYBOOK, a_call, book_of, buying, keep
from tests.web.panel_server import TENANT, PanelServer
from tests.web.test_panel import violations

pytestmark = pytest.mark.browser

DAY_MS = 86_400_000
NEW_WORDS = PLAYBOOK.replace("[broken, does not work]", "[two of them]")


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page


@pytest.fixture
def live(server: PanelServer, tmp_path: Path) -> Iterator[TenantBook]:
    desk = server.desk
    before = desk.books.current(TENANT)
    now_ms = int(desk.clock.now_ms())
    book = book_of(tmp_path / "live", name=TENANT)
    desk.shelf_of_playbooks.pushed(book, PLAYBOOK, at_ms=now_ms - DAY_MS)
    for number in range(3):
        contact = replace(
            a_call(shop=TENANT, number=number), contact_id=f"past-{number}",
            media_started_at_ms=now_ms - DAY_MS + number * 60_000, connected_at_ms=None, team="retention",
        )  # fmt: skip
        keep(desk, book, buying(), contact)
    yield book
    desk.books.publish(before)


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Text of the playbook").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")  # what replaces a selection would bring its look along, as a style of its own
    page.keyboard.insert_text(text)


class Shown:
    def __init__(self) -> None:
        self.names: list[str] = []

    def show(self, annotations: list[Annotation], checklist: Checklist | None) -> None:
        self.names += [each.name for each in annotations]


def said_on_the_next_call(server: PanelServer, text: str) -> list[str]:
    """As the runner delivers an utterance: what the agent is shown."""
    desk, shown = server.desk, Shown()
    contact = replace(a_call(shop=TENANT), contact_id="next", status=ContactStatus.CONNECTED, team="retention")
    desk.conversations.all_contacts.append(contact)
    policies = PolicyCache()
    compiled = policies.compiled(desk.books.current(TENANT), contact, at_ms=desk.clock.now_ms())
    utterance = replace(says(text, 6, seq=1).utterance, tenant=TENANT, contact_id="next")
    ports = DeliverPorts(desk.conversations, desk.books, policies, desk.conversations, shown, desk.clock)
    deliver_wave(WaveDone(TENANT, "next", Graph(utterance, ()), compiled), ports)
    return shown.names


def test_an_author_changes_replays_and_publishes_and_the_next_call_has_it(
    page: Page, server: PanelServer, live: TenantBook
) -> None:
    page.goto(f"{server.manager_url}?role=author#/playbook")
    expect(page.get_by_text("Nobody is writing a draft")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="New draft").click()
    page.get_by_role("textbox", name="Name of the draft").fill("Two of them")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("[data-draft='1']")).to_be_visible()
    # A mistake is named with its line, and leads to it; nothing is published meanwhile.
    write(page, PLAYBOOK.replace("intent: buy", "intent: bye"))
    page.keyboard.press("Control+s")
    expect(page.locator("[data-mistakes='1']")).to_contain_text("did you mean 'buy'?")
    expect(page.get_by_role("button", name="Publish…")).to_be_disabled()
    assert violations(page) == []
    page.get_by_role("button", name="Line 8").click()
    write(page, NEW_WORDS)
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator("[data-draft='3'][data-sound=true]")).to_be_visible()
    page.get_by_role("tab", name="Decision trees").click()
    expect(page.locator("[data-tree='moment/wants_to_buy'] [data-kind=detected]")).to_contain_text("intent")
    page.get_by_role("tab", name="Changes").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("moment complains")
    expect(page.locator("ins")).to_contain_text("two of them")
    assert violations(page) == []
    page.get_by_role("tab", name="Replay").click()
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.locator("[data-replay=done]")).to_contain_text("3 of 3")
    row = page.get_by_role("table", name="What fires").get_by_role("row", name="Complains")
    expect(row).to_contain_text("+3")
    row.get_by_role("link").click()
    expect(page.locator("[data-fired='6']")).to_contain_text("Gained")
    assert "rule=moment%2Fcomplains" in page.url
    assert violations(page) == []
    page.get_by_role("link", name="To the draft").click()
    page.get_by_role("button", name="Publish…").click()
    page.get_by_role("textbox", name="Why").fill("Asked for by sales")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("[data-version=live]")).to_contain_text("Asked for by sales")
    assert violations(page) == []
    assert said_on_the_next_call(server, "I want two of them") == ["complains"]
    # And back.
    page.goto(f"{server.manager_url}?role=author#/playbook/versions")
    page.get_by_role("table", name="History").get_by_role("link").nth(1).click()
    page.get_by_role("button", name="Make this version live again").click()
    expect(page.locator("[data-version=live]")).to_contain_text("Back to the version of")
    assert server.desk.books.current(TENANT).playbook == live.playbook


def test_whoever_reads_the_book_reads_and_writes_nothing(page: Page, server: PanelServer, live: TenantBook) -> None:
    page.goto(f"{server.manager_url}?role=supervisor#/playbook")
    expect(page.get_by_text("Authors and administrators begin them")).to_be_visible()
    expect(page.get_by_role("button", name="New draft")).to_have_count(0)
    page.goto(f"{server.manager_url}?role=supervisor#/playbook/drafts/draft-0")
    expect(page.get_by_role("heading", name="There is no such draft")).to_be_visible()
