"""One batch, many adapters: the factors of the batch's adapters are gathered once, then every layer is one ``baddbmm``.
A decode step on a CPU does not even gather: single_token.c reads the rows where they lie.

Factors live in pools of rank rows, A (rows, in) and B (rows, out) for each target. An adapter of rank r occupies r
rows, wherever they are free; so ranks mix without padding at rest, memory is what the file holds, and nothing ever has
to be moved together. Row 0 is zero: it pads smaller ranks within a batch, and is all that "no adapter" is.

Pools are written while a step runs: a step reads only what was gathered for it or rows whose adapter is held by the
batch, and a gather reads only such rows too. That is why a cold load never stalls the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import torch
from torch import Tensor, nn

from model_containers.shard.lora.packed import Layout
from model_containers.shard.lora.peft_format import AdapterWeights, Factors
from model_containers.shard.lora.single_token import addition


@dataclass(frozen=True, slots=True, eq=False)
class AdapterPlacement:
    """Where one adapter's rank rows lie while it is resident. Compared by identity: the same rows may serve another
    adapter later, and what was gathered for this one must not be taken for that one's."""

    rows: tuple[int, ...]


NO_ADAPTER = AdapterPlacement(())


class NoRows(Exception):
    """Fewer free rank rows than the adapter needs."""


@dataclass(slots=True)
class _Pool:
    a: Tensor
    b: Tensor


class AdapterPools:
    """The pools of all targets (module path to (in, out)), and the gathered factors of the current batch."""

    def __init__(
        self,
        targets: Mapping[str, tuple[int, int]],
        *,
        rank_rows: int,
        dtype: torch.dtype,
        device: torch.device | str = "cpu",
    ) -> None:
        self.targets = dict(targets)
        self.dtype = dtype
        self.device = torch.device(device)
        self._pools = {
            name: _Pool(
                torch.zeros(rank_rows + 1, width, dtype=dtype, device=device),
                torch.zeros(rank_rows + 1, height, dtype=dtype, device=device),
            )
            for name, (width, height) in self.targets.items()
        }
        self._free = list(range(rank_rows, 0, -1))
        self._composition = Composition(())
        self._single_token = addition(dtype, self.device)
        self._sums = torch.empty(max((height for _, height in self.targets.values()), default=0))

    def prefer_compiled(self, wanted: bool) -> bool:
        """Whether decode steps use the compiled product from now on; there may be none. It is used by default."""
        self._single_token = addition(self.dtype, self.device) if wanted else None
        return self._single_token is not None

    @property
    def free_rows(self) -> int:
        return len(self._free)

    @property
    def row_bytes(self) -> int:
        """Memory of one rank row over all targets."""
        return sum(width + height for width, height in self.targets.values()) * self.dtype.itemsize

    def reserve(self, rank: int) -> AdapterPlacement:
        """Raises NoRows."""
        if rank > len(self._free):
            raise NoRows
        taken = tuple(sorted(self._free[-rank:]))
        del self._free[-rank:]
        return AdapterPlacement(taken)

    def write(self, placement: AdapterPlacement, weights: AdapterWeights) -> None:
        """Fill reserved rows. Targets that the adapter leaves alone get zeros. May run beside a step."""
        rows = placement.rows
        if rows[-1] - rows[0] == len(rows) - 1:  # side by side, as adapters of one rank always lie: slices are memory
            whole = slice(rows[0], rows[-1] + 1)
            for a, b, factors in self._targeted(weights):
                a[whole] = factors.a if factors else 0
                b[whole] = factors.b if factors else 0
            return
        index = torch.tensor(rows, device=self.device)
        for a, b, factors in self._targeted(weights):
            if factors is None:
                a.index_fill_(0, index, 0)
                b.index_fill_(0, index, 0)
            else:
                a.index_copy_(0, index, factors.a.to(self.device, self.dtype))
                b.index_copy_(0, index, factors.b.to(self.device, self.dtype))

    def _targeted(self, weights: AdapterWeights) -> Iterator[tuple[Tensor, Tensor, Factors | None]]:
        """Each target's pools, and what the adapter has for it."""
        for name, pool in self._pools.items():
            yield pool.a, pool.b, weights.factors.get(name)

    def release(self, placement: AdapterPlacement) -> None:
        self._free.extend(reversed(placement.rows))

    def compose(self, batch: Sequence[AdapterPlacement], layout: Layout | None = None) -> Composition:
        """What the following passes compute: one entry a sequence. The same batch again costs nothing."""
        wanted = tuple(batch)
        if wanted != self._composition.batch or layout is not self._composition.layout:
            self._composition = Composition(wanted, layout)
        return self._composition

    def use(self, composition: Composition) -> None:
        """Go back to an earlier batch, with what was gathered for it."""
        self._composition = composition

    def add(self, name: str, inputs: Tensor, outputs: Tensor) -> Tensor:
        """``outputs`` plus each sequence's own low-rank product of ``inputs``: shapes (batch, tokens, in or out)."""
        now = self._composition
        if not now.rank:
            return outputs
        if self._single_token is not None and now.layout is None and _one_token_each(inputs, outputs):
            return self._add_in_place(name, inputs, outputs, now)
        if now.layout is not None and now.layout.rows is None:
            pool = self._pools[name]
            return now.layout.add_apart(inputs, outputs, [(pool.a[own], pool.b[own]) for own in now.rows])
        a, b = now.gathered.get(name) or self._gather(name, now)
        if now.layout is not None:
            return now.layout.add(inputs, outputs, a, b)
        if inputs.ndim == 2:  # one vector a sequence: BERT's pooler
            return torch.baddbmm(outputs[:, None], torch.bmm(inputs[:, None], a), b)[:, 0]
        return torch.baddbmm(outputs, torch.bmm(inputs, a), b)

    def _add_in_place(self, name: str, inputs: Tensor, outputs: Tensor, now: Composition) -> Tensor:
        assert self._single_token is not None
        if len(inputs) != len(now.batch):
            raise ValueError(f"a pass over {len(inputs)} sequences, but adapters for {len(now.batch)}")
        pool, (starts, rows) = self._pools[name], now.spans
        x, y, a, b = inputs.data_ptr(), outputs.data_ptr(), pool.a.data_ptr(), pool.b.data_ptr()
        batch, (width, height) = len(inputs), self.targets[name]
        self._single_token(
            x, y, a, b, starts.data_ptr(), rows.data_ptr(), batch, width, height, self._sums.data_ptr()
        )  # fmt: skip
        return outputs

    def _gather(self, name: str, now: Composition) -> tuple[Tensor, Tensor]:
        if now.index is None:
            padded = [[*one.rows, *[0] * (now.rank - len(one.rows))] for one in now.batch]
            now.index = torch.tensor(padded, device=self.device).flatten()
        pool, batch = self._pools[name], len(now.batch)
        a = pool.a.index_select(0, now.index).view(batch, now.rank, -1).transpose(1, 2)
        b = pool.b.index_select(0, now.index).view(batch, now.rank, -1)
        now.gathered[name] = a, b
        return a, b


