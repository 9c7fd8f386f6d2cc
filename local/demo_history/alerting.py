"""The demo's rules of alerts: written as a quality manager writes them, evaluated over the made-up past by the function
that evaluates everybody's. What they find is what is there."""

from __future__ import annotations

from dataclasses import replace

from local.demo_history.plan import TENANT
from local.embedded import EmbeddedSotto
from sotto.alerts.rule import Channel, Kind, Rule, RuleFilter
from sotto.api.alerts.use_cases import save_rule
from sotto.api.caller import Caller
from sotto.api.roles import Role

TEAMS = RuleFilter("team", ("retention", "service"))
_MISSED = Rule(
    tenant=TENANT,
    id="demo-checklist-steps",
    name="A checklist step is often left out",
    kind=Kind.THRESHOLD,
    changed_by="",
    changed_at_ms=0,
    metric="checklist_adherence",
    filters=(TEAMS,),
    by="item",
    days=28,
    above=False,
    level=0.65,
    at_least=200,
    channels=frozenset({Channel.EMAIL}),
)
RULES = (
    _MISSED,
    replace(
        _MISSED, id="demo-queue-times", name="Customers wait longer than the week before", kind=Kind.CHANGE,
        metric="average_queue_time", by="queue", days=7, above=True, level=15.0, at_least=30,
    ),
    replace(
        _MISSED, id="demo-risk-on-a-call", name="A serious moment on a live call", kind=Kind.MOMENT, metric="", by="",
        days=1, above=True, level=0.0, at_least=1, severity="high",
    ),
)  # fmt: skip


def write_rules(sotto: EmbeddedSotto) -> None:
    """Before the first call, so that its moments are looked at; those that somebody has written stay."""
    known = {each.id for each in sotto.root.alert_rules.rules(TENANT)}
    somebody = Caller(TENANT, "quinn", Role.QUALITY)
    for rule in RULES:
        if rule.id not in known:
            save_rule(rule, somebody, sotto.root.agent_ports.alerts)
