"""Unit: what a budget does to the chain of providers, under a virtual clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sotto.aws.table import StorageUnavailable
from sotto.core.metrics.measure import BUDGET_CROSSED
from sotto.core.metrics.recorder import Recorder
from sotto.generation.account import Price
from sotto.generation.budget.budgets import BudgetCrossed, BudgetLeaseLeft, Budgets, most_of
from sotto.generation.budget.counted import BudgetsContended, BudgetSpent, Use
from sotto.generation.chain import GenerationChain, Provider
from sotto.generation.generator import Prompt, PromptMessage, Usage
from sotto.generation.metrics import GenerationMetrics
from sotto.generation.nodes import GenerativeNodes
from sotto.graph.node import NodeStatus
from sotto.tenants.budgets import Budget, Then
from tests.fakes.budgets import CountersInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.generating import ScriptedGenerator, any_generation, wrote
from tests.fakes.turned_clock import TurnedClock

GOOD = wrote("The $12 monthly fee is waived once a year on request [1].", 1)
TENANT = any_generation().utterance.tenant
DEAR, FREE = Price(1_000.0, 4_000.0), Price()


class Desk:
    def __init__(self, *published: Budget) -> None:
        self.clock, self.counters = TurnedClock(), CountersInMemory()
        self.observed: list[object] = []
        self.published = published
        self.wall = ClockByHand(1_796_000_000_000)
        self.budgets = Budgets(lambda tenant: self.published, self.counters, self.wall, self.observed.append)
        self.dear, self.free = ScriptedGenerator(self.clock, GOOD), ScriptedGenerator(self.clock, GOOD)
        self.chains: list[GenerationChain] = []

    def nodes(self) -> GenerativeNodes:
        providers = [Provider("bedrock", self.dear, DEAR), Provider("shard", self.free, FREE)]
        self.chains.append(GenerationChain(providers, self.clock, lambda happened: None, self.budgets))
        return GenerativeNodes(self.chains[-1], self.clock)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    for chain in made.chains:
        chain.close()


def test_a_text_that_fits_is_written_and_settled_for_what_it_came_to(desk: Desk) -> None:
    desk.published = (Budget(usd=1_000.0),)
    assert desk.nodes().run(any_generation()).status is NodeStatus.OK
    (used,) = desk.counters.used(TENANT, "2026-11")
    standing = desk.counters.standing(TENANT, "2026-11")["*|*|*"]
    assert used.micros == standing.held == standing.spent > 0 and not desk.counters.leases


def test_smaller_asks_the_next_provider_that_costs_less(desk: Desk) -> None:
    desk.published = (Budget(usd=0.01, then=Then.SMALLER),)
    result = desk.nodes().run(any_generation())
    assert result.output and "BudgetSpent" in result.reason
    assert (len(desk.dear.asked), len(desk.free.asked)) == (0, 1)


def test_extractive_asks_none_and_quotes(desk: Desk) -> None:
    desk.published = (Budget(usd=0.01, then=Then.EXTRACTIVE),)
    result = desk.nodes().run(any_generation())
    assert result.status is NodeStatus.DEGRADED and result.output
    assert (len(desk.dear.asked), len(desk.free.asked)) == (0, 0)


def test_off_neither_writes_nor_quotes(desk: Desk) -> None:
    desk.published = (Budget(usd=0.01, then=Then.OFF),)
    result = desk.nodes().run(any_generation())
    assert result.status is NodeStatus.DEGRADED and not result.output
    assert (len(desk.dear.asked), len(desk.free.asked)) == (0, 0)


def test_a_budget_of_another_feature_or_model_is_not_asked(desk: Desk) -> None:
    desk.published = (Budget(usd=0.01, feature="no_such"), Budget(usd=0.01, model="openai"))
    desk.nodes().run(any_generation())
    assert len(desk.dear.asked) == 1 and not desk.counters.standing(TENANT, "2026-11")


def test_without_budgets_what_is_used_is_counted_all_the_same(desk: Desk) -> None:
    desk.nodes().run(any_generation())
    (used,) = desk.counters.used(TENANT, "2026-11")
    assert (used.calls, used.model) == (1, "bedrock") and used.micros > 0
    assert not desk.counters.standing(TENANT, "2026-11")


@pytest.mark.parametrize("fails", [StorageUnavailable("throttled"), BudgetsContended("busy")])
def test_where_nobody_can_count_no_model_that_costs_is_asked_and_the_text_is_quoted(
    desk: Desk, fails: Exception
) -> None:
    desk.published, desk.counters.fails = (Budget(usd=1_000.0),), fails
    assert desk.nodes().run(any_generation()).output
    assert not desk.dear.asked


def test_a_text_that_cannot_be_settled_is_shown_and_its_lease_is_given_back_later(desk: Desk) -> None:
    use, prompt = Use("bank", "reply", "bedrock"), Prompt((PromptMessage("user", "x"),), 10)
    desk.published = (Budget(usd=0.5),)
    held = desk.budgets.hold(use, prompt, DEAR)
    desk.counters.fails = StorageUnavailable("throttled")
    desk.budgets.settle(held, Usage(1, 1), 0.1)
    assert desk.observed == [BudgetLeaseLeft("bank", "StorageUnavailable")]
    desk.counters.fails = None
    with pytest.raises(BudgetSpent):
        desk.budgets.hold(use, prompt, DEAR)
    desk.wall.advance(6 * 60_000)
    desk.budgets.hold(use, prompt, DEAR)


def test_an_alarm_goes_out_at_50_80_and_100_percent_once_each(desk: Desk) -> None:
    use, prompt = Use("bank", "reply", "bedrock"), Prompt((PromptMessage("user", "x"),), 10)
    desk.published = (Budget(usd=10.0),)
    for _ in range(60):
        try:
            desk.budgets.settle(desk.budgets.hold(use, prompt, DEAR), Usage(200, 0), DEAR.of(Usage(200, 0)))
        except BudgetSpent:
            break
    assert desk.observed == [BudgetCrossed("bank", each) for each in (50, 80, 100)]
    lines: list[str] = []
    metrics = Recorder(desk.clock, lines.append, cell="c")
    GenerationMetrics(metrics)(desk.observed[0])
    metrics.flush()
    assert BUDGET_CROSSED.name in lines[0] and '"50"' in lines[0]


def test_no_text_has_more_tokens_than_are_held_for() -> None:
    prompt = Prompt((PromptMessage("system", "ä" * 10), PromptMessage("user", "")), 50, {"type": "object"})
    most = most_of(prompt)
    assert most.prompt_tokens >= 20 + 2 * 4 and most.completion_tokens >= 50
