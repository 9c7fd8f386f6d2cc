"""The manager's app in Chromium: a group of wishes becomes an intent, and questions become an article to write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sotto.learning.example import ExampleState
from sotto.learning.gaps.gap import Gap, GapGroup, GapKind, GroupState
from tests.web.judged_calls import with_forms
from tests.web.panel_server import TENANT, PanelServer
from tests.web.test_panel import violations
from tests.web.test_scorecards import at

pytestmark = pytest.mark.browser

WISHES = (
    "I am flying to Spain on Monday, can I use my card there",
    "we will be abroad for three weeks and I want you to know",
    "please put a note that I am travelling to Japan",
    "will my card be blocked when I pay in Turkey next week",
    "I would like to tell you about a trip before I leave",
    "could you mark my account, I am going abroad",
)
QUESTIONS = ("what does a payment in Turkey cost", "is there a fee for cash abroad", "fee for a card payment in pounds")


@pytest.fixture
def wishes(server: PanelServer) -> PanelServer:
    with_forms(server)
    now_ms = int(server.desk.clock.now_ms())
    for kind, texts, group in ((GapKind.INTENT, WISHES, "g1"), (GapKind.ARTICLE, QUESTIONS, "g2")):
        for place, text in enumerate(texts):
            server.desk.gaps.put(Gap(TENANT, f"k{place}", "u1", kind, text, now_ms + place, "always", group=group))
    travel = GapGroup(TENANT, "g1", GapKind.INTENT, ("going abroad", "trip"), 6, 6, "AAEC", now_ms, "card_lost", 0.41)
    server.desk.gaps.save_group(travel)
    server.desk.gaps.save_group(replace(travel, id="g3", phrases=("apple pay",), members=5, calls=5))
    fees = replace(travel, id="g2", kind=GapKind.ARTICLE, phrases=("fee abroad",), nearest="card_fees", calls=3)
    server.desk.gaps.save_group(fees)
    return server


def test_a_group_of_wishes_becomes_an_intent_with_the_examples_that_are_ticked(
    page: Page, wishes: PanelServer, screenshots: Path | None
) -> None:
    at(page, wishes, "gaps", role="quality")
    rows = page.locator("[data-gaps=loaded] tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("going abroad, trip")
    assert violations(page) == []
    taken(page, screenshots, "gaps")
    page.get_by_role("link", name="going abroad, trip").click()
    expect(page.locator("[data-gap=OPEN]")).to_contain_text("flying to Spain")
    expect(page.get_by_label("A new intent called")).to_have_value("going_abroad")
    assert violations(page) == []
    taken(page, screenshots, "gap")
    page.get_by_role("checkbox", name=f"Choose {WISHES[3]}").click()
    page.get_by_label("A new intent called").fill("Travel!")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("beginning with a letter")).to_be_visible()
    page.get_by_label("A new intent called").fill("travel_notice")
    page.keyboard.press("Enter")
    expect(page.locator("[data-gap=ACCEPTED]")).to_contain_text("Accepted: travel_notice")
    made = {each.contact_id for each in wishes.desk.examples.all.values()}
    assert made == {"k0", "k1", "k2", "k4", "k5"}
    assert {each.state for each in wishes.desk.examples.all.values()} == {ExampleState.ACCEPTED}


def test_questions_without_an_article_are_in_the_address_and_make_a_draft(page: Page, wishes: PanelServer) -> None:
    at(page, wishes, "gaps?kind=article", role="quality")
    page.get_by_role("link", name="fee abroad").click()
    page.get_by_label("An article to write, titled").fill("Fees abroad")
    page.keyboard.press("Enter")
    expect(page.locator(".gap-draft")).to_contain_text("# Fees abroad")
    page.get_by_role("button", name="Take it up again").click()
    expect(page.locator("[data-gap=OPEN]")).to_be_visible()
    page.get_by_role("button", name="Ignore").click()
    expect(page.locator("[data-gap=IGNORED]")).to_be_visible()
    group = wishes.desk.gaps.group(TENANT, GapKind.ARTICLE, "g2")
    assert group is not None and group.state is GroupState.IGNORED
    at(page, wishes, "gaps?kind=article", role="quality")
    expect(page.get_by_text("No questions wait")).to_be_visible()
    at(page, wishes, "gaps?kind=article&state=ignored", role="quality")
    expect(page.get_by_role("link", name="fee abroad")).to_be_visible()
    assert violations(page) == []


def taken(page: Page, screenshots: Path | None, name: str) -> None:
    if screenshots is None:
        return
    for width in (1280, 480):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(400)
        page.screenshot(path=screenshots / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
