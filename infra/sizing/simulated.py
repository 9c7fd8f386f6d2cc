"""What a simulation found."""

from __future__ import annotations

from dataclasses import dataclass

from infra.sizing.aws_services import Start

RUNNERS = ("direct", "step functions")


@dataclass(frozen=True, slots=True)
class Simulated:
    """``rounds``: shown. ``cold``: share of them that waited for a new environment;
    ``cold_p50_ms``: of those. ``dollars``: of a million rounds,
    without the shard's instances, which stand in any case. ``busy``: share of the shard's time."""

    runner: str
    start: Start
    agents: int
    limit: float
    rounds: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cold: float
    cold_p50_ms: float | None
    throttled: int
    lost: int
    degraded: int
    invocations: float
    requests: float
    instances: int
    busy: float
    dollars: float
    orchestrate_ms: float
