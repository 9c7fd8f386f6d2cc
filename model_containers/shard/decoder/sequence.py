"""One text in the making."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from model_containers.shard.decoder.sampling import Sampling
from model_containers.shard.decoder.text import TextStream
from model_containers.shard.lora.gathered import NO_ADAPTER, AdapterPlacement

Finish = Literal["stop", "length", "cancelled", "deadline", "error"]


@dataclass(eq=False, slots=True)
class DecodingSequence:
    """``tokens`` are the new ones. ``fresh``: text that nobody has taken yet. ``owner``: whose prompts may share what
    was computed for this one."""

    prompt: list[int]
    most_tokens: int
    text: TextStream
    sampling: Sampling = field(default_factory=Sampling)
    placement: AdapterPlacement = NO_ADAPTER
    owner: str = ""
    ends: frozenset[int] = frozenset()
    tokens: list[int] = field(default_factory=list)
    fresh: str = ""
    finish: Finish | None = None

    @property
    def length(self) -> int:
        """Positions in the cache before the next token is computed."""
        return len(self.prompt) + len(self.tokens) - 1

    @property
    def last(self) -> int:
        return self.tokens[-1]

    def take(self, token: int) -> None:
        self.tokens.append(token)
        if self.sampling.constraint is not None:
            self.sampling.constraint.accept(token)
        if token not in self.ends:
            self.fresh += self.text.push(token)
        self.finish = self.finish or self._finish(token)
        if self.finish is not None:
            self.fresh += self.text.rest()

    def taken(self) -> str:
        text, self.fresh = self.fresh, ""
        return text

    def _finish(self, token: int) -> Finish | None:
        constraint = self.sampling.constraint
        if token in self.ends or self.text.stopped or (constraint is not None and constraint.finished):
            return "stop"
        return "length" if len(self.tokens) >= self.most_tokens else None
