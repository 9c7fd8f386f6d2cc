"""Unit: what is gathered and when it is written."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from sotto.core.metrics import measure
from sotto.core.metrics.measure import MEASURES
from sotto.core.metrics.recorder import MOST_LABELS, Recorder
from tests.fakes.clock import ClockByHand


class Written:
    def __init__(self) -> None:
        self.clock = ClockByHand(1_700_000_000_000)
        self.lines: list[str] = []
        self.recorder = Recorder(self.clock, self.lines.append, cell="sotto")

    def parsed(self) -> list[dict[str, Any]]:
        self.recorder.flush()
        return [json.loads(line) for line in self.lines]


@pytest.fixture
def written() -> Written:
    return Written()


def test_counts_are_summed_and_times_are_kept_one_by_one(written: Written) -> None:
    for took_ms in (12.0, 80.0):
        written.recorder.add(measure.GUIDANCE_LATENCY, took_ms, tenant="bank")
        written.recorder.add(measure.LIVE_CALLS, tenant="bank")
    (line,) = written.parsed()
    assert (line["GuidanceLatency"], line["LiveCalls"]) == ([12.0, 80.0], 2)
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["cell"], ["cell", "tenant"]]
    assert (line["cell"], line["tenant"]) == ("sotto", "bank")


def test_what_belongs_to_no_tenant_has_no_such_dimension(written: Written) -> None:
    written.recorder.add(measure.PUBLISH_FAILED, what="publish")
    (line,) = written.parsed()
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["cell", "what"], ["cell"]]
    assert "tenant" not in line


def test_it_is_written_with_the_first_value_after_ten_seconds(written: Written) -> None:
    written.recorder.add(measure.LIVE_CALLS)
    written.clock.advance(9_999)
    written.recorder.add(measure.LIVE_CALLS)
    assert not written.lines
    written.clock.advance(1)
    written.recorder.add(measure.LIVE_CALLS)
    assert json.loads(written.lines[0])["LiveCalls"] == 3
    assert json.loads(written.lines[0])["_aws"]["Timestamp"] == 1_700_000_010_000


def test_a_line_never_has_more_than_a_hundred_values(written: Written) -> None:
    for took_ms in range(250):
        written.recorder.add(measure.CHUNK_DELAY, took_ms)
    lengths = [len(line["ChunkDelay"]) for line in written.parsed()]
    assert lengths == [100, 100, 50]


def test_nothing_is_written_twice_or_when_there_is_nothing(written: Written) -> None:
    written.recorder.flush()
    assert not written.lines
    written.recorder.add(measure.LIVE_CALLS)
    assert len(written.parsed()) == len(written.parsed()) == 1


def test_dimensions_stay_few_whatever_comes(written: Written) -> None:
    """A provider's or a model's name may come from elsewhere; each new one would be a metric to pay for."""
    for number in range(MOST_LABELS + 50):
        written.recorder.add(measure.MODEL_LATENCY, 1.0, tenant="bank", model=f"model-{number}")
    models = {line["model"] for line in written.parsed()}
    assert len(models) == MOST_LABELS + 1 and "other" in models


def test_a_label_is_printable_and_short(written: Written) -> None:
    written.recorder.add(measure.MODEL_LATENCY, 1.0, model="né w\n" + "x" * 300)
    (line,) = written.parsed()
    assert line["model"].startswith("n__w_x") and len(line["model"]) == 128


def test_an_unknown_dimension_is_a_mistake_of_ours(written: Written) -> None:
    with pytest.raises(ValueError, match="StageLatency has the dimensions"):
        written.recorder.add(measure.STAGE_LATENCY, 1.0, model="intent")


def test_threads_share_it(written: Written) -> None:
    def count() -> None:
        for _ in range(500):
            written.recorder.add(measure.LIVE_CALLS)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(line["LiveCalls"] for line in written.parsed()) == 2_000


def test_no_dimension_can_hold_a_contact_or_words() -> None:
    dimensions = {name for each in MEASURES.values() for name in each.by}
    assert dimensions == {
        "outcome", "decision", "speaker", "kind", "provider", "how", "what", "stage", "model", "task", "error",
        "service", "mode", "status", "step", "reason", "channel", "percent",
    }  # fmt: skip
