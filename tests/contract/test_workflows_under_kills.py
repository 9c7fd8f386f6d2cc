"""Contract: runs that are carried on over DynamoDB's emulation come to the same end wherever somebody is killed."""

from __future__ import annotations

from typing import Any

from sotto.aws import keys
from sotto.aws.table import Table
from sotto.call.envelope import Envelope, event_from
from sotto.call.events import Event
from sotto.workflows.adapters.dynamodb_runs import DynamoRuns
from sotto.workflows.run import WorkflowRun
from tests.contract.ports.conftest import aws, dynamodb, table
from tests.fakes.retention import KeptUntil
from tests.unit.workflows.test_kills import GIVES, a_person, what_came_of
from tests.unit.workflows.world import Killer, World

__all__ = ["aws", "dynamodb", "table"]
EACH = 7


class KilledRuns(DynamoRuns):
    """Runs whose writers die before and after each write."""

    def __init__(self, table: Table, killer: Killer) -> None:
        super().__init__(table, KeptUntil())
        self.killer = killer

    def create(self, run: WorkflowRun, event: Event, *, once: bool = False) -> None:
        self.killer.step()
        super().create(run, event, once=once)
        self.killer.step()

    def replace(self, run: WorkflowRun, event: Event | None = None) -> None:
        self.killer.step()
        super().replace(run, event)
        self.killer.step()


def played(table: Table, at: frozenset[int]) -> World:
    killer = Killer(at)

    def events() -> list[Event]:
        items = table.between(keys.of_contact("bank", "c1"), keys.EVENT, f"{keys.EVENT}~")
        written = [event_from({"detail": {name: each[name] for name in Envelope.model_fields}}) for each in items]
        return sorted(written, key=lambda each: (each.occurred_at_ms, each.number))

    runs, on = KilledRuns(table, killer), ("complaint_hand_off",)
    world = World(killer, a_person, runs=runs, events=events, gives=GIVES, on=on)
    world.begin()
    world.settle()
    return world


def test_killed_at_checkpoints_over_the_table_nothing_is_lost_or_doubled(table: Table) -> None:
    quiet = played(table, frozenset())
    expected: list[Any] = sorted(what_came_of(run) for run in quiet.all_runs())
    assert len(expected) == 1
    for at in range(0, quiet.killer.passed, EACH):
        for item in [*table.stored(keys.of_contact("bank", "c1"))]:
            table.delete(item["pk"], item["sk"])
        quiet.runs.forget("bank", "c1")
        killed = played(table, frozenset({at, at + 3}))
        assert sorted(what_came_of(run) for run in killed.all_runs()) == expected, f"killed at {at}"
        assert len(killed.tools.done) == len(quiet.tools.done)
