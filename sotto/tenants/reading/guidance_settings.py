"""Reads ``guidance`` of tenant.yaml: how much at a time, and how sure."""

from __future__ import annotations

from sotto.graph.compiled_policies import Runner
from sotto.tenants.guidance_settings import SEVERITIES, GuidanceSettings
from sotto.tenants.reading.places import YamlPlace

_TIMES = {"pause": (0, 60_000), "patience": (1_000, 120_000), "card_life": (5_000, 3_600_000)}
"""Least and most, in ms. What is older than two minutes raises nothing any more, so more patience would not help."""

_RUNNERS = tuple(runner.value for runner in Runner)


def read_guidance(place: YamlPlace) -> GuidanceSettings:
    fields = place.fields((*_TIMES, "confidence", "runner"))
    times = {
        f"{name}_ms": fields[name].duration_ms(least_ms=least, most_ms=most)
        for name, (least, most) in _TIMES.items()
        if name in fields
    }
    floors = fields["confidence"].fields(SEVERITIES) if "confidence" in fields else {}
    known = GuidanceSettings()
    read = {name: value.number(0, 1, known.floor(name)) for name, value in floors.items()}
    runner = fields["runner"].one_of(_RUNNERS, "runner", known.runner) if "runner" in fields else known.runner
    return GuidanceSettings(**times, floors=read, runner=Runner(runner))
