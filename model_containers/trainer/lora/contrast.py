"""Texts of one label beside each other: supervised contrastive learning (Khosla et al., arXiv 2004.11362)."""

from __future__ import annotations

import random
from collections.abc import Iterator

import torch
from torch import Tensor

from model_containers.trainer.heads.fitting import Targets

TEMPERATURE = 0.1


def contrast(vectors: Tensor, labels: Tensor) -> Tensor:
    """How surprising it is that each text's own label lies closest, over a batch of unit vectors, shape (batch,
    dimensions). A text that is alone with its label says nothing of its own; zero where all are."""
    itself = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    likeness = (vectors @ vectors.T / TEMPERATURE).masked_fill(itself, float("-inf"))
    same = (labels[:, None] == labels[None, :]) & ~itself
    probabilities = (likeness - likeness.logsumexp(dim=1, keepdim=True)).masked_fill(~same, 0.0)
    paired = same.any(dim=1)
    each = -probabilities.sum(dim=1) / same.sum(dim=1).clamp(min=1)
    return each.sum() / paired.sum().clamp(min=1)


def batches(targets: Targets, size: int, epochs: int, seed: int, *, together: int) -> Iterator[list[int]]:
    """Places of texts, each once an epoch, ``together`` of a label side by side (2: pairs); batches of ``size``, the
    last may be smaller. Who is beside whom changes with the epoch."""
    source = random.Random(seed)
    places: dict[int, list[int]] = {}
    for place, label in enumerate(targets.tolist()):
        places.setdefault(label, []).append(place)
    for _ in range(epochs):
        groups = []
        for own in places.values():
            source.shuffle(own)
            groups += [own[i : i + together] for i in range(0, len(own), together)]
        source.shuffle(groups)
        order = [place for group in groups for place in group]
        yield from (order[i : i + size] for i in range(0, len(order), size))
