"""Where the time goes between the last spoken word and the agent's screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sotto.core.metrics.measure import STAGE_LATENCY
from sotto.core.metrics.recorder import Metrics

BUDGET_MS = 1_500
"""From the last spoken word to the screen, p95."""
OUR_BUDGET_MS = 150
"""All of our own code, p95."""

STAGES = {
    "redact": ("received", "redacted"),
    "store": ("redacted", "stored"),
    "dispatch": ("stored", "dispatched"),
    "plan": ("dispatched", "planned"),
    "infer": ("planned", "inferred"),
    "guide": ("inferred", "guided"),
}
"""Stage of our own code -> the stamps between which it lies. A later wave's ``infer`` includes the waves before it."""
RECOGNISE = "recognise"
"""From the end of the words until the recogniser's text is in hand: the media stream and the recogniser."""
PUBLISH = "publish"
ALL = (RECOGNISE, *STAGES, PUBLISH)


def durations(stamps: Mapping[str, float]) -> dict[str, float]:
    """Milliseconds by stage, as far as its stamps are known."""
    return {
        stage: round(stamps[end] - stamps[begin], 2)
        for stage, (begin, end) in STAGES.items()
        if begin in stamps and end in stamps
    }


def measure_stages(metrics: Metrics, tenant: str, stamps: Mapping[str, float], stages: Iterable[str]) -> None:
    took = durations(stamps)
    for stage in stages:
        if stage in took:
            metrics.add(STAGE_LATENCY, max(0.0, took[stage]), tenant=tenant, stage=stage)
