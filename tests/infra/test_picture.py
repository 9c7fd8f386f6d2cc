"""The picture of a dashboard shows what CloudWatch would: statistics, searches, sums. Kind: pure, and drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.picture.__main__ import dashboards, main, picture
from infra.picture.series import Emitted
from sotto.core.metrics import measure
from sotto.core.metrics.recorder import Recorder
from tests.fakes.clock import ClockByHand
from tests.infra.conftest import Template

CELL = ["cell", "sotto"]


@pytest.fixture
def lines() -> list[str]:
    """Two periods of ten seconds: a hundred times from 1 to 100 ms, then three of 7 ms; other metrics beside them."""
    written: list[str] = []
    clock = ClockByHand(1_700_000_000_000)
    recorder = Recorder(clock, written.append, cell="embedded")
    for took_ms in range(1, 101):
        recorder.add(measure.WORD_TO_SCREEN, took_ms, tenant="harbour_bank")
    recorder.add(measure.MODEL_LATENCY, 30, tenant="harbour_bank", model="intent")
    recorder.add(measure.MODEL_LATENCY, 50, tenant="torque_garage", model="entities")
    recorder.add(measure.PUBLISH_FAILED, 2, what="publish")
    recorder.flush()
    clock.advance(10_000)
    for _ in range(3):
        recorder.add(measure.WORD_TO_SCREEN, 7, tenant="harbour_bank")
    recorder.add(measure.AUDIO_RECEIVED, 10, tenant="harbour_bank")
    recorder.flush()
    return written


def points(lines: list[str], *row: object, rows: tuple[object, ...] = ()) -> dict[str, dict[int, float]]:
    found = Emitted(["not a metric", *lines], period_s=10).row(row, [row, *rows])  # type: ignore[list-item]
    return {line.label: dict(line.points) for line in found}


def test_a_percentile_is_of_the_values_of_its_period(lines: list[str]) -> None:
    row = ("Sotto", "WordToScreen", *CELL, {"stat": "p95", "label": "p95"})
    assert points(lines, *row) == {"p95": {0: 96, 10: 7}}


def test_a_sum_and_a_tenants_own_values(lines: list[str]) -> None:
    assert points(lines, "Sotto", "PublishFailed", *CELL, {"stat": "Sum"}) == {"PublishFailed": {0: 2}}
    row = ("Sotto", "WordToScreen", *CELL, "tenant", "torque_garage", {"stat": "p50"})
    assert points(lines, *row) == {}


def test_a_search_finds_every_value_of_its_dimension(lines: list[str]) -> None:
    search = "SEARCH('{Sotto,cell,model} MetricName=\"ModelLatency\" cell=\"sotto\"', 'p95', 60)"
    label = "${PROP('Dim.model')}"
    assert points(lines, {"expression": search, "label": label}) == {"entities": {0: 50}, "intent": {0: 30}}
    of_tenant = search.replace("cell,model", "cell,tenant,model").replace('cell="sotto"', 'tenant="torque_garage"')
    assert points(lines, {"expression": of_tenant, "label": label}) == {"entities": {0: 50}}


def test_a_product_is_of_a_hidden_row(lines: list[str]) -> None:
    hidden = ["Sotto", "AudioReceived", *CELL, {"id": "received", "visible": False, "stat": "Sum"}]
    row = {"expression": "FILL(received, 0) * 0.5", "label": "cost"}
    assert points(lines, row, rows=(hidden,)) == {"cost": {10: 5}}


def test_an_expression_that_the_picture_does_not_know_is_no_silent_mistake(lines: list[str]) -> None:
    hidden = ["Sotto", "AudioReceived", *CELL, {"id": "received", "stat": "Sum"}]
    with pytest.raises(ValueError, match="sums and products only"):
        points(lines, {"expression": "RATE(FILL(received, 0))", "label": "x"}, rows=(hidden,))


def test_every_dashboard_can_be_drawn_with_its_widgets_where_they_are(
    templates: Mapping[str, Template], lines: list[str]
) -> None:
    for body in dashboards(templates["sotto-shared-observability"]).values():
        drawn = picture(body, Emitted(lines, period_s=10))
        assert len(drawn.axes) == len(body["widgets"])
        places = [axes.get_position() for axes in drawn.axes]
        assert all(0 <= place.x0 < place.x1 <= 1 and 0 <= place.y0 < place.y1 <= 1 for place in places)


def test_the_command_names_the_dashboards_that_there_are(
    template_files: Mapping[str, Path], lines: list[str], tmp_path: Path
) -> None:
    metrics = tmp_path / "metrics.jsonl"
    metrics.write_text("\n".join(lines))
    template = str(template_files["sotto-shared-observability"])
    with pytest.raises(SystemExit, match="sotto-calls, sotto-tenant-harbour-bank"):
        main([template, str(metrics), "--dashboard", "typo", "--out", str(tmp_path / "out.png")])
    main([template, str(metrics), "--dashboard", "sotto-calls", "--out", str(tmp_path / "out.png")])
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG") and json.loads(lines[0])


def test_axes_say_what_they_count_and_in_what(templates: Mapping[str, Template], lines: list[str]) -> None:
    (body, *_) = dashboards(templates["sotto-shared-observability"]).values()
    drawn = picture(body, Emitted(lines, period_s=10))
    units = {axes.get_title(loc="left"): axes.get_ylabel() for axes in drawn.axes if axes.axison}
    assert units["Last spoken word to guidance (ms)"] == "ms"
    counts = {title: unit for title, unit in units.items() if "(" not in title}
    assert counts and set(counts.values()) == {"in 10 s"}
    for axes in drawn.axes:
        if axes.axison and axes.get_title(loc="left") in counts:
            assert all(float(tick).is_integer() for tick in axes.get_yticks())
