"""``sotto doctor --deployment FILE``: what AWS would need for a deployment file, and what is odd about it."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.checkup import CheckResult, Weight, costs, findings
from infra.deployment import Deployment
from local.commands.deployment_claims import read_deployment

_STYLES = {Weight.OK: "green", Weight.RAISE: "bold red", Weight.LOOK: "yellow"}


def examine(file: Path) -> None:
    """Exits with 1 when there is something to ask AWS for or to look at. Raises DeploymentRejected."""
    deployment = read_deployment(file)
    console, found = Console(highlight=False), list(findings(deployment))
    for region in dict.fromkeys(finding.region for finding in found):
        where = region if region != "-" else "Not in any region"
        console.print(_table(where, [finding for finding in found if finding.region == region]))
    console.print(_costs(deployment))
    counts = {weight: sum(finding.weight is weight for finding in found) for weight in Weight}
    console.print(
        f"{counts[Weight.RAISE]} quotas to raise, {counts[Weight.LOOK]} things to look at, {counts[Weight.OK]} fine. "
        "Has: a new account, or the file. Formulas: infra/sizing.py"
    )
    raise SystemExit(1 if counts[Weight.RAISE] or counts[Weight.LOOK] else 0)


def _table(title: str, found: list[CheckResult]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("")
    table.add_column("what", overflow="fold")
    table.add_column("needs", justify="right")
    table.add_column("has", justify="right")
    table.add_column("what to do", overflow="fold")
    for each in sorted(found, key=lambda one: list(Weight).index(one.weight), reverse=True):
        table.add_row(each.weight.value, each.about, each.needs, each.has, each.advice, style=_STYLES[each.weight])
    return table


def _costs(deployment: Deployment) -> Table:
    table = Table(title="Costs by formula, US dollars", title_justify="left", title_style="bold")
    for name in ("region", "agents at once", "a month", "an agent's hour of talk"):
        table.add_column(name, justify="left" if name == "region" else "right")
    for each in costs(deployment):
        table.add_row(each.region, f"{each.agents:,}", f"{each.a_month:,.0f}", f"{each.an_hour:.2f}")
    return table
