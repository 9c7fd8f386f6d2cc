"""What was found of drift, in the shape of the panels' API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.api.analytics.service import Shape

if TYPE_CHECKING:
    from sotto.analytics.drift.latest import Drift, Side


def drift_shape(found: Drift) -> Shape:
    return {
        "isAlarm": found.is_alarm,
        "before": _side(found.before),
        "now": _side(found.now),
        "unknown": round(found.unknown, 4),
        "psi": round(found.psi, 4),
        "divergence": round(found.divergence, 4),
        "movedMass": round(found.moved_mass, 4),
        "looked": [
            {
                "view": each.view.value.upper(),
                "utterances": each.utterances,
                "calls": each.calls,
                "distance": each.departure.distance,
                "usual": each.departure.usual,
                "chance": each.chance,
                "isAlarm": each.is_alarm,
            }
            for each in found.looked
        ],
        "moved": [
            {"label": each.label or None, "before": each.before, "now": each.now, "errors": each.errors}
            for each in found.moved
        ],
        "segments": [
            {
                "dimension": each.dimension,
                "value": each.value,
                "utterances": each.utterances,
                "unknown": each.unknown,
                "errors": each.doubt,
            }
            for each in found.segments
        ],
        "proposals": [each.value.upper() for each in found.proposals],
        "synthetic": found.synthetic,
    }


def _side(side: Side | None) -> Shape | None:
    if side is None:
        return None
    return {
        "calls": side.calls,
        "utterances": side.utterances,
        "unanswered": round(side.unanswered, 4),
        "accuracy": round(side.accuracy, 4),
        "first": side.first,
        "last": side.last,
    }
