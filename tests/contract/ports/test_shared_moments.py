"""Contract: shared moments in DynamoDB and in memory; and that they go with their call."""

from __future__ import annotations

import pytest

from sotto.api.adapters.dynamodb_shared_moments import DynamoSharedMoments
from sotto.api.coaching.shared import SharedMoments
from sotto.aws import keys
from sotto.aws.table import Table
from sotto.contacts.adapters.dynamodb_erasures import DynamoErasures
from tests.contract.ports.shared_moments_contract import SharedMomentsContract, any_moment
from tests.fakes.retention import KeptUntil
from tests.fakes.shared_moments import SharedMomentsInMemory


class TestSharedMomentsInMemory(SharedMomentsContract):
    @pytest.fixture
    def shared(self) -> SharedMoments:
        return SharedMomentsInMemory()


class TestDynamoSharedMoments(SharedMomentsContract):
    @pytest.fixture
    def shared(self, table: Table) -> SharedMoments:
        return DynamoSharedMoments(table, KeptUntil())

    def test_lists_hold_no_words_and_everything_expires(self, shared: SharedMoments, table: Table) -> None:
        shared.add(any_moment())
        places = (keys.of_shared_moments("bank"), keys.of_shared_with("bank", "emma"))
        for pk in places:
            (row,) = table.stored(pk)
            assert "body" not in row and "Well put." not in str(row)
        everything = [each for pk in (*places, keys.of_contact("bank", "c1")) for each in table.stored(pk)]
        assert len(everything) == 4 and all("expires_at" in each for each in everything)

    def test_what_was_shared_of_a_call_goes_with_the_call_lists_included(
        self, shared: SharedMoments, table: Table
    ) -> None:
        for n in (1, 2):
            shared.add(any_moment(n))
        shared.add(any_moment(3, contact_id="c2"))
        erasures = DynamoErasures(table, KeptUntil())
        assert erasures.drop("bank", "c1") == 4
        assert erasures.left("bank", "c1") == 0 and not shared.of_contact("bank", "c1")
        assert [each.contact_id for each in shared.rows("bank", limit=9)] == ["c2"]
        assert [each.contact_id for each in shared.rows("bank", agent="emma", limit=9)] == ["c2"]
