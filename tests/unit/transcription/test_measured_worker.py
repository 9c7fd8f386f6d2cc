"""Unit: a real audio worker in virtual time, and what it tells of itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from local.simulation.call import STARTED_MS, Plan, SimulatedCall
from local.simulation.virtual_time import run_virtually
from sotto.core.errors import Retryable
from sotto.core.metrics.recorder import Recorder
from sotto.media.wav import read_call
from sotto.transcription.measured import HandoverMetrics, MeasuredAudioSource, MeasuredSink
from sotto.transcription.ports import WorkerOutcome
from tests.fakes.clock import ClockByHand

CALL = Path(__file__).parents[3] / "events" / "calls" / "bank_card"
SECONDS = 90


@cache
def heard() -> tuple[SimulatedCall, tuple[dict[str, Any], ...]]:
    """A minute and a half in virtual time, with two breaks of the media stream."""
    lines: list[str] = []

    async def main() -> SimulatedCall:
        call = SimulatedCall(
            Plan(read_call(CALL / "call.wav", None)[: SECONDS * 8000 * 4], CALL / "call.transcript.jsonl")
        )
        recorder = Recorder(call.clock, lines.append, cell="test")
        ears: Any = call.ports.ears
        call.ports = replace(
            call.ports,
            ears=MeasuredAudioSource(ears, recorder, call.clock),
            listeners=MeasuredSink(call.sink, recorder, began_ms=STARTED_MS),
        )

        async def breaks(call: SimulatedCall) -> None:
            for _ in range(2):
                await call.clock.sleep_ms(20_000)
                call.stream.drop_connections()

        await call.run(breaks)
        recorder.flush()
        return call

    return run_virtually(main), tuple(json.loads(line) for line in lines)


def values(metric: str, **labels: str) -> list[float]:
    found = [line[metric] for line in heard()[1] if metric in line and labels.items() <= line.items()]
    return [each for value in found for each in (value if isinstance(value, list) else [value])]


def test_all_audio_is_counted_once_whatever_breaks() -> None:
    assert sum(values("AudioReceived")) == pytest.approx(SECONDS, abs=0.2)
    assert sum(values("MediaReconnects")) >= 2
    assert sum(values("MediaConnections")) == sum(values("MediaReconnects")) + 1


def test_a_call_is_live_in_each_minute_that_it_touches() -> None:
    assert sum(values("LiveCalls")) in (2, 3)


def test_the_delay_of_a_chunk_is_what_the_stream_takes() -> None:
    delays = sorted(values("ChunkDelay"))
    assert len(delays) >= SECONDS * 0.9
    assert 0 < delays[len(delays) // 2] < 2_500


def test_it_is_written_every_ten_seconds_of_the_call() -> None:
    """A line comes with the first value after ten seconds; seconds without media are those of the breaks."""
    times = sorted({line["_aws"]["Timestamp"] for line in heard()[1] if "AudioReceived" in line})
    assert len(times) >= SECONDS // 10
    assert max(later - earlier for earlier, later in zip(times, times[1:], strict=False)) <= 15_000


def test_utterances_and_what_was_masked_are_counted_once_each() -> None:
    call, lines = heard()
    finals = [each for each in call.sink.published if each.is_final]
    speakers = Counter({line["speaker"]: 0 for line in lines if "speaker" in line})
    for line in lines:
        if "Utterances" in line:
            speakers[line["speaker"]] += line["Utterances"]
    assert speakers == Counter(each.speaker.value for each in finals)
    assert sum(values("Redactions")) == sum(len(each.private) for each in finals) > 0


def test_the_stage_before_our_code_is_from_the_last_word_to_the_text_in_hand() -> None:
    times = values("StageLatency", stage="recognise")
    assert len(times) == len({each.seq for each in heard()[0].sink.guided if each.is_final})
    assert all(0 <= each < 30_000 for each in times)


class Orders:
    """Counts what a HandoverMetrics counts."""

    def __init__(self, start: Callable[[], None] = lambda: None) -> None:
        self.lines: list[str] = []
        self.recorder = Recorder(ClockByHand(0), self.lines.append, cell="test")
        self.handover = HandoverMetrics(start, "bank", self.recorder)

    def counted(self) -> dict[str, float]:
        self.recorder.flush()
        return {line["outcome"]: line["Handovers"] for line in map(json.loads, self.lines)}


def test_a_handover_is_well_when_the_successor_has_the_contact() -> None:
    orders = Orders()
    orders.handover.start()
    orders.handover.ended(WorkerOutcome("superseded", 1, 7))
    assert orders.counted() == {"ok": 1, "failed": 0, "fenced": 0, "unfinished": 0}


def test_a_successor_that_has_to_be_ordered_again_had_failed() -> None:
    orders = Orders()
    for _ in range(3):
        orders.handover.start()
    orders.handover.ended(WorkerOutcome("superseded", 1, 7))
    assert orders.counted() == {"ok": 1, "failed": 2, "fenced": 0, "unfinished": 0}


def test_a_successor_that_cannot_be_started_is_one_failure_each_time() -> None:
    def refused() -> None:
        raise Retryable("throttled")

    orders = Orders(refused)
    for _ in range(2):
        with pytest.raises(Retryable):
            orders.handover.start()
    assert orders.counted() == {"ok": 0, "failed": 2, "fenced": 0, "unfinished": 0}


def test_a_worker_whose_contact_was_taken_unasked_was_fenced() -> None:
    orders = Orders()
    orders.handover.ended(WorkerOutcome("superseded", 1, 7))
    assert orders.counted()["fenced"] == 1


def test_a_call_that_ends_first_leaves_its_handover_unfinished_and_nothing_has_failed() -> None:
    orders = Orders()
    orders.handover.start()
    orders.handover.ended(WorkerOutcome("finished", 1, 7))
    late = Orders()
    late.handover.ended(WorkerOutcome("superseded", 2))
    assert orders.counted() == {"ok": 0, "failed": 0, "fenced": 0, "unfinished": 1}
    assert not any(late.counted().values())
