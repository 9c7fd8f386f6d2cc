"""Keys and values of prompt beginnings, kept so that the next prompt that begins alike need not compute them.

A tenant's prompts begin alike: its instructions, then what differs. Beginnings are cut into blocks; a block is known by
what stands in it and by the block before it, so prompts share as many as they have in common and each block is held
once. Nothing is shared between owners or between adapters: the same words have other keys under another adapter, and
how fast an answer comes must not tell one tenant what another has asked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from model_containers.shard.decoder.kv_cache import CacheShape, KvCache
from model_containers.shard.decoder.sequence import DecodingSequence
from model_containers.shard.lora.gathered import AdapterPlacement

BLOCK_TOKENS = 32


@dataclass(slots=True)
class _Block:
    states: Tensor
    """Shape (layers, 2, heads, BLOCK_TOKENS, width)."""
    name: object


_Key = tuple[object, tuple[int, ...]]


class Prefixes:
    """At most ``most_bytes``; blocks that were not asked for lately leave first, ends before beginnings."""

    def __init__(self, shape: CacheShape, *, most_bytes: int) -> None:
        self._most = most_bytes // (shape.bytes_a_token * BLOCK_TOKENS)
        self._block_bytes = shape.bytes_a_token * BLOCK_TOKENS
        self._blocks: OrderedDict[_Key, _Block] = OrderedDict()
        self.found_tokens = 0
        self.asked_tokens = 0

    @property
    def bytes(self) -> int:
        return len(self._blocks) * self._block_bytes

    def begin(self, sequence: DecodingSequence, cache: KvCache, row: int) -> int:
        """Writes what is known of the prompt's beginning into ``row``; how many tokens that is. At least one token is
        left to compute, since its output is what the first new token comes from."""
        self.asked_tokens += len(sequence.prompt)
        known: list[_Block] = []
        for key in self._keys(sequence, known, len(sequence.prompt) - 1):
            block = self._blocks.get(key)
            if block is None:
                break
            known.append(block)
        if known:
            cache.write(row, torch.cat([block.states for block in known], dim=3))
        self.found_tokens += len(known) * BLOCK_TOKENS
        return len(known) * BLOCK_TOKENS

    def keep(self, sequence: DecodingSequence, cache: KvCache, row: int) -> None:
        """The whole blocks of a prompt that has been read into ``row``."""
        held: list[_Block] = []
        keys = []
        for key in self._keys(sequence, held, len(sequence.prompt)):
            if len(held) == self._most:
                break
            keys.append(key)
            block = self._blocks.get(key)
            if block is None:
                begin = len(held) * BLOCK_TOKENS
                block = self._blocks[key] = _Block(cache.read(row, begin, begin + BLOCK_TOKENS), object())
            held.append(block)
        for key in reversed(keys):  # the beginning was asked for last, so ends leave first
            self._blocks.move_to_end(key)
        while len(self._blocks) > self._most:
            self._blocks.popitem(last=False)

    def _keys(self, sequence: DecodingSequence, before: list[_Block], most_tokens: int) -> Iterator[_Key]:
        """``before``: the blocks found so far; the caller adds to it."""
        for end in range(BLOCK_TOKENS, most_tokens + 1, BLOCK_TOKENS):
            parent: object = before[-1].name if before else _root(sequence)
            yield parent, tuple(sequence.prompt[end - BLOCK_TOKENS : end])


def _root(sequence: DecodingSequence) -> tuple[str, AdapterPlacement]:
    return sequence.owner, sequence.placement
