"""Subscribes to ``feedback.given`` and ``transcript.completed``, of which a version on trial is judged at once; and
every minute, with an empty event, for all tenants of the cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from functions.roll_releases.function import FUNCTION
from sotto.call.envelope import event_from, is_ours
from sotto.core.tenant_by_tenant import tenant_by_tenant
from sotto.learning.rollout.judge import Judgement, Step
from sotto.learning.rollout.roll import judged, roll_due
from sotto.learning.rollout.tally import count_call
from sotto.learning.run import Run
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    log = sotto.logger("roll_releases")
    if is_ours(event):
        _note(_judged_now(event, sotto), sotto)
        return
    tenant_by_tenant(
        sotto.swept_tenants,
        lambda tenant: _note(roll_due(tenant, sotto.roll_ports), sotto),
        lambda error: log.warning("releases not judged", extra={"error": type(error).__name__}),
    )


def _note(judgements: Iterable[tuple[Run, Judgement]], sotto: Sotto) -> None:
    for run, found in judgements:
        if found.step is not Step.WAIT:
            extra = {"run": run.number, "stage": run.stage.value, "percent": run.percent, "because": found.why}
            sotto.logger("roll_releases").info("release rolled", extra=extra)


def _judged_now(event: Any, sotto: Sotto) -> Iterator[tuple[Run, Judgement]]:
    given = event_from(event)
    for run in count_call(given.tenant, given.contact_id, sotto.count_ports):
        yield judged(run, sotto.roll_ports)
