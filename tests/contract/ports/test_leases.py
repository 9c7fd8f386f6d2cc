"""Contract tests: who may write what a contact's audio says, in memory and in DynamoDB's emulation."""

from __future__ import annotations

from typing import Any

import pytest

from local.simulation.leases import LeasesInMemory
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table
from sotto.transcription.adapters.dynamodb_leases import DynamoLeases
from sotto.transcription.lease.lease import LeaseLost, Leases
from tests.contract.ports.leases_contract import LeasesContract, committed, taken_by
from tests.fakes.retention import KeptUntil


class TestLeasesInMemory(LeasesContract):
    @pytest.fixture
    def leases(self) -> Leases:
        return LeasesInMemory()


class TestDynamoLeases(LeasesContract):
    @pytest.fixture
    def leases(self, table: Table) -> Leases:
        return DynamoLeases(table, KeptUntil())


class BusyTable(Table):
    """Before each of the next writes, somebody else is quicker (``meanwhile``), or DynamoDB reports a conflict."""

    def __init__(self, client: Any, meanwhile: list[Any]) -> None:
        super().__init__(client, "sotto-records")
        self._meanwhile = meanwhile

    def put(self, item: Any, condition: str | None = None, **values: Any) -> None:
        if self._meanwhile:
            self._meanwhile.pop(0)()
        super().put(item, condition, **values)

    def put_all(self, writes: Any) -> None:
        if self._meanwhile:
            self._meanwhile.pop(0)()
        super().put_all(writes)


def conflict() -> None:
    raise ConditionFailed((), conflict=True)


def test_a_successor_takes_the_contact_although_its_holder_never_stops_writing(dynamodb: Any) -> None:
    holders = DynamoLeases(Table(dynamodb, "sotto-records"), KeptUntil())
    held = [taken_by(holders, "a")]
    writes = [lambda seq=seq: held.append(committed(holders, held[-1], seq)) for seq in range(1, 6)]
    taken = taken_by(DynamoLeases(BusyTable(dynamodb, writes), KeptUntil()), "b", 2)
    assert taken.checkpoint.utterances == 5, "the checkpoint is the last one, not the one read first"
    with pytest.raises(LeaseLost):
        committed(holders, held[-1], 6)


def test_a_conflict_with_another_write_is_no_loss_of_the_lease(dynamodb: Any) -> None:
    leases = DynamoLeases(BusyTable(dynamodb, [lambda: None, conflict, conflict]), KeptUntil())
    assert committed(leases, taken_by(leases, "a"), 1).checkpoint.utterances == 1


def test_conflicts_without_end_mean_that_the_store_cannot_be_had(dynamodb: Any) -> None:
    leases = DynamoLeases(BusyTable(dynamodb, [lambda: None, *([conflict] * 50)]), KeptUntil())
    with pytest.raises(StorageUnavailable):
        committed(leases, taken_by(leases, "a"), 1)
