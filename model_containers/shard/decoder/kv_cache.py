"""Keys and values of the sequences that run together: one row a sequence, one column a position.

A sequence's column is its position, so rows of unlike length need no padding on the left and nothing moves when others
come and go. Columns grow by doubling. transformers' attention asks for ``update`` alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class CacheShape:
    layers: int
    heads: int
    width: int
    dtype: torch.dtype
    device: torch.device

    @property
    def bytes_a_token(self) -> int:
        return 2 * self.layers * self.heads * self.width * self.dtype.itemsize


class KvCache:
    def __init__(self, shape: CacheShape, *, rows: int, columns: int) -> None:
        self._shape = shape
        self._rows = rows
        self._columns = columns
        self._keys = [self._empty(columns) for _ in range(shape.layers)]
        self._values = [self._empty(columns) for _ in range(shape.layers)]
        self._positions = torch.zeros(0, 0, dtype=torch.long)
        self._row_index = torch.zeros(0, dtype=torch.long)
        self._visible = 0

    def reach(self, columns: int) -> None:
        """Make sure that there are so many columns."""
        if columns <= self._columns:
            return
        more = max(columns, 2 * self._columns) - self._columns
        self._columns += more
        for held in (self._keys, self._values):
            for layer, tensor in enumerate(held):
                held[layer] = torch.cat([tensor, self._empty(more)], dim=2)

    def expect(self, positions: Tensor, visible: int) -> None:
        """The next pass brings tokens at ``positions`` (rows, tokens) and looks at the first ``visible`` columns."""
        self.reach(visible)
        self._positions = positions
        self._row_index = torch.arange(positions.shape[0], device=positions.device)[:, None]
        self._visible = visible

    def update(self, keys: Tensor, values: Tensor, layer_idx: int, *_: object, **__: object) -> tuple[Tensor, Tensor]:
        """Shapes (rows, heads, tokens, width) in, (rows, heads, visible, width) out: transformers' Cache.update."""
        rows = keys.shape[0]
        own_keys, own_values = self._keys[layer_idx], self._values[layer_idx]
        own_keys[self._row_index, :, self._positions] = keys.transpose(1, 2)
        own_values[self._row_index, :, self._positions] = values.transpose(1, 2)
        return own_keys[:rows, :, : self._visible], own_values[:rows, :, : self._visible]

    def get_seq_length(self, layer_idx: int = 0) -> int:
        return self._visible

    def copy_row(self, source: KvCache, source_row: int, row: int, length: int) -> None:
        self.reach(length)
        for mine, theirs in ((self._keys, source._keys), (self._values, source._values)):
            for target, given in zip(mine, theirs, strict=True):
                target[row, :, :length] = given[source_row, :, :length]

    def read(self, row: int, begin: int, end: int) -> Tensor:
        """A copy of these columns, shape (layers, 2, heads, columns, width)."""
        own = (torch.stack([tensor[row, :, begin:end] for tensor in held]) for held in (self._keys, self._values))
        return torch.stack(list(own), dim=1)

    def write(self, row: int, states: Tensor) -> None:
        """The first columns of a row, as ``read`` gives them."""
        columns = states.shape[3]
        self.reach(columns)
        for kind, held in enumerate((self._keys, self._values)):
            for layer, tensor in enumerate(held):
                tensor[row, :, :columns] = states[layer, kind]

    def _empty(self, columns: int) -> Tensor:
        shape = self._shape
        # Zeros: a masked column still enters the product, and what memory holds by chance may be NaN.
        return torch.zeros(self._rows, shape.heads, columns, shape.width, dtype=shape.dtype, device=shape.device)
