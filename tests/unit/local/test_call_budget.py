"""Unit tests: what DynamoDB would charge for what a played call writes."""

from __future__ import annotations

from benchmarks.call_budget import size_of, write_units


def test_an_item_is_its_names_and_values() -> None:
    assert size_of({"pk": {"S": "bank"}, "n": {"N": "1234"}, "b": {"B": "AAAA"}, "yes": {"BOOL": True}}) == (
        (2 + 4) + (1 + 4) + (1 + 3) + (3 + 1)
    )


def test_maps_and_lists_cost_three_bytes_and_one_for_each_member() -> None:
    assert size_of({"m": {"M": {"a": {"S": "xy"}}}}) == 1 + 3 + 1 + (1 + 2)
    assert size_of({"l": {"L": [{"S": "xy"}, {"S": "z"}]}}) == 1 + 3 + 2 + 3


def test_umlauts_count_as_they_are_stored() -> None:
    assert size_of({"s": {"S": "für"}}) == 1 + 4


def test_a_write_is_charged_by_the_begun_kilobyte() -> None:
    def put(length: int) -> dict[str, object]:
        return {"Put": {"TableName": "t", "Item": {"s": {"S": "x" * length}}}}

    assert [write_units(put(length)) for length in (1, 1_023, 1_024, 5_000)] == [1, 1, 2, 5]


def test_a_deletion_and_a_condition_alone_are_one() -> None:
    assert write_units({"Delete": {"TableName": "t", "Key": {"pk": {"S": "a"}}}}) == 1
    assert write_units({"ConditionCheck": {"TableName": "t", "Key": {"pk": {"S": "a"}}}}) == 1
