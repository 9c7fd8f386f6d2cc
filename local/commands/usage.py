"""``sotto usage``: what language models cost a tenant in a month, and how its budgets stand."""

from __future__ import annotations

import json
import os

import click

from local.aws.keys import keys_environment
from local.deployed import sdk_errors_translated
from local.records import records_environment
from local.tenants import identity as signed_in
from sotto.api.caller import Caller
from sotto.api.roles import Role
from sotto.api.usage.use_cases import MonthlyUsage, cloud_events, monthly_usage
from sotto.core.settings import AwsRegion
from sotto.tenants.budgets import MICROS
from sotto.wiring.sotto import Sotto


@click.command()
@click.argument("tenant", metavar="TENANT")
@click.option("--month", metavar="YYYY-MM", help="By UTC; the current one where it is left out.")
@click.option("--cloudevents", "as_events", is_flag=True, help="A CloudEvent on each line, for meters of others.")
def usage(tenant: str, month: str | None, as_events: bool) -> None:
    """Say what language models cost TENANT in a month, by feature and model, and how its budgets stand (docs/api.md).

    In the stack that the environment names: AWS_REGION and credentials; AWS_ENDPOINT_URL for an embedded one."""
    if month is not None and not _is_month(month):
        raise click.UsageError("--month is written like 2026-11")
    sotto = Sotto.of(records_environment() | keys_environment() | os.environ)
    with sdk_errors_translated(sotto.settings.of(AwsRegion).region):
        caller = Caller(tenant, signed_in(sotto.client("sts")), Role.ADMIN)
        found = monthly_usage(caller, month, sotto.usage_ports)
    if as_events:
        for each in cloud_events(found):
            click.echo(json.dumps(each))
        return
    for line in report(found):
        click.echo(line)


def report(found: MonthlyUsage) -> list[str]:
    lines = [f"{found.tenant}, {found.month}: ${found.micros / MICROS:,.2f} for language models"]
    for each in found.budgets:
        about = " ".join(name for name in (each.budget.feature, each.budget.model, each.budget.agent) if name)
        spent = each.standing.spent / MICROS
        held = (each.standing.held - each.standing.spent) / MICROS
        lines.append(
            f"  budget {about or 'of all'}: ${spent:,.2f} of ${each.budget.usd:,.2f} ({100 * each.share:.0f} %), "
            f"${held:,.2f} held; then {each.budget.then}"
        )
    totals: dict[tuple[str, str, str], list[int]] = {}
    for one in found.used:
        total = totals.setdefault((one.feature, one.model, one.agent), [0, 0, 0, 0])
        counted = (one.calls, one.usage.prompt_tokens, one.usage.completion_tokens, one.micros)
        totals[one.feature, one.model, one.agent] = [have + more for have, more in zip(total, counted, strict=True)]
    for (feature, model, agent), (calls, read, written, micros) in sorted(totals.items()):
        named = f"{feature} by {model}" + (f" for {agent}" if agent else "")
        lines.append(f"  {named}: {calls:,} texts, {read:,} tokens read, {written:,} written, ${micros / MICROS:,.4f}")
    return lines


def _is_month(written: str) -> bool:
    year, _, month = written.partition("-")
    return len(written) == 7 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12
