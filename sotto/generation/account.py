"""What generated text costs: token counts and money per tenant, without a word of the text."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.generation.generator import Usage


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    prompt: float = 0.0
    completion: float = 0.0

    def of(self, usage: Usage) -> float:
        """US dollars."""
        return (usage.prompt_tokens * self.prompt + usage.completion_tokens * self.completion) / 1_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """One attempt. ``outcome``: ``served``, or the name of the error that made the next provider's turn come."""

    tenant: str
    task: str
    provider: str
    model: str
    outcome: str
    usage: Usage
    cost_usd: float
    took_ms: float
