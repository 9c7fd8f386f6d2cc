"""Low-rank products in a packed pass, in which texts lie end to end instead of being padded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

FEW_SEQUENCES = 4
"""With so many adapters in a packed pass, a product for each costs less than gathering their tokens into one."""


class _Rows(NamedTuple):
    """``padded`` (sequences, longest) says which token stands where, ``packed`` (their tokens,) is the way back to
    ``tokens``."""

    padded: Tensor
    packed: Tensor
    tokens: Tensor


@dataclass(frozen=True, slots=True)
class Layout:
    """A packed pass: texts lie end to end in one (tokens, width) matrix instead of being padded.

    Only the sequences with an adapter are listed, so the others cost nothing: ``spans`` says from which token to which
    each goes. Many are gathered into ``rows``. A few have none: they are slices of the matrix, which copies nothing.
    """

    spans: tuple[tuple[int, int], ...]
    rows: _Rows | None

    @classmethod
    def of(cls, spans: Sequence[tuple[int, int]]) -> Layout:
        if len(spans) <= FEW_SEQUENCES:
            return cls(tuple(spans), None)
        lengths = torch.tensor([end - start for start, end in spans])
        longest = int(lengths.max())
        places = torch.arange(longest)[None, :]
        starts = torch.tensor([start for start, _ in spans])
        padded = starts[:, None] + places.minimum(lengths[:, None] - 1)
        owner = torch.repeat_interleave(torch.arange(len(lengths)), lengths)
        own = torch.arange(int(lengths.sum())) - (lengths.cumsum(0) - lengths)[owner]
        return cls(tuple(spans), _Rows(padded, owner * longest + own, starts[owner] + own))

    def add(self, inputs: Tensor, outputs: Tensor, a: Tensor, b: Tensor) -> Tensor:
        """To ``outputs`` where they lie: they are fresh from a Linear, and nobody will differentiate them. ``a`` is
        (sequences, in, rank), ``b`` (sequences, rank, out)."""
        assert self.rows is not None
        added = torch.bmm(torch.bmm(inputs[self.rows.padded], a), b)
        return outputs.index_add_(0, self.rows.tokens, added.flatten(0, 1)[self.rows.packed])

    def add_apart(self, inputs: Tensor, outputs: Tensor, factors: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
        """The same, with each sequence's (rank, in) and (rank, out)."""
        for (start, end), (a, b) in zip(self.spans, factors, strict=True):
            outputs[start:end].addmm_(inputs[start:end] @ a.t(), b)
        return outputs
