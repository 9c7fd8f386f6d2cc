"""Unit: readings in groups whose number nobody knows."""

from __future__ import annotations

import numpy as np
import pytest

from model_containers.shard.base_encoder.embedding import Vectors
from model_containers.trainer.heads.fitting import Targets
from model_containers.trainer.heads.grouping import AT_ONCE, MANY_NAMES, centre_of, in_groups, partition

DIMENSIONS = 32
NOTHING_KNOWN: Targets = np.zeros(0, dtype=np.int64)


def around(count: int, each: int, seed: int = 1, spread: float = 0.05) -> Vectors:
    """``count`` directions, ``each`` readings around every one, one after the other."""
    centres = np.linalg.qr(np.random.RandomState(5).standard_normal((DIMENSIONS, DIMENSIONS)))[0][:count]
    noise = np.random.RandomState(seed).standard_normal((count * each, DIMENSIONS))
    return (np.repeat(centres, each, axis=0) + spread * noise).astype(np.float32)


def gaps_of(vectors: Vectors) -> list[tuple[str, int]]:
    return [(f"wish number {place}", place) for place in range(len(vectors))]


def found(vectors: Vectors, **kept: str) -> list[list[int]]:
    done = in_groups(gaps_of(vectors), vectors, kept, ((), vectors[:0]), None)
    return [list(group.members) for group in done.groups]


def test_readings_around_six_directions_are_six_groups() -> None:
    groups = found(around(6, 20))
    assert sorted(groups) == [list(range(start, start + 20)) for start in range(0, 120, 20)]
    assert found(around(6, 20)) == groups, "and again the same"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_none_or_too_few_make_no_group(count: int) -> None:
    assert found(around(1, 3)[:count]) == []


def test_all_the_same_are_one_group() -> None:
    assert found(np.repeat(around(1, 1), 40, axis=0)) == [list(range(40))]


def test_a_reading_that_is_no_number_is_in_no_group_and_is_counted() -> None:
    vectors = around(6, 20)
    vectors[3] = np.nan
    vectors[4, 1] = np.inf
    done = in_groups(gaps_of(vectors), vectors, {}, ((), vectors[:0]), None)
    assert done.left_out == {"no reading": 2}
    assert not {3, 4} & {place for group in done.groups for place in group.members}


def test_a_group_that_is_kept_is_found_again_and_small_talk_is_left_out() -> None:
    before, now = around(6, 20), around(6, 20, seed=2)
    centre = centre_of(before[:20] / np.linalg.norm(before[:20], axis=1, keepdims=True))
    done = in_groups(gaps_of(now), now, {"ignored": centre, "broken": "AAEC"}, ((), now[:0]), before[40:41])
    assert sorted(done.joined["ignored"]) == list(range(20)) and set(done.joined) == {"ignored"}
    assert done.left_out == {"small talk": 20}
    assert sum(len(group.members) for group in done.groups) == 80


def test_what_is_nearest_is_named() -> None:
    vectors = around(6, 20)
    done = in_groups(gaps_of(vectors), vectors, {}, (("card_lost", "fees"), vectors[[0, 40]]), None)
    nearest = {group.members[0]: (group.nearest, group.near > 0.8) for group in done.groups}
    assert nearest[0] == ("card_lost", True) and nearest[40] == ("fees", True) and nearest[60][1] is False


def test_with_many_names_new_wishes_are_groups_beside_them() -> None:
    every, names = around(26, 60, spread=0.06), MANY_NAMES + 2
    truth = np.repeat(np.arange(26), 60)
    is_labelled = (np.arange(len(every)) % 60 < 20) & (truth < names)
    cut = partition(every[~is_labelled], every[is_labelled], truth[is_labelled])
    rest = truth[~is_labelled]
    assert all(set(cut[rest == name]) == {name} for name in range(names)), "what is known has the first numbers"
    new = [set(cut[rest == wish]) for wish in range(names, 26)]
    assert min(set.union(*new)) >= names and sum(map(len, new)) == len(set.union(*new)), "no group of two wishes"


def test_more_than_are_agglomerated_go_to_the_nearest_group() -> None:
    vectors = around(20, AT_ONCE // 20 + 5)
    cut = partition(vectors, vectors[:0], NOTHING_KNOWN).reshape(20, -1)
    assert (cut == cut[:, :1]).all() and len(set(cut[:, 0])) == 20
