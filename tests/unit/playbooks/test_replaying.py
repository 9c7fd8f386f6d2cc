"""Unit: a draft over conversations of the past. What guided them guides them again; what is not known is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sotto.guidance.conversation import KEPT_OCCURRENCES
from sotto.playbooks.replay.compare import Compared, Side, compare
from sotto.playbooks.replay.recorded import Recorded
from sotto.tenants.book import TenantBook
from sotto.tenants.compile import PolicyIndex
from sotto.wiring.publishing import book_from
from tests.unit.guidance.calls import found, says
from tests.unit.guidance.test_sample_calls import CALLS, ROOT, TENANT_OF, events
from tests.unit.playbooks.past_calls import PLAYBOOK, a_call, book_of, buying, recorded


@pytest.fixture
def live(tmp_path: Path) -> TenantBook:
    return book_of(tmp_path / "live")


def changed(tmp_path: Path, *changes: tuple[str, str]) -> TenantBook:
    text = PLAYBOOK
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return book_of(tmp_path / "draft", text)


def replayed(record: Recorded, live: TenantBook, draft: TenantBook) -> Compared:
    return compare(record, PolicyIndex(live), PolicyIndex(draft))


def sides(found: Compared) -> set[tuple[str, str]]:
    return {(each.fired.name, each.side.value) for each in found.fired}


def test_the_same_playbook_gives_what_it_gave_and_finds_every_stored_moment_again(live: TenantBook) -> None:
    found = replayed(recorded(live, buying()), live, live)
    fired = {"wants_to_buy", "complains", "long_silence", "offer", "duties/hear_out"}
    assert sides(found) == {(name, "both") for name in fired}
    assert (found.noted, found.found_again) == (3, 3) and not found.undecidable


@pytest.mark.parametrize("call", sorted(TENANT_OF))
def test_sample_calls_are_guided_again_as_they_were(call: str) -> None:
    book = book_from(ROOT / "tenants" / TENANT_OF[call])
    assert (CALLS / call).is_dir()
    contact = replace(a_call(shop=book.tenant), agent=None, team=next(iter(book.settings.teams)))
    found = replayed(recorded(book, events(call), contact), book, book)
    assert found.noted and found.found_again == found.noted
    assert {each.side for each in found.fired} == {Side.BOTH}


def test_a_phrase_that_is_added_is_found_in_the_stored_words_and_one_taken_out_is_lost(
    live: TenantBook, tmp_path: Path
) -> None:
    draft = changed(tmp_path, ("[broken, does not work]", "[two of them]"))
    found = replayed(recorded(live, buying()), live, draft)
    by_side = {each.side: each.fired for each in found.fired if each.fired.name == "complains"}
    assert (by_side[Side.LIVE].at_ms, by_side[Side.DRAFT].at_ms) == (12_000, 6_000)
    assert ("wants_to_buy", "both") in sides(found)


def test_a_longer_silence_is_asked_of_the_clock_of_that_call(live: TenantBook, tmp_path: Path) -> None:
    longer = changed(tmp_path, ("longer_than: 10s", "longer_than: 15s"))
    never = book_of(tmp_path / "never", PLAYBOOK.replace("longer_than: 10s", "longer_than: 30s"))
    record = recorded(live, buying())
    times = {each.side: each.fired.at_ms for each in replayed(record, live, longer).fired
             if each.fired.name == "long_silence"}  # fmt: skip
    assert times == {Side.BOTH: 27_000}, "the same silence, noticed later"
    assert ("long_silence", "live") in sides(replayed(record, live, never))


def test_a_model_that_must_be_surer_is_read_from_how_sure_it_was(live: TenantBook, tmp_path: Path) -> None:
    draft = changed(tmp_path, ("at_least: 0.6", "at_least: 0.8"))
    sure, unsure = recorded(live, buying(0.9)), recorded(live, buying(0.7))
    assert {("wants_to_buy", "both"), ("offer", "both")} <= sides(replayed(sure, live, draft))
    assert {("wants_to_buy", "live"), ("offer", "live")} <= sides(replayed(unsure, live, draft))


@pytest.mark.parametrize("change", [("intent: buy, at_least: 0.6", "intent: buy, at_least: 0.4"),
                                    ("intent: buy", "intent: complain"),
                                    ("intent: buy", "intent: [buy, complain]")])  # fmt: skip
def test_what_no_model_was_asked_is_unknown_and_so_is_what_rests_on_it(
    live: TenantBook, tmp_path: Path, change: tuple[str, str]
) -> None:
    found = replayed(recorded(live, buying()), live, changed(tmp_path, change))
    assert found.undecidable == {"wants_to_buy", "offer"}


def test_two_conditions_that_were_asked_answer_one_for_both_labels(tmp_path: Path) -> None:
    apart = "  wants_to_buy:\n        when: {any: [{intent: buy, at_least: 0.6}, {intent: complain, at_least: 0.6}]}\n"
    live = book_of(
        tmp_path / "live",
        PLAYBOOK.replace("  wants_to_buy:\n        when: {intent: buy, at_least: 0.6, speaker: customer}\n", apart),
    )
    draft = book_of(tmp_path / "draft", PLAYBOOK.replace("intent: buy,", "intent: [buy, complain],"))
    found = replayed(recorded(live, buying()), live, draft)
    assert not found.undecidable and ("wants_to_buy", "both") in sides(found)


def test_what_a_model_found_oftener_than_is_remembered_is_said(live: TenantBook) -> None:
    often = [says("I want it", 3 * at, results=[found("intent", "buy")], seq=at) for at in range(1, 14)]
    assert len(often) > KEPT_OCCURRENCES
    assert replayed(recorded(live, often), live, live).thinned
    assert not replayed(recorded(live, buying()), live, live).thinned


def test_a_set_that_another_policy_brings_is_played_for_its_calls_alone(tmp_path: Path) -> None:
    policies = "version: 1\npolicies:\n  - name: sales\n    when: {teams: [sales]}\n    playbooks: [basics]\n"
    live = book_of(tmp_path / "live", policies=policies)
    other = replace(a_call(), agent="cem", team="help")
    assert ("complains", "both") in sides(replayed(recorded(live, buying()), live, live))
    assert sides(replayed(recorded(live, buying(), other), live, live)) == set()


def test_a_clock_that_is_wrong_by_years_ends_the_replay_all_the_same(live: TenantBook) -> None:
    record = recorded(live, buying())
    broken = replace(record, state=replace(record.state, now_ms=10**13, agent_connected_ms=10**13))
    assert ("complains", "both") in sides(replayed(broken, live, live))
