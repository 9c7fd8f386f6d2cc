"""The manager's app in Chromium: examples answered by keyboard, and a learned version taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sotto.learning.checks import DOUBTFUL
from sotto.learning.example import Example, ExampleState, Source
from sotto.learning.rollout.tally import Tally
from sotto.learning.run import Run, Stage
from sotto.models.versions import PublishedVersion, Shelf
from tests.fakes.routing import any_version
from tests.web.judged_calls import with_forms
from tests.web.panel_server import TENANT, PanelServer
from tests.web.test_panel import violations
from tests.web.test_scorecards import at

pytestmark = pytest.mark.browser

SAID = (
    ("k1", "I still have not got the refund you promised me last week", "", Source.SHADOW),
    ("k2", "can you tell me what I get back if I close it early", "close_account", Source.CORRECTION),
    ("k3", "someone took four hundred from my account and it was not me", "fraud_report", Source.CORRECTION),
)
FIGURES = {
    "examples": 214, "accuracy": 0.921, "calibration_error": 0.018, "none_share": 0.11, "classes": {},
    "slices": {"few words": [0.88, 61], "many words": [0.93, 72], "from corrections": [0.9, 140]},
}  # fmt: skip
GATES = (
    ("numbers", True, True, "every figure is a number"),
    ("accuracy", True, True, "right on 92.1% of the regression examples, the live version on 89.7%"),
    ("regressions", True, True, "wrong where the live version is right: 3; right where it is wrong: 8"),
    ("classes", True, True, "none of 9 classes of 10 examples loses more than 10%"),
    ("calibration", True, True, "its confidence is off by 0.018, the live version's by 0.024"),
    ("latency", False, False, "9.8 ms an utterance, the live version 4.1 ms"),
)
CARD = {
    "passed": True, "phrases": 168, "base": "minilm", "seconds": 41.0,
    "set": {"learned": 412, "regression": 214},
    "candidate": {"version": "6f2c9a", "figures": FIGURES, "size_bytes": 61_000, "latency_ms": 9.8},
    "live": {"version": "1b77d0", "figures": FIGURES | {"accuracy": 0.897}, "size_bytes": 58_000, "latency_ms": 4.1},
    "gates": [dict(zip(("name", "passed", "decides", "says"), gate, strict=True)) for gate in GATES],
}  # fmt: skip


@pytest.fixture
def learning(server: PanelServer) -> PanelServer:
    """Three examples that wait, and a version that has a tenth of the calls."""
    with_forms(server)
    now_ms = int(server.desk.clock.now_ms())
    for place, (contact, text, proposed, source) in enumerate(SAID):
        made = Example(TENANT, contact, "u1", text, source, now_ms + place, "always", proposed, "emma", 0.93)
        doubted = replace(made, warnings=(DOUBTFUL,), unsure=0.4) if contact == "k3" else made
        server.desk.examples.put(doubted)
    began_ms = now_ms - 86_400_000
    run = Run(TENANT, 2, "intent", Stage.TRIAL, began_ms, now_ms - 3_600_000, "6f2c9a", "1b77d0", 10, "quinn", "", CARD)
    server.desk.training_runs.save(replace(run, number=1, stage=Stage.LIVE, percent=100, release="1b77d0"))
    server.desk.training_runs.save(run)
    versions = [any_version(name, tenant=TENANT) for name in ("6f2c9a", "1b77d0")]
    published = tuple(PublishedVersion(each) for each in versions)
    server.desk.shelf.of_model = Shelf(published, pinned="1b77d0", shares={"6f2c9a": 10})
    for agent in range(12):
        for place in range(10):
            hits = 12 + agent % 3 - (place == 0)
            tally = Tally(f"{agent}-{place}", f"a{agent}", place == 0, 20, hits, 2, 20)
            server.desk.tallies.put(TENANT, 2, 10, tally)
    return server


def kept(learning: PanelServer, contact: str) -> Example:
    found = learning.desk.examples.example(TENANT, contact, "u1")
    assert found is not None
    return found


def test_examples_are_answered_by_keyboard_and_a_wrong_key_is_taken_back(
    page: Page, learning: PanelServer, screenshots: Path | None
) -> None:
    at(page, learning, "examples", role="quality")
    text = page.locator("[data-example-text]")
    expect(text).to_contain_text("refund you promised")
    expect(page.get_by_role("button", name="Accept (a)")).to_be_disabled()
    assert violations(page) == []
    page.keyboard.press("s")
    expect(text).to_contain_text("it was not me")
    expect(page.get_by_text("0 of 2 have answered")).to_be_visible()
    if screenshots is not None:
        for width in (1280, 480):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(400)
            page.screenshot(path=screenshots / f"examples-{width}.png")
        page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("a")
    expect(text).to_contain_text("close it early")
    assert [each.label for each in kept(learning, "k3").votes] == ["fraud_report"]
    assert kept(learning, "k3").state is ExampleState.OPEN, "one more person is asked"
    page.keyboard.press("u")
    expect(text).to_contain_text("it was not me")
    assert kept(learning, "k3").votes == ()
    page.keyboard.press("n")
    expect(text).to_contain_text("close it early")
    page.get_by_role("button", name="It is something else").click()
    page.get_by_role("option").first.click()
    expect(text).to_contain_text("refund you promised")
    assert kept(learning, "k2").state is ExampleState.ACCEPTED
    assert kept(learning, "k2").label not in ("", "close_account")
    page.keyboard.press("n")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    assert violations(page) == []


def test_a_release_card_says_what_is_known_and_its_version_is_taken_back(
    page: Page, learning: PanelServer, screenshots: Path | None
) -> None:
    at(page, learning, "releases", role="quality")
    rows = page.locator("[data-releases=loaded] tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("On trial with 10 % of calls")
    assert violations(page) == []
    if screenshots is not None:
        page.screenshot(path=screenshots / "releases-1280.png")
    page.get_by_role("link", name="Version 2").click()
    release = page.locator("[data-release=TRIAL]")
    expect(release).to_contain_text("Trial with 10 % of calls")
    expect(release).to_contain_text("right on 92.1% of the regression examples")
    expect(release).to_contain_text("Look yourself")
    assert violations(page) == []
    if screenshots is not None:
        for width in (1280, 480):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(400)
            page.screenshot(path=screenshots / f"release-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Take back").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("within ten seconds")
    dialog.get_by_role("button", name="Take back").click()
    expect(page.locator("[data-release=TAKEN_BACK]")).to_contain_text("by sue")
    assert (learning.desk.shelf.of_model.shares, learning.desk.shelf.of_model.chain[0].version) == ({}, "1b77d0")
    at(page, learning, "releases/9", role="quality")
    expect(page.get_by_text("There is no such version")).to_be_visible()


def test_who_neither_reviews_nor_administrates_is_led_to_neither(page: Page, learning: PanelServer) -> None:
    at(page, learning, "releases", role="supervisor")
    expect(page.get_by_text("for quality managers and administrators")).to_be_visible()
    expect(page.get_by_role("link", name="Learned versions")).to_have_count(0)
