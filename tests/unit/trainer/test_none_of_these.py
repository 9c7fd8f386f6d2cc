from __future__ import annotations

import numpy as np
import pytest

from model_containers.trainer.heads.classifiers import best_threshold, in_and_out

NONE = 2


def chances_that_overlap() -> tuple[np.ndarray, np.ndarray]:
    """Forty texts of two intents and forty of none, whose certainties overlap."""
    source = np.random.default_rng(3)
    targets = np.repeat([0, 1, NONE], [20, 20, 40])
    logits = source.normal(0.0, 1.0, (80, 3))
    logits[np.arange(80), targets] += 1.5
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return probabilities.astype(np.float32), targets


@pytest.mark.parametrize("ood_recall", [0.5, 0.8, 0.9, 1.0])
def test_a_threshold_leaves_as_much_alone_as_was_asked(ood_recall: float) -> None:
    probabilities, targets = chances_that_overlap()
    _, left_alone = in_and_out(probabilities, targets, NONE, best_threshold(probabilities, targets, NONE, ood_recall))
    assert left_alone >= ood_recall


def test_the_less_is_to_be_left_alone_the_more_is_answered() -> None:
    probabilities, targets = chances_that_overlap()
    answered = [
        in_and_out(probabilities, targets, NONE, best_threshold(probabilities, targets, NONE, ood_recall))[0]
        for ood_recall in (1.0, 0.9, 0.8, 0.6)
    ]
    assert answered == sorted(answered) and answered[0] < answered[-1]
