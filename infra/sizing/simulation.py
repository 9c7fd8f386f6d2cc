"""Rounds of many agents on AWS, simulated: how late guidance is and what a round costs, by either runner.

The same seed gives the same figures. One agent is followed through working days that begin with nothing warm; many
log in within ``ramp_s`` of a morning in which nothing is warm either. Calls take six minutes, two lie between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from functions.specs import function_specs
from infra.parts import ShardSettings
from infra.sizing.aws_round import World
from infra.sizing.aws_services import Account, Endpoint, Function, Start
from infra.sizing.event_loop import Draw, EventLoop
from infra.sizing.hops import CORE_MB, HOPS, ColdStart, Grade, Hop, OwnTime
from infra.sizing.load import Load
from infra.sizing.needs import concurrency, instances
from infra.sizing.prices import Prices
from infra.sizing.simulated import RUNNERS, Simulated

BETWEEN_CALLS_MIN = 2.0
NODE_MS = 50.0
"""What route_inference takes for a node, for the account's quota."""
NEW_ACCOUNT, FEWEST_AT_ONCE = 1_000, 10
"""Executions at once of a new account; Lambda leaves some to every function."""
BLOCK = 8_192
DAY_MS = 86_400_000.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """``days``: how often it is repeated from nothing. ``limit``: share of the executions at once that
    the account would have beside the audio workers', as ``concurrency`` says to ask for."""

    agents: int
    seconds: float
    ramp_s: float
    days: int = 1
    limit: float = 1.0
    seed: int = 15


SCENARIOS = (
    Scenario(1, seconds=4 * 3_600, ramp_s=1, days=10),
    Scenario(100, seconds=1_800, ramp_s=600),
    Scenario(10_000, seconds=60, ramp_s=40),
)
BURST = Scenario(10_000, seconds=60, ramp_s=30, limit=0.05)
"""A morning with a twentieth of the executions at once that should have been asked for."""


def simulated(
    scenario: Scenario,
    runner: str,
    start: Start = Start.SNAP_BUILT,
    *,
    load: Load | None = None,
    own: OwnTime | None = None,
    cold: ColdStart | None = None,
    shard: ShardSettings | None = None,
) -> Simulated:
    load, own, cold, shard = load or Load(), own or OwnTime(), cold or ColdStart(), shard or ShardSettings()
    loop, draws = EventLoop(), _Draws(scenario.seed)
    if runner != RUNNERS[0]:  # executions and instances are asked for as the runner needs them
        asked = load.models_a_round * load.waves_a_round
        load = replace(load, machine_rounds=load.rounds * asked, requests_a_round=asked, text_ms=NODE_MS)
    count = instances(scenario.agents, shard, load)
    world = _world(scenario, loop, draws, load, own, cold, start, count)
    round_of = world.direct if runner == RUNNERS[0] else world.by_machine
    arrivals = np.sort(np.fromiter(_arrivals(scenario, load, draws.generator), dtype=float))
    for at_ms in arrivals:
        loop.later(float(at_ms), round_of())
    loop.run()
    return _figures(scenario, runner, start, world, len(arrivals), count)


