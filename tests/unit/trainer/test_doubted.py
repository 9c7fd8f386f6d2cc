"""Unit: which labels of examples are doubted, beside what the tenant wrote; vectors are planted."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from model_containers.trainer.doubted import doubted

PLACES = {"lost": (1.0, 0.0, 0.0), "late": (0.0, 1.0, 0.0), "none_of_these": (0.0, 0.0, 1.0)}


class Planted:
    """A CachingEncoder of whose texts the first word says where they lie."""

    def whole(self, texts: list[str]) -> Any:
        source = np.random.default_rng(5)
        rows = [np.array(PLACES[text.split()[0]]) + source.normal(0, 0.15, 3) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32)


def phrases(each: int = 6) -> list[tuple[str, str]]:
    return [(f"{label} phrase {place}", label) for label in PLACES for place in range(each)]


def test_planted_wrong_labels_are_doubted_with_what_they_are() -> None:
    examples = [(f"{label} example {place}", label) for label in PLACES for place in range(15)]
    random.Random(3).shuffle(examples)
    wrong = {3, 11}
    given = [
        (text, next(each for each in PLACES if each != label)) if place in wrong else (text, label)
        for place, (text, label) in enumerate(examples)
    ]
    found = doubted(phrases(), given, Planted())  # type: ignore[arg-type]
    assert {each.example for each in found} == wrong
    assert all(each.suggested == given[each.example][0].split()[0] for each in found)
    assert [each.margin for each in found] == sorted((each.margin for each in found), reverse=True)


def test_where_there_is_too_little_nothing_is_doubted() -> None:
    encoder: Any = Planted()
    assert doubted(phrases(), [], encoder) == []
    assert doubted(phrases(), [("lost one", "late"), ("late one", "lost")], encoder) == []
    assert doubted([], [("lost one", "lost")] * 9, encoder) == [], "one label"
    rare = [("lost one", "rare"), *[("late one", "late")] * 6, *[("lost two", "lost")] * 6]
    assert all(each.example != 0 for each in doubted([], rare, encoder))
