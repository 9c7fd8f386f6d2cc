"""Unit: a real audio worker in virtual time, and what is counted of it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from local.simulation.call import Plan, SimulatedCall
from local.simulation.virtual_time import run_virtually
from sotto.call.contact import Contact
from sotto.core.metrics.recorder import Recorder
from sotto.media.wav import read_call
from sotto.transcription.metrics_observer import MetricsObserver
from sotto.transcription.ports import WorkerOutcome
from tests.fakes.clock import ClockByHand

CALL = Path(__file__).parents[3] / "events" / "calls" / "bank_card"
SECONDS = 90
CONTACT = Contact("bank", "c", "arn", "stream", 0)


@cache
def observed() -> tuple[SimulatedCall, tuple[dict[str, Any], ...]]:
    """A minute and a half in virtual time, with two breaks of the media stream."""
    lines: list[str] = []

    async def main() -> SimulatedCall:
        call = SimulatedCall(
            Plan(read_call(CALL / "call.wav", None)[: SECONDS * 8000 * 4], CALL / "call.transcript.jsonl")
        )
        recorder = Recorder(call.clock, lines.append, cell="test")
        observer = MetricsObserver(recorder, call.clock)
        call.ports = replace(call.ports, session=replace(call.ports.session, observer=observer))

        async def breaks(call: SimulatedCall) -> None:
            for _ in range(2):
                await call.clock.sleep_ms(20_000)
                call.stream.drop_connections()

        await call.run(breaks)
        recorder.flush()
        return call

    return run_virtually(main), tuple(json.loads(line) for line in lines)


def values(metric: str, **labels: str) -> list[float]:
    found = [line[metric] for line in observed()[1] if metric in line and labels.items() <= line.items()]
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
    times = sorted({line["_aws"]["Timestamp"] for line in observed()[1] if "AudioReceived" in line})
    assert len(times) >= SECONDS // 10
    assert max(later - earlier for earlier, later in zip(times, times[1:], strict=False)) <= 15_000


def test_utterances_and_what_was_masked_are_counted_once_each() -> None:
    call, lines = observed()
    finals = [each for each in call.sink.published if each.is_final]
    speakers = Counter({line["speaker"]: 0 for line in lines if "speaker" in line})
    for line in lines:
        if "Utterances" in line:
            speakers[line["speaker"]] += line["Utterances"]
    assert speakers == Counter(each.speaker.value for each in finals)
    assert sum(values("Redactions")) == sum(len(each.private) for each in finals) > 0


def test_the_stage_before_our_code_is_from_the_last_word_to_the_text_in_hand() -> None:
    times = values("StageLatency", stage="recognise")
    assert len(times) == len({each.seq for each in observed()[0].sink.guided if each.is_final})
    assert all(0 <= each < 30_000 for each in times)


class Observed:
    """Counts what becomes of a worker's orders to start a successor."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.recorder = Recorder(ClockByHand(0), self.lines.append, cell="test")
        self.observer = MetricsObserver(self.recorder, ClockByHand(0))
        self.observer.began(CONTACT)

    def ended(self, how: str, utterances: int = 0) -> None:
        self.observer.ended(CONTACT, WorkerOutcome(how, 1, utterances))

    def handovers(self) -> dict[str, float]:
        self.recorder.flush()
        return {line["outcome"]: line["Handovers"] for line in map(json.loads, self.lines) if "Handovers" in line}


def test_a_handover_is_well_when_the_successor_has_the_contact() -> None:
    worker = Observed()
    worker.observer.successor_ordered(CONTACT)
    worker.ended("superseded", 7)
    assert worker.handovers() == {"ok": 1, "failed": 0, "fenced": 0, "unfinished": 0}


def test_a_successor_that_has_to_be_ordered_again_had_failed() -> None:
    worker = Observed()
    for _ in range(3):
        worker.observer.successor_ordered(CONTACT)
    worker.ended("superseded", 7)
    assert worker.handovers() == {"ok": 1, "failed": 2, "fenced": 0, "unfinished": 0}


def test_a_successor_that_cannot_be_started_is_one_failure_each_time() -> None:
    worker = Observed()
    for _ in range(2):
        worker.observer.successor_failed(CONTACT)
    assert worker.handovers() == {"ok": 0, "failed": 2, "fenced": 0, "unfinished": 0}


def test_a_worker_whose_contact_was_taken_unasked_was_fenced() -> None:
    worker = Observed()
    worker.ended("superseded", 7)
    assert worker.handovers()["fenced"] == 1


def test_a_call_that_ends_first_leaves_its_handover_unfinished_and_nothing_has_failed() -> None:
    worker, late = Observed(), Observed()
    worker.observer.successor_ordered(CONTACT)
    worker.ended("finished", 7)
    late.ended("superseded")
    assert worker.handovers() == {"ok": 0, "failed": 0, "fenced": 0, "unfinished": 1}
    assert late.handovers() == {"ok": 0, "failed": 0, "fenced": 0, "unfinished": 0}
