"""``python -m infra.quotas [DEPLOYMENT]``: quotas and costs as Markdown, for a deployment file or for three sizes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from infra.deployment import Deployment, DeploymentMistaken, deployment_from
from infra.sizing import Load, costs_a_month, quotas

SIZES = (100, 1_000, 10_000)


def main(arguments: Sequence[str]) -> None:
    try:
        lines = _of_deployment(deployment_from(Path(arguments[0]))) if arguments else _of_sizes()
        print("\n".join(lines))
    except DeploymentMistaken as error:
        sys.exit(str(error))


def _of_sizes() -> Iterator[str]:
    yield "# Quotas and costs"
    yield ""
    yield "Made by `python -m infra.quotas`; the formulas and every assumption are in `infra/sizing.py`. An agent"
    yield "is a call at once. Quotas in bold are more than a new account has: ask for them before the first busy day."
    yield ""
    yield "## Quotas of a region"
    yield ""
    yield _row("quota", "default", *(f"{size:,} agents" for size in SIZES))
    yield _row("---", "--:", *("--:" for _ in SIZES))
    for same in zip(*(quotas(size) for size in SIZES), strict=True):
        needed = (f"**{each.needed:,}**" if each.to_raise else f"{each.needed:,}" for each in same)
        yield _row(f"{same[0].service}: {same[0].name}", _default(same[0].default), *needed)
    yield ""
    yield from _costs()


def _costs() -> Iterator[str]:
    load = Load()
    yield f"## Cost a month, US dollars, agents who talk {load.talk_hours_a_month:.0f} hours each"
    yield ""
    yield _row("service", *(f"{size:,} agents" for size in SIZES))
    yield _row("---", *("--:" for _ in SIZES))
    by_size = [costs_a_month(size) for size in SIZES]
    for service in by_size[0]:
        yield _row(service, *(f"{costs[service]:,.0f}" for costs in by_size))
    totals = [sum(costs.values()) for costs in by_size]
    yield _row("**all**", *(f"**{total:,.0f}**" for total in totals))
    an_hour = (total / size / load.talk_hours_a_month for total, size in zip(totals, SIZES, strict=True))
    yield _row("**an agent's hour of talk**", *(f"**{each:.2f}**" for each in an_hour))
    yield ""
    yield "Connect's own charges, the telephone and language models from elsewhere are not in it. Instances of"
    yield "SageMaker are counted day and night, as many as the busiest hour needs; scaling makes it less. Prices are"
    yield "list prices of us-east-1 (`Prices` in `infra/sizing.py`): compare them with AWS's pages before money depends"
    yield "on them."


def _of_deployment(deployment: Deployment) -> Iterator[str]:
    for region, settings in deployment.regions.items():
        yield f"{region}, {settings.calls:,} calls at once"
        for quota in quotas(settings.calls, shard=settings.shard):
            mark = "RAISE" if quota.to_raise else "ok"
            yield f"  {mark:5}  {quota.service}: {quota.name}: needs {quota.needed:,}, new accounts have " + _default(
                quota.default
            )


def _default(value: int | None) -> str:
    return "varies" if value is None else f"{value:,}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main(sys.argv[1:])
