"""The shared encoder's forward pass for training: the same as the shard's, with gradients into low-rank additions.

Written for CPUs: frozen weights are kept in bfloat16 (AMX multiplies them several times faster than float32); attention
is plain products, because a third of a step went into the backward pass of torch's fused one; dropout masks are cut
from a pool of random bits instead of drawn 13 times a step. Readings that are judged or served are float32.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

LAYERS, HEADS, DIMENSIONS, EPSILON = 6, 12, 384, 1e-12
DROPOUT = 0.1
_LINEARS = (
    *("attention.self.query", "attention.self.key", "attention.self.value"),
    *("attention.output.dense", "intermediate.dense", "output.dense"),
)
_MASKED = -1e4
_POOL = 1 << 23
"""Bits: more than the largest activation, and few enough to stay in memory."""


class TrainableEncoder(nn.Module):
    """Frozen Linears and what is added to each: ``x @ A.T @ B.T * alpha / rank``. B begins at zero."""

    def __init__(self, directory: Path, *, rank: int, alpha: int, seed: int) -> None:
        super().__init__()
        drawn = torch.Generator().manual_seed(seed)
        every = load_file(str(directory / "model.safetensors"))
        self._exact = {name: weight for name, weight in every.items() if weight.dtype == torch.float32}
        self._fast = {name: weight.to(torch.bfloat16) for name, weight in self._exact.items()}
        self._scale = alpha / rank
        self.names = [f"encoder.layer.{layer}.{linear}" for layer in range(LAYERS) for linear in _LINEARS]
        self.a, self.b = nn.ParameterList(), nn.ParameterList()
        for name in self.names:
            rows, columns = self._exact[f"{name}.weight"].shape
            bound = 1 / math.sqrt(columns)
            self.a.append(nn.Parameter(torch.empty(rank, columns).uniform_(-bound, bound, generator=drawn)))
            self.b.append(nn.Parameter(torch.zeros(rows, rank)))
        self._places = {name: place for place, name in enumerate(self.names)}
        kept = torch.rand(_POOL, generator=drawn) >= DROPOUT
        self._pool = kept.to(torch.bfloat16) / (1 - DROPOUT)
        self._cuts = random.Random(seed)

    def forward(self, pack: Sequence[Sequence[int]]) -> torch.Tensor:
        """Token ids of some texts to their unit vectors, shape (len(pack), 384), float32."""
        weights = self._fast if self.training else self._exact
        ids, mask = _padded(pack)
        hidden = self._embedded(ids, weights)
        unseen = torch.zeros(len(pack), 1, 1, ids.shape[1], dtype=hidden.dtype)
        unseen = unseen.masked_fill(~mask[:, None, None, :], _MASKED)
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, unseen, weights)
        states, kept = hidden.view(*ids.shape, DIMENSIONS).float(), mask.unsqueeze(-1).float()
        return functional.normalize((states * kept).sum(1) / kept.sum(1), dim=1)

    def _embedded(self, ids: torch.Tensor, weights: dict[str, torch.Tensor]) -> torch.Tensor:
        words = weights["embeddings.word_embeddings.weight"][ids]
        places = weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        return self._dropped(_normed("embeddings.LayerNorm", words + places + kind, weights)).view(-1, DIMENSIONS)

    def _layer(
        self, name: str, hidden: torch.Tensor, unseen: torch.Tensor, weights: dict[str, torch.Tensor]
    ) -> torch.Tensor:
        attended = self._attention(name + "attention.", hidden, unseen, weights)
        hidden = _normed(name + "attention.output.LayerNorm", self._dropped(attended) + hidden, weights)
        widened = functional.gelu(self._linear(name + "intermediate.dense", hidden, weights))
        narrowed = self._dropped(self._linear(name + "output.dense", widened, weights))
        return _normed(name + "output.LayerNorm", narrowed + hidden, weights)

    def _attention(
        self, name: str, hidden: torch.Tensor, unseen: torch.Tensor, weights: dict[str, torch.Tensor]
    ) -> torch.Tensor:
        texts, longest = unseen.shape[0], unseen.shape[-1]
        query, key, value = (
            self._linear(f"{name}self.{part}", hidden, weights).view(texts, longest, HEADS, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        shares = torch.softmax((query / math.sqrt(DIMENSIONS / HEADS)) @ key.transpose(2, 3) + unseen, dim=-1)
        mixed = (shares @ value).transpose(1, 2).reshape(-1, DIMENSIONS)
        return self._linear(name + "output.dense", mixed, weights)

    def _linear(self, name: str, x: torch.Tensor, weights: dict[str, torch.Tensor]) -> torch.Tensor:
        place = self._places[name]
        a, b = self.a[place].to(x.dtype), (self.b[place] * self._scale).to(x.dtype)
        base = functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])
        return torch.addmm(base, x @ a.T, b.T)

    def _dropped(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        first = self._cuts.randrange(_POOL - x.numel())
        return x * self._pool[first : first + x.numel()].view(x.shape)


def _padded(pack: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(map(len, pack))
    ids = torch.tensor([[*text, *[0] * (longest - len(text))] for text in pack])
    return ids, torch.arange(longest)[None, :] < torch.tensor([len(text) for text in pack])[:, None]


def _normed(name: str, x: torch.Tensor, weights: dict[str, torch.Tensor]) -> torch.Tensor:
    return functional.layer_norm(x, (DIMENSIONS,), weights[f"{name}.weight"], weights[f"{name}.bias"], EPSILON)
