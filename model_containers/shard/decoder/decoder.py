"""Steps of many sequences at once, each with its own adapter, on transformers' model code.

Prompts are read in chunks between decode steps, so that a long one does not make the others wait. Nothing here knows of
time, queues or requests; one thread at a time calls in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from model_containers.shard.decoder.kv_cache import CacheShape, KvCache
from model_containers.shard.decoder.prefixes import Prefixes
from model_containers.shard.decoder.sampling import next_tokens
from model_containers.shard.decoder.sequence import DecodingSequence
from model_containers.shard.lora.gathered import AdapterPools, Composition

FIRST_COLUMNS = 128


@dataclass(slots=True)
class _Prefill:
    """Prompts of one admission, read side by side: what is left of each behind the ``starts`` that were known."""

    sequences: list[DecodingSequence]
    cache: KvCache
    composition: Composition
    ids: Tensor
    lengths: Tensor
    starts: Tensor
    done: int = 0


class Decoder:
    def __init__(
        self, model: Any, pools: AdapterPools | None, *, rows: int = 32, chunk_tokens: int = 512, prefix_bytes: int = 0
    ) -> None:
        """``model``: a Llama- or Mistral-shaped causal model, pools already installed. ``rows``: sequences at once.
        ``prefix_bytes``: memory for beginnings of prompts that may come again; 0: none is kept."""
        self._body: nn.Module = model.base_model
        self._head: nn.Module = model.get_output_embeddings()
        self._pools = pools
        self._chunk_tokens = chunk_tokens
        self._window: int | None = getattr(model.config, "sliding_window", None)
        self._device = next(model.parameters()).device
        self._shape = _cache_shape(model)
        self._cache = KvCache(self._shape, rows=rows, columns=FIRST_COLUMNS)
        self._prefill: _Prefill | None = None
        self.prefixes = Prefixes(self._shape, most_bytes=prefix_bytes)
        self.rows = rows
        self.running: list[DecodingSequence] = []
        self.longest = int(model.config.max_position_embeddings)

    @property
    def idle(self) -> bool:
        return not self.running and self._prefill is None

    def __contains__(self, sequence: DecodingSequence) -> bool:
        return sequence in self.running or (self._prefill is not None and sequence in self._prefill.sequences)

    @property
    def room(self) -> int:
        """How many sequences may be admitted now."""
        return 0 if self._prefill is not None else self.rows - len(self.running)

    @torch.inference_mode()
    def admit(self, sequences: list[DecodingSequence]) -> None:
        """At most ``room``, and none while earlier prompts are being read."""
        assert self._prefill is None and 0 < len(sequences) <= self.room
        cache = KvCache(self._shape, rows=len(sequences), columns=max(len(one.prompt) for one in sequences))
        starts = [self.prefixes.begin(one, cache, row) for row, one in enumerate(sequences)]
        left = [one.prompt[start:] for one, start in zip(sequences, starts, strict=True)]
        longest = max(map(len, left))
        self._prefill = _Prefill(
            sequences,
            cache,
            Composition(tuple(one.placement for one in sequences)),
            torch.tensor([ids + [0] * (longest - len(ids)) for ids in left], device=self._device),
            torch.tensor([len(ids) for ids in left], device=self._device),
            torch.tensor(starts, device=self._device),
        )

    @torch.inference_mode()
    def advance(self) -> None:
        """One chunk of prompts, if any wait, and one step of everything that runs."""
        if self._prefill is not None:
            self._read_chunk(self._prefill)
        self._drop_finished()
        if self.running:
            self._step()
            self._drop_finished()

    def abandon(self) -> list[DecodingSequence]:
        """Everything in hand, after an error: the next batch starts afresh."""
        left = [*self.running, *(self._prefill.sequences if self._prefill else ())]
        self.running, self._prefill = [], None
        return left

    def _step(self) -> None:
        batch = self.running
        positions = torch.tensor([[one.length] for one in batch], device=self._device)
        ids = torch.tensor([[one.last] for one in batch], device=self._device)
        if self._pools is not None:
            self._pools.compose([one.placement for one in batch])
        visible = max(one.length for one in batch) + 1
        logits = self._head(self._hidden(ids, positions, self._cache, visible)[:, -1])
        for one, token in zip(batch, next_tokens(logits, [one.sampling for one in batch]), strict=True):
            one.take(token)

    def _read_chunk(self, prefill: _Prefill) -> None:
        begin = prefill.done
        width = max(1, self._chunk_tokens // len(prefill.sequences))
        end = min(begin + width, prefill.ids.shape[1])
        hidden = self._chunk(prefill, begin, end)
        prefill.done = end
        prefill_ends = (prefill.lengths > begin) & (prefill.lengths <= end)
        ended = prefill_ends.nonzero().flatten().tolist()
        if ended:
            last = hidden[ended, prefill.lengths[ended] - 1 - begin]
            self._first_tokens(prefill, ended, last)
        if end == prefill.ids.shape[1]:
            self._prefill = None

    def _chunk(self, prefill: _Prefill, begin: int, end: int) -> Tensor:
        positions = prefill.starts[:, None] + torch.arange(begin, end, device=self._device)
        before = self._pools.compose([one.placement for one in self.running]) if self._pools else None
        if self._pools is not None:
            self._pools.use(prefill.composition)
        hidden = self._hidden(prefill.ids[:, begin:end], positions, prefill.cache, int(prefill.starts.max()) + end)
        if self._pools is not None and before is not None:
            self._pools.use(before)
        return hidden

    def _first_tokens(self, prefill: _Prefill, ended: list[int], last: Tensor) -> None:
        batch = [prefill.sequences[row] for row in ended]
        tokens = next_tokens(self._head(last), [one.sampling for one in batch])
        for row, one, token in zip(ended, batch, tokens, strict=True):
            one.take(token)
            self.prefixes.keep(one, prefill.cache, row)
            self._cache.copy_row(prefill.cache, row, len(self.running), len(one.prompt))
            self.running.append(one)

    def _hidden(self, ids: Tensor, positions: Tensor, cache: KvCache, visible: int) -> Tensor:
        cache.expect(positions, visible)
        mask = _visible(positions, visible, self._window)
        states = self._body(
            input_ids=ids, position_ids=positions, attention_mask=mask, past_key_values=cache, use_cache=True
        )
        hidden: Tensor = states.last_hidden_state
        return hidden

    def _drop_finished(self) -> None:
        """The last row moves into the gap, so that rows stay side by side."""
        row = 0
        while row < len(self.running):
            if self.running[row].finish is None:
                row += 1
                continue
            last = self.running.pop()
            if row < len(self.running):
                self._cache.copy_row(self._cache, len(self.running), row, last.length)
                self.running[row] = last


def _visible(positions: Tensor, columns: int, window: int | None) -> Tensor:
    """Shape (rows, 1, tokens, columns): a token sees itself and what stands before it, as far as the window reaches."""
    places = torch.arange(columns, device=positions.device)
    seen = places <= positions[:, None, :, None]
    if window is not None:
        seen = seen & (places > positions[:, None, :, None] - window)
    return seen


def _cache_shape(model: Any) -> CacheShape:
    config, weight = model.config, next(model.parameters())
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return CacheShape(config.num_hidden_layers, config.num_key_value_heads, width, weight.dtype, weight.device)
