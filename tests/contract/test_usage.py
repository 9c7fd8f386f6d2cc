"""Contract: what language models cost, over the REST API and by the command, with published budgets."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws

from local.commands.usage import report
from sotto.api.caller import Caller
from sotto.api.roles import Role
from sotto.api.usage.use_cases import cloud_events, monthly_usage
from sotto.generation.account import Price
from sotto.generation.budget.counted import BudgetSpent, Use
from sotto.generation.generator import Prompt, PromptMessage, Usage
from sotto.tenants.book import TenantBook, TenantSettings
from sotto.tenants.budgets import Budget, Then
from tests.contract.rest_bank import BANK, GARAGE, RestBank

MONTH, DAY = "2026-09", "2026-09-21"
PRICE = Price(1_000.0, 1_000.0)
PROMPT = Prompt((PromptMessage("user", "Hello."),), 30)
SUMMARY, REPLY = Use(BANK, "summary", "bedrock"), Use(BANK, "reply", "bedrock", "follow_up")


@pytest.fixture(scope="module")
def bank() -> Iterator[RestBank]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
            environment.delenv(name, raising=False)
        made = RestBank()
        budgets = (Budget(usd=0.5), Budget(usd=0.2, feature="summary", then=Then.EXTRACTIVE))
        settings = TenantSettings(title=BANK, instances=(), budgets=budgets)
        made.sotto.books.publish(TenantBook(tenant=BANK, settings=settings).sealed(), [])
        budgets_of_bank = made.another_process().budgets
        for use in (SUMMARY, REPLY):
            held = budgets_of_bank.hold(use, PROMPT, PRICE)
            budgets_of_bank.settle(held, Usage(40, 20), PRICE.of(Usage(40, 20)))
        budgets_of_bank.hold(REPLY, PROMPT, PRICE)
        with pytest.raises(BudgetSpent) as refused:
            budgets_of_bank.hold(SUMMARY, PROMPT, PRICE)
        assert refused.value.then is Then.EXTRACTIVE
        yield made


def test_usage_shows_what_was_spent_what_is_held_and_the_alarm(bank: RestBank) -> None:
    found = bank.ask("GET", "/v1/usage", role="admin", query={"month": MONTH}).json
    assert found["usd"] == pytest.approx(0.12) and found["month"] == MONTH
    of_all, summaries = found["budgets"]
    assert (of_all["feature"], of_all["limit_usd"], of_all["spent_usd"]) == (None, 0.5, 0.12)
    assert of_all["reserved_usd"] == pytest.approx(0.164) and of_all["alarmed_percent"] == 0
    assert (summaries["spent_usd"], summaries["alarmed_percent"], summaries["then"]) == (0.06, 100, "extractive")
    lines = {(each["feature"], each["agent"]): each for each in found["data"]}
    assert set(lines) == {("summary", None), ("reply", "follow_up")}
    assert lines["summary", None] | {"usd": 0.06} == {
        "day": DAY, "feature": "summary", "model": "bedrock", "agent": None, "calls": 1, "prompt_tokens": 40,
        "completion_tokens": 20, "usd": 0.06,
    }  # fmt: skip


def test_another_tenant_and_another_month_have_their_own(bank: RestBank) -> None:
    for tenant, month in ((GARAGE, MONTH), (BANK, "2026-08")):
        found = bank.ask("GET", "/v1/usage", key=f"person.{tenant}.ann.admin", query={"month": month}).json
        assert (found["usd"], found["data"]) == (0.0, [])


def test_who_may_not_read_usage_is_refused_and_a_month_that_is_none_named(bank: RestBank) -> None:
    assert bank.ask("GET", "/v1/usage", role="quality").status == 403
    for month in ("2026-13", "november", "1999-01"):
        answered = bank.ask("GET", "/v1/usage", role="admin", query={"month": month})
        assert answered.status == 422 and answered.json["errors"][0]["field"] == "query.month"


def test_the_command_reports_it_and_says_it_as_cloudevents(bank: RestBank) -> None:
    found = monthly_usage(Caller(BANK, "ann", Role.ADMIN), MONTH, bank.sotto.usage_ports)
    lines = report(found)
    assert lines[0] == f"{BANK}, {MONTH}: $0.12 for language models"
    assert "budget summary: $0.06 of $0.20 (30 %)" in lines[2] and "then extractive" in lines[2]
    assert any("reply by bedrock for follow_up: 1 texts, 40 tokens read, 20 written" in line for line in lines)
    events = list(cloud_events(found))
    assert len({each["id"] for each in events}) == len(events) == 2
    assert {"specversion", "id", "source", "type", "time", "data"} <= set(json.loads(json.dumps(events[0])))


def test_what_a_crashed_caller_held_is_there_again_once_somebody_looks(bank: RestBank) -> None:
    bank.clock.advance(6 * 60_000)
    found = bank.ask("GET", "/v1/usage", role="admin", query={"month": MONTH}).json
    assert [each["reserved_usd"] for each in found["budgets"]] == [0.0, 0.0]