class _Draws:
    """Lognormal values, drawn in blocks."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.default_rng(seed)

    def of(self, hop: Hop) -> Draw:
        return self._of(hop.mu, hop.sigma)

    def of_pass(self, p50_ms: float, p99_ms: float) -> Draw:
        hop = Hop("a pass", p50_ms, p99_ms, Grade.MEASURED, "")
        return self._of(hop.mu, hop.sigma)

    def uniform(self) -> Draw:
        return self._blocks(lambda: self.generator.random(BLOCK)).__next__

    def _of(self, mu: float, sigma: float) -> Draw:
        return self._blocks(lambda: self.generator.lognormal(mu, sigma, BLOCK)).__next__

    @staticmethod
    def _blocks(block: Callable[[], NDArray[np.float64]]) -> Iterator[float]:
        while True:
            yield from block().tolist()


def _world(
    scenario: Scenario,
    loop: EventLoop,
    draws: _Draws,
    load: Load,
    own: OwnTime,
    cold: ColdStart,
    start: Start,
    count: int,
) -> World:
    memory_mb = {spec.name: spec.memory_mb for spec in function_specs()}
    needed = concurrency(scenario.agents, load)
    others = needed["transcribe_call"]
    account = Account(max(FEWEST_AT_ONCE, round((max(NEW_ACCOUNT, sum(needed.values())) - others) * scenario.limit)))
    begin = draws.of(cold.restore if start in (Start.SNAP_START, Start.SNAP_BUILT) else cold.platform)
    imports_ms = 0.0 if start in (Start.SNAP_START, Start.SNAP_BUILT) else cold.imports_ms
    on_core_ms = 0.0 if start is Start.SNAP_BUILT else cold.first_use_ms

    def function(name: str) -> Function:
        mb = memory_mb[name]
        return Function(
            loop=loop,
            account=account,
            cold_ms=lambda: begin() + imports_ms,
            first_ms=on_core_ms * max(1.0, CORE_MB / mb),
            gb=mb / 1024,
            provisioned=needed[name] if start is Start.PROVISIONED else 0,
        )

    return World(
        loop=loop,
        draws={name: draws.of(hop) for name, hop in HOPS.items()}
        | {
            "wave": draws.of_pass(own.shard_wave, own.shard_wave_p99),
            "one": draws.of_pass(own.shard_one, own.shard_one_p99),
        },
        chance=draws.uniform(),
        orchestrate=function("orchestrate_utterance"),
        route=function("route_inference"),
        deliver=function("deliver_annotations"),
        endpoint=Endpoint(loop, count),
        own=own,
        second_wave=load.waves_a_round - 1,
        models=round(load.models_a_round),
        worker_share=min(1.0, memory_mb["transcribe_call"] / CORE_MB),
    )


def _arrivals(scenario: Scenario, load: Load, generator: np.random.Generator) -> Iterator[float]:
    """When rounds begin, ms."""
    every_ms = 60_000 / load.rounds
    for day in range(scenario.days):
        for begins_s in generator.uniform(0, scenario.ramp_s, scenario.agents):
            now_ms = day * DAY_MS + begins_s * 1000
            ends_ms = day * DAY_MS + scenario.seconds * 1000
            while now_ms < ends_ms:
                call_ends_ms = now_ms + generator.exponential(load.call_minutes) * 60_000
                now_ms += generator.exponential(every_ms)
                while now_ms < min(call_ends_ms, ends_ms):
                    yield now_ms
                    now_ms += generator.exponential(every_ms)
                now_ms = call_ends_ms + generator.exponential(BETWEEN_CALLS_MIN) * 60_000


def _figures(scenario: Scenario, runner: str, start: Start, world: World, asked: int, count: int) -> Simulated:
    functions = (world.orchestrate, world.route, world.deliver)
    took, outcome = np.array(world.outcome.took_ms), world.outcome
    p50, p95, p99 = (float(np.percentile(took, each)) for each in (50, 95, 99))
    spent_s = scenario.seconds * scenario.days
    invoked = sum(each.invoked for each in functions)
    return Simulated(
        runner=runner,
        start=start,
        agents=scenario.agents,
        limit=scenario.limit,
        rounds=len(took),
        p50_ms=round(p50, 1),
        p95_ms=round(p95, 1),
        p99_ms=round(p99, 1),
        cold=round(len(outcome.cold_took_ms) / max(1, len(took)), 5),
        cold_p50_ms=round(float(np.median(outcome.cold_took_ms)), 1) if outcome.cold_took_ms else None,
        throttled=sum(each.throttled for each in functions),
        lost=outcome.lost,
        degraded=outcome.degraded,
        invocations=round(invoked / max(1, asked), 2),
        requests=round(world.endpoint.requests / max(1, asked), 2),
        instances=count,
        busy=round(world.endpoint.busy_ms / 1000 / spent_s / count, 3),
        dollars=round(_dollars(world, functions, start, spent_s) / max(1, asked) * 1e6, 1),
        orchestrate_ms=round(world.orchestrate.gb_s / world.orchestrate.gb / max(1, world.orchestrate.invoked) * 1000),
    )


def _dollars(world: World, functions: Sequence[Function], start: Start, spent_s: float) -> float:
    prices, outcome = Prices(), world.outcome
    ran = sum(each.gb_s for each in functions)
    invoked = sum(each.invoked for each in functions)
    standing = sum(each.provisioned * each.gb for each in functions if each.invoked) * spent_s
    provisioned = start is Start.PROVISIONED
    lambda_dollars = ran * (prices.lambda_provisioned_run_gb_s if provisioned else prices.lambda_gb_s)
    lambda_dollars += standing * prices.lambda_provisioned_gb_s + invoked / 1e6 * prices.lambda_million
    if start in (Start.SNAP_START, Start.SNAP_BUILT):
        restored = sum(each.cold * each.gb for each in functions)
        cached = sum(each.gb for each in functions if each.invoked) * spent_s
        lambda_dollars += restored * prices.snap_restored_gb + cached * prices.snap_cached_gb_s
    machine = outcome.executions / 1e6 * prices.express_million
    machine += outcome.execution_ms / 1000 * 0.0625 * prices.express_gb_s
    return lambda_dollars + machine
