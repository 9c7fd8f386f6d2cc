"""Pairs of one label in a batch, and the loss that reads them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import normalize

from model_containers.trainer.lora.contrast import TEMPERATURE, batches, contrast

TOGETHER = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])


def test_labels_that_lie_together_surprise_less_than_labels_that_are_mixed() -> None:
    right, mixed = torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 0, 1])
    assert contrast(TOGETHER, right) < 0.1 < 1.0 < contrast(TOGETHER, mixed)


def test_the_loss_is_the_mean_surprise_at_each_partner() -> None:
    """By hand: each of the two finds its partner at cosine 1 and the third text, which has none, at cosine 0."""
    vectors, labels = TOGETHER[:3], torch.tensor([0, 0, 1])
    alone = math.log(math.exp(1 / TEMPERATURE) + math.exp(0)) - 1 / TEMPERATURE
    assert float(contrast(vectors, labels)) == pytest.approx(alone, abs=1e-6)


def test_a_batch_without_pairs_has_no_loss_and_no_broken_gradient() -> None:
    vectors = torch.randn(3, 4, generator=torch.Generator().manual_seed(1)).requires_grad_()
    loss = contrast(normalize(vectors, dim=1), torch.tensor([0, 1, 2]))
    loss.backward()
    assert loss.item() == 0 and vectors.grad is not None and torch.isfinite(vectors.grad).all()


def test_gradients_draw_one_label_together() -> None:
    vectors = torch.tensor([[1.0, 0.2], [0.2, 1.0], [0.7, 0.7]], requires_grad=True)
    labels = torch.tensor([0, 0, 1])
    before = contrast(normalize(vectors, dim=1), labels)
    before.backward()
    assert vectors.grad is not None
    after = contrast(normalize(vectors.detach() - 0.1 * vectors.grad, dim=1), labels)
    assert after < before


def test_every_text_comes_once_an_epoch_beside_one_of_its_label() -> None:
    targets = np.repeat(np.arange(6), 4)
    for drawn in (list(batches(targets, 8, 1, seed, together=2)) for seed in (1, 2)):
        assert sorted(place for batch in drawn for place in batch) == list(range(24))
        assert all(targets[batch[i]] == targets[batch[i + 1]] for batch in drawn for i in range(0, 8, 2))


def test_partners_change_with_the_epoch_and_the_seed_settles_all() -> None:
    targets = np.repeat(np.arange(3), 6)
    drawn = [tuple(sorted(batch)) for batch in batches(targets, 2, 2, 1, together=2)]
    assert set(drawn[:9]) != set(drawn[9:])
    assert list(batches(targets, 4, 2, 1, together=2)) == list(batches(targets, 4, 2, 1, together=2))
    assert list(batches(targets, 4, 2, 1, together=2)) != list(batches(targets, 4, 2, 2, together=2))


def test_a_label_with_an_odd_number_loses_none() -> None:
    targets = np.array([0, 0, 0, 1])
    assert sorted(place for batch in batches(targets, 3, 1, 1, together=2) for place in batch) == [0, 1, 2, 3]


def test_one_by_one_is_a_shuffle() -> None:
    targets = np.repeat(np.arange(4), 8)
    drawn = [place for batch in batches(targets, 5, 1, 1, together=1) for place in batch]
    assert sorted(drawn) == list(range(32)) != drawn
    assert any(targets[a] != targets[b] for a, b in zip(drawn[::2], drawn[1::2], strict=True))
