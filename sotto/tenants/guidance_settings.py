"""How much guidance a tenant's agents get at a time, and how sure it must be."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from sotto.graph.compiled_policies import Runner

SEVERITIES = ("info", "low", "medium", "high")
"""From the lightest to the gravest."""
GRAVE = SEVERITIES[-1]
FLOORS: Mapping[str, float] = {"info": 0.5, "low": 0.5, "medium": 0.45, "high": 0.4}
"""What is light only disturbs when it is wrong, so it must be sure; what is grave costs more when it does not come."""


class GuidanceSettings(BaseModel):
    """``pause_ms``: of call time between two new cards; grave ones do not wait. ``patience_ms``: what has waited longer
    is dropped. ``card_life_ms``: of a card that nothing takes back and that says no ``expires``. ``floors``: by
    severity, under which confidence of a model nothing is shown. ``runner``: of the tenant's graphs, as far as a graph
    allows."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    pause_ms: int = 8_000
    patience_ms: int = 20_000
    card_life_ms: int = 60_000
    floors: Mapping[str, float] = {}
    runner: Runner = Runner.DIRECT

    def floor(self, severity: str) -> float:
        return self.floors.get(severity, FLOORS[severity])


def gravity(severity: str) -> int:
    return SEVERITIES.index(severity)
