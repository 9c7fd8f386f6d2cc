"""What a head learns from: phrases, and the names of labels."""

from __future__ import annotations

import numpy as np
import pytest

from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.trainer.examples.labelled import examples, spoken_name
from model_containers.trainer.heads.fitting import out_of_fold

PHRASES = {"card_lost": ("where is my card", "Card lost"), "bye": ("good bye", "see you"), NONE_OF_THESE: ("hm", "ah")}


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("card_arrival", "card arrival"),
        ("cardArrival", "card Arrival"),
        ("card-not-working?", "card not working"),
        ("Karte_gesperrt", "Karte gesperrt"),
        ("intent_12", "intent"),
        ("i12", ""),
        ("7", ""),
        ("", ""),
    ],
)
def test_a_name_is_its_words(label: str, name: str) -> None:
    assert spoken_name(label) == name


def test_names_are_learned_from_where_asked_and_no_phrase_twice() -> None:
    plain, named = examples(PHRASES), examples(PHRASES, names=True)
    assert plain.is_utterance.all() and len(plain.texts) == 6
    added = [
        (text, named.labels[label])
        for text, label, is_utterance in zip(named.texts, named.targets, named.is_utterance, strict=True)
        if not is_utterance
    ]
    assert added == [("bye", "bye")]  # "card lost" is a phrase already, and nobody is none of these
    assert named.texts[:6] == plain.texts


def test_some_of_them_keep_their_order_and_what_they_are() -> None:
    some = examples(PHRASES, names=True).only([6, 0])
    assert some.texts == ("bye", "where is my card") and some.is_utterance.tolist() == [False, True]
    assert some.targets.tolist() == [1, 0]


def test_names_are_learned_from_in_every_fold_and_judged_in_none() -> None:
    """Two labels whose phrases say nothing: only what is always learned from tells them apart."""
    judged = np.array([True] * 8 + [False] * 2)
    targets = np.array([0, 1] * 4 + [0, 1])
    vectors = np.zeros((10, 3), dtype=np.float32)
    vectors[:8, 2] = 1.0
    vectors[8], vectors[9] = (1, 0, 0), (0, 1, 0)
    logits = out_of_fold(vectors, targets, 2, 10.0, judged)
    assert logits.shape == (8, 2)
    apart = vectors.copy()
    apart[:8, 0] = 0.5 * (targets[:8] == 0)
    apart[:8, 1] = 0.5 * (targets[:8] == 1)
    assert (out_of_fold(apart, targets, 2, 10.0, judged).argmax(axis=1) == targets[:8]).all()
