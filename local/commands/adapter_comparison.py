"""``sotto adapters compare``: the version in the shadow beside the live one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from local.commands.rich_text import plain
from local.commands.terminal_text import show_line
from local.deployed import deployed_stack
from sotto.inference.comparison import tally
from sotto.models.versions import UnknownVersion

if TYPE_CHECKING:
    from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry

MOST_DIFFERENCES = 20


@click.command()
@click.argument("tenant")
@click.argument("model")
@click.argument("version", required=False)
def compare(tenant: str, model: str, version: str | None) -> None:
    """How often the version in the shadow (or VERSION) agreed with the live one, and where they differ."""
    with deployed_stack() as stack:
        found = version or _shadow_of(stack.registry, tenant, model)
        comparison = tally(stack.comparisons.all(tenant, model, found))
    if not comparison.compared:
        raise UnknownVersion(f"nothing was compared with {found} of {tenant}/{model} yet: play calls through it first")
    answered = comparison.compared - comparison.failed
    share = f" ({100 * comparison.agreed / answered:.1f} %)" if answered else ""
    click.echo(f"compared {comparison.compared}, answered {answered}, agreed {comparison.agreed}{share}")
    click.echo(f"median ms: live {comparison.live_ms:g}, shadow {comparison.shadow_ms:g}")
    for failure, times in comparison.failures:
        show_line(f"no answer {times} times: {failure}")
    table = Table("live", "shadow", "times")
    for (live, other), times in comparison.differences[:MOST_DIFFERENCES]:
        table.add_row(plain(live), plain(other), str(times))
    if comparison.differences:
        Console().print(table)


def _shadow_of(registry: DynamoModelRegistry, tenant: str, model: str) -> str:
    shadow = registry.find(tenant, model).shadow
    if shadow is None:
        raise UnknownVersion(f"no version of {tenant}/{model} is in the shadow: name the one that was")
    return shadow.version.version
