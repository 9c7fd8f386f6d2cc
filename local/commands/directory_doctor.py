"""``sotto doctor --directory TENANT``: how old each Connect instance's directory is, and why.""" ""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from local.deployed import deployed_stack
from sotto.contacts.directory import Condition, InstanceState

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
_ADVICE = {
    Condition.FINE: "",
    Condition.BEHIND: "Connect throttles, or it goes on with the next run",
    Condition.FORBIDDEN: "let the role of synchronise_directory call {refused} on the instance",
    Condition.UNKNOWN: "Connect knows no such instance here: correct the deployment file",
}


@dataclass(frozen=True, slots=True)
class Finding:
    tenant: str
    is_fine: bool
    says: str


def examine_directory(tenants: Sequence[str]) -> None:
    """Of the stack that the environment names. Exits with 1 when there is something to look at. Raises NotDeployed and
    StackUnreachable."""
    with deployed_stack() as stack:
        now_ms = stack.trail.clock.now_ms()
        found = [each for name in tenants for each in findings(name, stack.directory.states(name), now_ms)]
    for each in found:
        mark = click.style("ok     ", fg="green") if each.is_fine else click.style("look   ", fg="yellow")
        click.echo(f"{mark}  {each.tenant:<24} {each.says}")
    raise SystemExit(0 if all(each.is_fine for each in found) else 1)


def findings(tenant: str, states: Sequence[InstanceState], now_ms: float) -> Iterator[Finding]:
    if not states:
        yield Finding(tenant, False, "no directory: synchronise_directory has not run for any instance of this tenant")
    for state in sorted(states, key=lambda each: each.instance):
        old = state.is_old(now_ms)
        parts = [f"instance {state.instance}: {state.condition.value}", _age(state, now_ms)]
        if state.synchronised_at_ms:
            parts.insert(1, f"{state.users:,} users")
        if old:
            parts.append("older than a day: names may be wrong, and who left may still have access")
        parts.append(_ADVICE[state.condition].format(refused=", ".join(state.refused)))
        is_fine = state.condition is Condition.FINE and not old
        yield Finding(tenant, is_fine, "; ".join(filter(None, parts)))


def _age(state: InstanceState, now_ms: float) -> str:
    if not state.synchronised_at_ms:
        return "never synchronised"
    age_ms = state.age_ms(now_ms)
    size, unit = next(
        ((each, name) for each, name in ((DAY_MS, "d"), (HOUR_MS, "h")) if age_ms >= 2 * each), (MINUTE_MS, "min")
    )
    return f"synchronised {age_ms / size:.0f} {unit} ago"
