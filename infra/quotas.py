"""Quotas and costs as Markdown, for three sizes: docs/quotas.md, made by ``sotto doctor --sizes``."""

from __future__ import annotations

from collections.abc import Iterator

from infra.markdown import row
from infra.sizing import Load, costs_a_month, metrics_a_month, quotas

SIZES = (100, 1_000, 10_000)
TENANTS = 1


def page() -> Iterator[str]:
    yield "# Quotas and costs"
    yield ""
    yield "Made by `sotto doctor --sizes`; formulas and every figure that goes in are in `infra/sizing`. An agent is"
    yield "a call at once. Quotas in bold are more than a new account has: ask for them before the first busy day."
    yield "`sotto doctor --deployment FILE` says the same of a deployment file, and what is odd about it."
    yield ""
    yield "## Quotas of a region"
    yield ""
    yield row("quota", "default", *(f"{size:,} agents" for size in SIZES))
    yield row("---", "--:", *("--:" for _ in SIZES))
    for same in zip(*(quotas(size) for size in SIZES), strict=True):
        needed = (f"**{each.needed:,}**" if each.to_raise else f"{each.needed:,}" for each in same)
        yield row(f"{same[0].service}: {same[0].name}", _default(same[0].default), *needed)
    yield ""
    yield from _costs()


def _costs() -> Iterator[str]:
    load = Load()
    yield f"## Cost a month, US dollars, agents who talk {load.talk_hours_a_month:.0f} hours each"
    yield ""
    yield row("service", *(f"{size:,} agents" for size in SIZES))
    yield row("---", *("--:" for _ in SIZES))
    by_size = [costs_a_month(size) | {"Metrics, one tenant": metrics_a_month(TENANTS)} for size in SIZES]
    for service in by_size[0]:
        yield row(service, *(f"{costs[service]:,.0f}" for costs in by_size))
    totals = [sum(costs.values()) for costs in by_size]
    yield row("**all**", *(f"**{total:,.0f}**" for total in totals))
    an_hour = (total / size / load.talk_hours_a_month for total, size in zip(totals, SIZES, strict=True))
    yield row("**an agent's hour of talk**", *(f"**{each:.2f}**" for each in an_hour))
    yield ""
    yield "Connect's own charges, the telephone and language models from elsewhere are not in it. Instances of"
    yield "SageMaker are counted day and night, as many as the busiest hour needs; scaling makes it less. Prices are"
    yield "list prices of us-east-1 (`Prices` in `infra/sizing`): compare them with AWS's pages before money depends"
    yield "on them."


def _default(value: int | None) -> str:
    return "varies" if value is None else f"{value:,}"
