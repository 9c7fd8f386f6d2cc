"""A round on AWS, simulated. Kind: pure."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from infra.latency_page import DEPLOYED, kept, page
from infra.sizing.aws_round import World
from infra.sizing.aws_services import Account, Endpoint, Function, Start, Throttled
from infra.sizing.event_loop import EventLoop, Process
from infra.sizing.hops import HOPS, IDLE_MS, Grade, Hop, OwnTime
from infra.sizing.simulated import RUNNERS
from infra.sizing.simulation import Scenario, simulated
from tests.infra.conftest import REPOSITORY

A_MINUTE = Scenario(agents=40, seconds=60, ramp_s=5)


def test_the_page_is_made_of_what_was_simulated() -> None:
    assert (REPOSITORY / "docs" / "latency.md").read_text() == "\n".join(page()) + "\n"


@pytest.mark.parametrize("runner", RUNNERS)
def test_what_was_simulated_is_what_the_simulation_finds(runner: str) -> None:
    found = simulated(Scenario(100, seconds=1_800, ramp_s=600), runner)
    (same,) = (one for one in kept() if (one.agents, one.runner, one.start) == (100, runner, DEPLOYED))
    assert asdict(found) == asdict(same)


def test_a_hop_has_its_median_and_its_99th_percentile() -> None:
    hop = Hop("any", 20, 90, Grade.ASSUMED, "nobody")
    drawn = np.random.default_rng(1).lognormal(hop.mu, hop.sigma, 200_000)
    assert np.percentile(drawn, 50) == pytest.approx(20, rel=0.01)
    assert np.percentile(drawn, 99) == pytest.approx(90, rel=0.02)
    assert drawn.mean() == pytest.approx(hop.mean_ms, rel=0.01)


def test_every_hop_says_where_its_figures_come_from() -> None:
    assert all(len(hop.source) > 20 and 0 < hop.p50_ms < hop.p99_ms for hop in HOPS.values())
    assert {hop.grade for hop in HOPS.values()} >= {Grade.PUBLISHED, Grade.DERIVED, Grade.ASSUMED}


def test_one_seed_gives_one_result_and_another_seed_another() -> None:
    again = simulated(A_MINUTE, "direct")
    assert asdict(simulated(A_MINUTE, "direct")) == asdict(again)
    other = simulated(Scenario(agents=40, seconds=60, ramp_s=5, seed=16), "direct")
    assert other.p50_ms != again.p50_ms


def test_the_direct_runner_is_earlier_and_cheaper() -> None:
    direct, machine = (simulated(A_MINUTE, runner) for runner in RUNNERS)
    assert direct.p50_ms < machine.p50_ms and direct.dollars < machine.dollars
    assert direct.invocations == 1.0 and machine.invocations > 5
    assert (direct.lost, direct.degraded, machine.lost, machine.degraded) == (0, 0, 0, 0)


def test_what_is_built_before_the_snapshot_is_not_waited_for() -> None:
    plain, restored, built = (simulated(A_MINUTE, "direct", start).cold_p50_ms or 0 for start in list(Start)[:3])
    assert built + 300 < restored < plain


def test_fewer_executions_than_rounds_make_guidance_late_and_then_lose_it() -> None:
    short = Scenario(agents=10_000, seconds=20, ramp_s=1, limit=0.05)
    late = simulated(short, "step functions")
    assert late.throttled > 1_000 and late.lost + late.degraded > 0
    assert late.p95_ms > 2 * simulated(A_MINUTE, "step functions").p95_ms


def any_function(loop: EventLoop, most: int = 10, provisioned: int = 0) -> Function:
    return Function(loop, Account(most), cold_ms=lambda: 500.0, first_ms=70.0, gb=1.0, provisioned=provisioned)


def test_an_environment_is_used_again_until_it_has_been_idle_too_long() -> None:
    loop = EventLoop()
    function = any_function(loop)
    assert function.begin() == (500.0, 70.0)
    function.end(100)
    loop.now_ms = IDLE_MS - 1
    assert function.begin() == (0.0, 0.0)
    function.end(100)
    loop.now_ms = 3 * IDLE_MS
    assert function.begin() == (500.0, 70.0)
    assert (function.cold, function.invoked) == (2, 3)


def test_a_provisioned_environment_is_never_cold_however_long_it_stands() -> None:
    loop = EventLoop()
    function = any_function(loop, provisioned=1)
    for hour in range(3):
        loop.now_ms = hour * 3_600_000.0
        assert function.begin() == (0.0, 0.0)
        function.end(100)
    assert function.begin() == (0.0, 0.0) and function.begin() == (500.0, 70.0)


def test_functions_share_the_accounts_executions() -> None:
    loop, account = EventLoop(), Account(2)
    one, other = (Function(loop, account, lambda: 0.0, 0.0, 1.0) for _ in range(2))
    one.begin()
    other.begin()
    with pytest.raises(Throttled):
        one.begin()
    other.end(1)
    one.begin()
    assert one.throttled == 1


def test_environments_are_made_a_thousand_in_ten_seconds() -> None:
    loop = EventLoop()
    function = any_function(loop, most=5_000)
    for _ in range(1_000):
        function.begin()
    with pytest.raises(Throttled):
        function.begin()
    loop.now_ms = 1_000
    for _ in range(100):
        function.begin()
    with pytest.raises(Throttled):
        function.begin()


def test_an_instance_computes_one_pass_at_a_time() -> None:
    def over_at(instances: int) -> float:
        loop = EventLoop()
        endpoint, over = Endpoint(loop, instances), []

        def asking() -> Process:
            yield loop.all_of([endpoint.asked(5, 10), endpoint.asked(5, 10)])
            over.append(loop.now_ms)

        loop.later(0, asking())
        loop.run()
        return over[0]

    assert (over_at(1), over_at(2)) == (25, 15)


def test_a_round_is_the_sum_of_its_hops_where_nothing_varies() -> None:
    loop = EventLoop()
    function = any_function(loop, provisioned=1)
    world = World(
        loop=loop,
        draws={name: lambda: 10.0 for name in (*HOPS, "wave", "one")},
        chance=lambda: 1.0,
        orchestrate=function,
        route=function,
        deliver=function,
        endpoint=Endpoint(loop, 1),
        own=OwnTime(worker=4, direct_round=0.0),
        second_wave=0.0,
        models=3,
        worker_share=0.5,
    )
    loop.later(0, world.direct())
    loop.run()
    # Worker and store, dispatch, read, shard and pass, store and publish, socket.
    assert world.outcome.took_ms == [pytest.approx(8 + 10 + 10 + 10 + 20 + 20 + 10)]
