"""The audio worker's memory, by what its process was measured to need: Lambda gives processors by memory."""

from __future__ import annotations

from dataclasses import dataclass

from infra.sizing.hops import CORE_MB
from infra.sizing.prices import Prices

SIZES_MB = (256, 384, 512, 1_024)


@dataclass(frozen=True, slots=True)
class WorkerNeeds:
    """Of one call's process: `python -m benchmarks.worker_memory --seconds 60` (two shared cores, Python 3.11, x86-64):
    peak resident memory was 101 MB with Transcribe and Deepgram alike, and 100 with the transcript recogniser.

    ``runtime_mb``: what Lambda's runtime takes at most beside it. ``share``: of a core, while people speak, Transcribe.
    ``start_s``: processor seconds until the worker has its call, of which ``init_s`` run in the initialisation, with a
    whole core. ``round_ms``: from a final in hand until it is stored and sent on.
    """

    peak_mb: float = 101.0
    runtime_mb: float = 37.0
    share: float = 0.0167
    start_s: float = 1.3
    init_s: float = 0.45
    round_ms: float = 8.0

    def core(self, memory_mb: int) -> float:
        """Share of a core that Lambda gives."""
        return min(1.0, memory_mb / CORE_MB)

    def starts_in_s(self, memory_mb: int) -> float:
        return self.init_s + (self.start_s - self.init_s) / self.core(memory_mb)

    def round_takes_ms(self, memory_mb: int) -> float:
        return self.round_ms / self.core(memory_mb)

    def dollars_an_hour(self, memory_mb: int, prices: Prices) -> float:
        return memory_mb / 1024 * 3_600 * prices.lambda_gb_s
