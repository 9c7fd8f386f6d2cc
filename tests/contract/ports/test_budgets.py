"""Contract: counters of budgets in DynamoDB; and 200 who spend at once and crash, over the emulation's wire."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local.aws.moto_server import MotoApp, forget_everything
from local.aws.web_server import WebServer
from sotto.aws.table import ConditionFailed, Table
from sotto.generation.account import Price
from sotto.generation.adapters.dynamodb_budgets import ATTEMPTS, DynamoBudgets
from sotto.generation.budget.budgets import BudgetCrossed, Budgets, month_of
from sotto.generation.budget.counted import BudgetCounters, BudgetsContended, BudgetSpent, Use
from sotto.generation.generator import Prompt, PromptMessage, Usage
from sotto.tenants.budgets import Budget, Then
from tests.contract.ports.budgets_contract import LIMITS, NOW_MS, BudgetCountersContract, lease
from tests.fakes.budgets import CountersInMemory
from tests.fakes.clock import ClockByHand


class TestCountersInMemory(BudgetCountersContract):
    @pytest.fixture
    def counters(self) -> BudgetCounters:
        return CountersInMemory()


class TestDynamoBudgets(BudgetCountersContract):
    @pytest.fixture
    def counters(self, table: Table) -> BudgetCounters:
        return DynamoBudgets(table, lambda ms: None)

    def test_whoever_meets_another_transaction_tries_again_and_gives_up_in_time(self, table: Table) -> None:
        paused: list[float] = []

        class Meeting(Table):
            met = 3

            def change_all(self, *given: Any, **named: Any) -> None:
                if Meeting.met:
                    Meeting.met -= 1
                    raise ConditionFailed((), conflict=True)
                super().change_all(*given, **named)

        counters = DynamoBudgets(Meeting(table._client, table.name), paused.append, jitter=lambda: 1.0)
        counters.hold(lease(), LIMITS)
        assert len(paused) == 3 and paused == sorted(paused)
        Meeting.met = 10 * ATTEMPTS
        with pytest.raises(BudgetsContended):
            counters.hold(lease("l2"), LIMITS)


SPENDERS = 200
PRICE = Price(1.0, 4.0)
PROMPT = Prompt((PromptMessage("user", "x" * 300),), 100)
"""At most 364 tokens read and 164 written: 1,020 millionths of a dollar."""
BUDGETS = (
    Budget(usd=0.060, then=Then.EXTRACTIVE),
    Budget(usd=0.030, feature="summary"),
    Budget(usd=0.020, model="bedrock"),
)


@pytest.fixture(scope="module")
def served() -> Iterator[Table]:
    app = MotoApp()
    with WebServer(app, name="moto") as server:
        client = boto3.client(
            "dynamodb", region_name="us-east-1", endpoint_url=server.url, aws_access_key_id="a",
            aws_secret_access_key="b", config=Config(max_pool_connections=SPENDERS, retries={"total_max_attempts": 5}),
        )  # fmt: skip
        client.create_table(
            TableName="t", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk")],
        )  # fmt: skip
        yield Table(client, "t")
        client.close()
    app.close()
    forget_everything()


def test_of_200_who_spend_at_once_and_crash_none_goes_above_a_budget_and_nothing_leaks(
    served: Table,
) -> None:
    seed = 1
    tenant, clock, observed = f"bank{seed}", ClockByHand(NOW_MS), []
    counters = DynamoBudgets(served, lambda ms: None)
    budgets = Budgets(lambda of: BUDGETS, counters, clock, observed.append)
    together, rng = Barrier(SPENDERS), random.Random(seed)
    kinds = (("summary", "bedrock"), ("summary", "openai"), ("reply", "bedrock"), ("reply", "openai"))
    plans = [(rng.random() < 0.3, *rng.choice(kinds), rng.randrange(364)) for _ in range(SPENDERS)]

    def spend(plan: tuple[bool, str, str, int]) -> str:
        crashes, feature, model, tokens = plan
        together.wait(timeout=300)
        try:
            held = budgets.hold(Use(tenant, feature, model), PROMPT, PRICE)
        except BudgetSpent:
            return "refused"
        if not crashes:
            budgets.settle(held, Usage(tokens, 0), PRICE.of(Usage(tokens, 0)))
        return "crashed" if crashes else "settled"

    with ThreadPoolExecutor(SPENDERS) as threads:
        outcomes = list(threads.map(spend, plans))
    month = month_of(NOW_MS)
    limits = {"*|*|*": 60_000, "summary|*|*": 30_000, "*|bedrock|*": 20_000}
    standing = counters.standing(tenant, month)
    assert {"refused", "crashed", "settled"} == set(outcomes)
    for scope, limit in limits.items():
        assert 0 < standing[scope].spent <= standing[scope].held <= limit and standing[scope].late == 0
    settled = [plan for plan, outcome in zip(plans, outcomes, strict=True) if outcome == "settled"]
    assert standing["*|*|*"].spent == sum(tokens for _, _, _, tokens in settled)
    assert standing["summary|*|*"].spent == sum(tokens for _, feature, _, tokens in settled if feature == "summary")
    assert standing["*|*|*"].held - standing["*|*|*"].spent == 1_020 * outcomes.count("crashed")
    assert sum(each.calls for each in counters.used(tenant, month)) == len(settled)

    clock.advance(6 * 60_000)
    while counters.give_back(tenant, month, int(clock.now_ms())):
        pass
    after = counters.standing(tenant, month)
    assert all(each.held == each.spent for each in after.values()), "what crashed callers held is there again"
    budgets.hold(Use(tenant, "reply", "openai"), PROMPT, PRICE)
    crossed = [each.percent for each in observed if isinstance(each, BudgetCrossed)]
    assert 100 in crossed and len(crossed) <= 3 * len(limits), "each once, for each budget"
