"""Contract: the work after calls loses nothing and does nothing twice, whatever is killed. The small version of
``sotto bench after-call --conversations 1000 --kills``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.after_call_kills import KILL_AT, Kills
from benchmarks.after_call_scripts import CALLS, conversations
from benchmarks.after_call_world import AfterCalls, ForwardedClock
from local.aws.event_delivery import DeliveryFaults
from local.aws.stack import EmbeddedAws
from local.filing_systems import FilingSystems
from sotto.call.events import ReviewClosed, ScorecardReady, SummaryReady

FAULTS = DeliveryFaults(doubled=0.5, late_s=0.5, refused=0.1, seed=3)
ENDED = list(conversations(8, 3, most_utterances=6))


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[AfterCalls, Kills]]:
    kills, clock = Kills(0.2, seed=3), ForwardedClock()
    with EmbeddedAws(delivery_faults=FAULTS) as aws, FilingSystems(CALLS, aws.connect_cases, clock) as filing:
        world = AfterCalls(aws, filing, tmp_path_factory.mktemp("calls"), clock, kills)
        for contact_id, tenant, turns in ENDED:
            world.converse(contact_id, tenant, turns)
        world.settle()
        world.sweep()
        kills.share = 0.0
        for contact_id, tenant, _ in ENDED:  # what died three times in a row is noted as failed and started by hand
            if world.problems(tenant, contact_id):
                world.again(tenant, contact_id, 1)
        world.settle()
        world.sweep()
        world.let_reviews_run_out()
        yield world, kills


def test_nothing_is_lost_and_nothing_is_double(killed: tuple[AfterCalls, Kills]) -> None:
    world, kills = killed
    assert {place for _, place in kills.happened} == set(KILL_AT), "or the test shows nothing"
    assert {contact: world.problems(tenant, contact) for contact, tenant, _ in ENDED} == {
        contact: [] for contact, _, _ in ENDED
    }


def test_what_is_announced_is_there_once(killed: tuple[AfterCalls, Kills]) -> None:
    world, _ = killed
    for contact_id, tenant, _ in ENDED:
        seen = world.seen(tenant, contact_id)
        assert seen.numbers(SummaryReady) == seen.numbers(ScorecardReady) == [1]
        assert len(seen.numbers(ReviewClosed)) == 1


def test_what_is_lost_or_double_would_be_noticed(killed: tuple[AfterCalls, Kills]) -> None:
    world, _ = killed
    contact_id, tenant, _ = ENDED[-1]
    form = world.sotto.books.current(tenant).scorecards[0].name
    (made,) = world.sotto.evaluations.versions(tenant, contact_id, form)
    world.sotto.evaluations.append(made, after=1)
    assert any(each.startswith("double: evaluation") for each in world.problems(tenant, contact_id))
    assert any(each.startswith("lost: no summary") for each in world.problems(tenant, "nobody"))
    assert any(each.startswith("lost: summarise_call") for each in world.problems(tenant, "nobody"))
