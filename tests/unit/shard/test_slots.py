"""Unit: who leaves the device, and who does not."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model_containers.shard.adapters.slots import Slot, Slots
from model_containers.shard.lora.gathered import AdapterPools
from model_containers.shard.protocol.errors import NoRoom
from sotto.models.package import ModelCard

ROWS = 8


def any_pools(rows: int = ROWS) -> AdapterPools:
    return AdapterPools({"x": (2, 2)}, rank_rows=rows, dtype=torch.float32)


def any_card(name: str) -> ModelCard:
    return ModelCard(task="generation", tenant="bank", model=name, version="1", base_model="b", base_revision="1")


def placed(slots: Slots, name: str, rank: int, **state: bool) -> Slot:
    slot = Slot(name, any_card(name), slots.make_room(rank), bytes=rank, **state)
    slots.add(slot)
    return slot


def names(slots: Slots) -> list[str]:
    return [slot.url for slot in slots.all()]


def test_the_least_recently_used_leaves_first() -> None:
    slots = Slots(any_pools())
    for name in "abcd":
        placed(slots, name, 2)
    slots.get("a")
    placed(slots, "e", 2)
    assert names(slots) == ["c", "d", "a", "e"]


def test_a_large_adapter_takes_the_room_of_several_small_ones() -> None:
    slots = Slots(any_pools())
    for name in "abcd":
        placed(slots, name, 2)
    placed(slots, "large", 5)
    assert names(slots) == ["d", "large"]


def test_what_is_pinned_or_in_use_stays_and_then_there_is_no_room() -> None:
    slots = Slots(any_pools())
    placed(slots, "pinned", 4, pinned=True)
    used = placed(slots, "used", 4)
    used.holders = 1
    with pytest.raises(NoRoom):
        slots.make_room(1)
    used.holders = 0
    placed(slots, "next", 4)
    assert names(slots) == ["pinned", "next"]


def test_nothing_leaves_when_it_would_not_make_enough_room() -> None:
    slots = Slots(any_pools())
    placed(slots, "a", 4)
    placed(slots, "pinned", 4, pinned=True)
    with pytest.raises(NoRoom):
        slots.make_room(5)
    assert names(slots) == ["a", "pinned"]


def test_the_last_room_for_others_cannot_be_pinned() -> None:
    slots = Slots(any_pools())
    placed(slots, "a", 4)
    placed(slots, "b", 4)
    slots.pin("a")
    with pytest.raises(NoRoom, match="unpin"):
        slots.pin("b")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 5), st.sampled_from(["use", "hold", "drop"]))))
def test_rows_are_never_shared_nor_lost_and_held_adapters_never_leave(steps: list[tuple[str, int, str]]) -> None:
    pools = any_pools()
    slots = Slots(pools)
    held: dict[str, Slot] = {}
    for name, rank, step in steps:
        if step == "drop" and name in held:
            held.pop(name).holders = 0
            continue
        slot = slots.get(name)
        if slot is None:
            try:
                slot = placed(slots, name, rank)
            except NoRoom:
                assert ROWS - sum(s.rank for s in held.values()) < rank
                continue
        if step == "hold":
            slot.holders = 1
            held[name] = slot
        rows = [row for s in slots.all() for row in s.placement.rows]
        assert len(rows) == len(set(rows)) == ROWS - pools.free_rows
        assert 0 not in rows
        assert set(held) <= set(names(slots))
