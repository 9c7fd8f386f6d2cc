"""A release as an item: pk ``tenant#<tenant>``, sk ``release#<model>#<time>#<revision>``, so that a model's are in
order. It holds no examples and no text but ``why``, which whoever releases wrote."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sotto.aws.table import plain, wire
from sotto.models.releases import Because, Release, ReleaseEvent, Trained


def of_tenant(tenant: str, model: str | None) -> dict[str, Any]:
    """What to query for. A model's name holds no #."""
    prefix = f"release#{model}#" if model else "release#"
    return {
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :release)",
        "ExpressionAttributeValues": wire({":pk": f"tenant#{tenant}", ":release": prefix}),
        "ConsistentRead": True,
    }


def release_item(release: Release, revision: int) -> dict[str, Any]:
    because, trained = release.because, release.trained
    return wire(
        {
            "pk": f"tenant#{release.tenant}",
            "sk": f"release#{release.model}#{because.at_ms:015d}#{revision:08d}",
            "version": release.version,
            "event": release.event.value,
            "preferred": release.preferred,
            "replaced": release.replaced,
            "who": because.who,
            "why": because.why,
            "at_ms": because.at_ms,
            "data": trained.data,
            "metrics": _decimals(trained.metrics),
            "gates": _decimals(trained.gates),
        }
    )


def release_of(tenant: str, item: Mapping[str, Any]) -> Release:
    stored = plain(item)
    model = str(stored["sk"]).split("#")[1]
    because = Because(stored.get("who", ""), stored.get("why", ""), int(stored.get("at_ms", 0)))
    trained = Trained(stored.get("data", ""), _floats(stored.get("metrics", {})), _floats(stored.get("gates", {})))
    return Release(
        tenant,
        model,
        stored["version"],
        ReleaseEvent(stored["event"]),
        because,
        preferred=stored.get("preferred", ""),
        replaced=stored.get("replaced", ""),
        trained=trained,
    )


def _decimals(numbers: Mapping[str, float]) -> dict[str, Decimal]:
    return {name: Decimal(repr(float(value))) for name, value in numbers.items() if math.isfinite(value)}


def _floats(numbers: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in numbers.items()}
