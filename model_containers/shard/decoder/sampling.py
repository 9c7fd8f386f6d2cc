"""The next token of each sequence of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from model_containers.shard.decoder.constraint import Constraint


@dataclass(slots=True)
class Sampling:
    """How one sequence chooses. ``random``: its own, so that a seed gives the same text whatever runs beside it."""

    temperature: float = 0.0
    top_p: float = 1.0
    random: torch.Generator | None = None
    constraint: Constraint | None = None


def next_tokens(logits: Tensor, wishes: Sequence[Sampling]) -> list[int]:
    """``logits``: shape (batch, vocabulary); rows with a constraint are masked in place."""
    for row, wish in zip(logits, wishes, strict=True):
        if wish.constraint is not None:
            row.masked_fill_(wish.constraint.forbidden().to(row.device), -torch.inf)
    # Not argmax, which takes five times as long in bfloat16 on a CPU.
    likeliest: list[int] = logits.max(dim=-1).indices.tolist()
    return [
        _drawn(row, wish) if wish.temperature > 0 else best
        for row, wish, best in zip(logits, wishes, likeliest, strict=True)
    ]


def _drawn(row: Tensor, wish: Sampling) -> int:
    probabilities = (row.float().cpu() / wish.temperature).softmax(dim=-1)
    if wish.top_p < 1:
        probabilities = _nucleus(probabilities, wish.top_p)
    return int(probabilities.multinomial(1, generator=wish.random))


def _nucleus(probabilities: Tensor, top_p: float) -> Tensor:
    """The fewest tokens that together reach ``top_p``; the likeliest always stays."""
    ordered, places = probabilities.sort(descending=True)
    ordered[(ordered.cumsum(0) - ordered) >= top_p] = 0
    return torch.zeros_like(probabilities).scatter_(0, places, ordered)
