"""Runs in DynamoDB: one item beside the conversation, sealed as all that is said there, and two lists of the tenant's
that hold ids, names and times. All of a write is one transaction, its event included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.call.events import Event
from sotto.core.validation import silent
from sotto.workflows.run import RunState, WorkflowRun
from sotto.workflows.store import AlreadyStarted, RunChanged, RunRow

_run = silent(WorkflowRun)


class DynamoRuns:
    """Runs."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def run(self, tenant: str, contact_id: str, run_id: str) -> WorkflowRun | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.of_workflow(run_id))
        return _run.validate_json(item["body"]) if item else None

    def contact_of(self, tenant: str, run_id: str) -> str | None:
        row = self._table.get(keys.of_workflows(tenant), keys.of_workflow(run_id))
        return str(row["contact_id"]) if row else None

    def create(self, run: WorkflowRun, event: Event, *, once: bool = False) -> None:
        item = self._item(run)
        writes: list[Write] = [(item, "attribute_not_exists(pk)", {})]
        if once:
            place = {"pk": item["pk"], "sk": keys.of_workflow_once(run.definition.name)}
            noted = place | {"run": run.id, "expires_at": item["expires_at"]}
            writes.append((noted, "attribute_not_exists(pk)", {}))
        of_contact = {"pk": keys.of_workflows_of(run.tenant, run.contact_id), "sk": keys.of_workflow(run.id)}
        writes.append((of_contact | {"expires_at": item["expires_at"]}, None, {}))
        try:
            self._table.put_all([*writes, *self._rows(run), outbox_write(event)])
        except ConditionFailed as error:
            if once and 1 in error.which:
                raise AlreadyStarted from error
            raise RunChanged from error

    def replace(self, run: WorkflowRun, event: Event | None = None) -> None:
        writes: list[Write] = [(self._item(run), "version = :before", {"before": run.version - 1}), *self._rows(run)]
        if event is not None:
            writes.append(outbox_write(event))
        over = [] if _waits(run) else [(keys.of_waiting_workflows(run.tenant), keys.of_workflow(run.id))]
        try:
            self._table.put_all(writes, over)
        except ConditionFailed as error:
            raise RunChanged from error

    def listed(self, tenant: str, *, waiting: bool, before: str, limit: int) -> Sequence[RunRow]:
        pk = keys.of_waiting_workflows(tenant) if waiting else keys.of_workflows(tenant)
        last = keys.of_workflow(before) if before else f"{keys.WORKFLOW}~"
        wanted = limit + 1 if before else limit  # the bound itself is known
        found = self._table.between(pk, keys.WORKFLOW, last, wanted, backwards=True, at_once=wanted)
        rows = [_row(item) for item in found if not before or item["sk"] != last]
        return rows[:limit]

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[str]:
        items = self._table.stored(keys.of_workflows_of(tenant, contact_id))
        return [item["sk"].removeprefix(keys.WORKFLOW) for item in items]

    def forget(self, tenant: str, contact_id: str) -> int:
        found = self.of_contact(tenant, contact_id)
        for run_id in found:
            sk = keys.of_workflow(run_id)
            self._table.delete(keys.of_contact(tenant, contact_id), sk)
            self._table.delete(keys.of_waiting_workflows(tenant), sk)
            self._table.delete(keys.of_workflows(tenant), sk)
            self._table.delete(keys.of_workflows_of(tenant, contact_id), sk)  # last: by it the others are found
        return len(found)

    def _item(self, run: WorkflowRun) -> dict[str, Any]:
        return {
            "pk": keys.of_contact(run.tenant, run.contact_id),
            "sk": keys.of_workflow(run.id),
            "version": run.version,
            "body": _run.dump_json(run).decode(),
            "expires_at": self._retention.expires_at(run.tenant),
        }

    def _rows(self, run: WorkflowRun) -> list[Write]:
        row: dict[str, Any] = {
            "sk": keys.of_workflow(run.id),
            "contact_id": run.contact_id,
            "workflow": run.definition.name,
            "state": run.state.value,
            "started_at_ms": run.started_at_ms,
            "agent": run.agent,
            "team": run.team,
            "waits_since_ms": _waits_since_ms(run),
            "title": dict(run.definition.title),
            "expires_at": self._retention.expires_at(run.tenant),
        }
        rows: list[Write] = [(row | {"pk": keys.of_workflows(run.tenant)}, None, {})]
        if _waits(run):
            rows.append((row | {"pk": keys.of_waiting_workflows(run.tenant)}, None, {}))
        return rows


def _waits(run: WorkflowRun) -> bool:
    return run.state is RunState.WAITING


def _waits_since_ms(run: WorkflowRun) -> int:
    opened = run.open_step
    return opened.opened_at_ms if opened is not None and _waits(run) else 0


def _row(item: dict[str, Any]) -> RunRow:
    return RunRow(
        id=item["sk"].removeprefix(keys.WORKFLOW),
        contact_id=item["contact_id"],
        workflow=item["workflow"],
        state=RunState(item["state"]),
        started_at_ms=int(item["started_at_ms"]),
        agent=item.get("agent"),
        team=item.get("team"),
        waits_since_ms=int(item["waits_since_ms"]),
        title=item["title"],
    )
