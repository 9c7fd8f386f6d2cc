"""Usage: what language models were used for, what it cost, how budgets stand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape
from sotto.tenants.budgets import Then

_ANY = "Null: of all."


class BudgetStanding(Shown):
    feature: Annotated[str | None, Field(description=_ANY)]
    model: Annotated[str | None, Field(description=_ANY)]
    agent: Annotated[str | None, Field(description=_ANY)]
    limit_usd: float
    spent_usd: float
    reserved_usd: Annotated[float, Field(description="Held for texts that are being written.")]
    late_usd: Annotated[float, Field(description="Came after it had been given up, and fitted no more.")]
    alarmed_percent: Annotated[Literal[0, 50, 80, 100], Field(description="The last alarm that was given.")]
    then: Annotated[Then, Field(description="What happens when it is spent.")]


class UsedOnDay(Shown):
    day: str
    feature: str
    model: str
    agent: str | None
    calls: int
    prompt_tokens: int
    completion_tokens: int
    usd: float


class Usage(Shown):
    month: Annotated[str, Field(description="By UTC.")]
    usd: float
    budgets: list[BudgetStanding]
    data: list[UsedOnDay]


class WantedUsage(Wanted):
    month: Annotated[str, StringConstraints(pattern=r"^20\d{2}-(?:0[1-9]|1[0-2])$")] | None = None


@route(
    "GET", "/v1/usage", action=Action.READ_USAGE, scope="usage:read", query=WantedUsage, answers=Usage,
    example=Example(
        query={"month": "2026-09"}, answer={"month": "2026-09", "usd": 0.0, "budgets": [], "data": []},
    ),
)  # fmt: skip
def get_usage(asked: Asked, ports: ApiPorts) -> Shape:
    """What language models cost in a month, by day, feature and model; and how its budgets stand."""
    from sotto.api.usage.use_cases import monthly_usage
    from sotto.tenants.budgets import MICROS

    wanted: WantedUsage = asked.query
    found = monthly_usage(asked.caller, wanted.month, ports.usage())
    return {
        "month": found.month,
        "usd": found.micros / MICROS,
        "budgets": [
            {
                "feature": each.budget.feature or None,
                "model": each.budget.model or None,
                "agent": each.budget.agent or None,
                "limitUsd": each.budget.usd,
                "spentUsd": each.standing.spent / MICROS,
                "reservedUsd": (each.standing.held - each.standing.spent) / MICROS,
                "lateUsd": each.standing.late / MICROS,
                "alarmedPercent": each.standing.alarmed,
                "then": each.budget.then,
            }
            for each in found.budgets
        ],
        "data": [
            {
                "day": each.day,
                "feature": each.feature,
                "model": each.model,
                "agent": each.agent or None,
                "calls": each.calls,
                "promptTokens": each.usage.prompt_tokens,
                "completionTokens": each.usage.completion_tokens,
                "usd": each.micros / MICROS,
            }
            for each in found.used
        ],
    }