class Composition:
    """Which adapter each sequence of a batch wants, and the factors gathered for it, target by target."""

    def __init__(self, batch: tuple[AdapterPlacement, ...], layout: Layout | None = None) -> None:
        self.batch = batch
        self.layout = layout
        self.rank = max((len(one.rows) for one in batch), default=0)
        self.index: Tensor | None = None
        self.gathered: dict[str, tuple[Tensor, Tensor]] = {}

    @cached_property
    def rows(self) -> list[slice | Tensor]:
        """Each sequence's own in the pools. Those of most adapters lie side by side, and are read where they lie."""
        return [
            slice(own[0], own[-1] + 1) if own[-1] - own[0] == len(own) - 1 else torch.tensor(own)
            for own in (one.rows for one in self.batch)
        ]

    @cached_property
    def spans(self) -> tuple[Tensor, Tensor]:
        """Where each sequence's rows begin in the list of rows, shapes (batch + 1,) and (rows,)."""
        starts = [0, *accumulate(len(one.rows) for one in self.batch)]
        rows = [row for one in self.batch for row in one.rows]
        return torch.tensor(starts, dtype=torch.int32), torch.tensor(rows, dtype=torch.int32)


def _one_token_each(inputs: Tensor, outputs: Tensor) -> bool:
    """Outputs are fresh from the Linear and nobody will differentiate them, so they may be added to where they lie."""
    return (
        (inputs.ndim == 2 or inputs.shape[1] == 1)
        and torch.is_inference_mode_enabled()
        and inputs.dtype == outputs.dtype
        and inputs.is_contiguous()
        and outputs.is_contiguous()
    )


class GatheredLinear(nn.Module):
    """Stands in for a Linear of any transformers model."""

    def __init__(self, name: str, base: nn.Linear, pools: AdapterPools) -> None:
        super().__init__()
        self.base = base
        self._name = name
        self._pools = pools

    @property
    def weight(self) -> Tensor:
        return self.base.weight

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.base(inputs)
        return self._pools.add(self._name, inputs, outputs)


ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
LLAMA_TARGETS = (*ATTENTION, "gate_proj", "up_proj", "down_proj")


def targets_of(model: nn.Module, endings: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Module path to (in, out) of every Linear whose name ends in one of ``endings``."""
    return {
        name: (module.in_features, module.out_features)
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and name.rpartition(".")[2] in endings
    }


def install(model: nn.Module, endings: Sequence[str], *, rank_rows: int) -> AdapterPools:
    """Replace the targets of ``model`` in place. ``rank_rows``: how many rank rows may be resident at once."""
    targets = targets_of(model, endings)
    if not targets:
        raise ValueError(f"the model has no Linear named {', '.join(endings)}: name others as targets")
    reference = next(model.parameters())
    pools = AdapterPools(targets, rank_rows=rank_rows, dtype=reference.dtype, device=reference.device)
    for name in targets:
        parent, _, own = name.rpartition(".")
        linear = model.get_submodule(name)
        assert isinstance(linear, nn.Linear)
        setattr(model.get_submodule(parent), own, GatheredLinear(name, linear, pools))
    return pools
