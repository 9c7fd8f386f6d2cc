"""How many calls a core of the self-hosted recogniser transcribes in real time, one by one and batched, and what an
hour of one costs: ``python -m benchmarks.recogniser_sessions [--seconds N] [--sessions N ...]``.

The container's own engine and channels in this process, on the sample calls, each session from another place. All
sessions are given a tenth of a second at once; what they ask of the model then is one by one, or goes together; then
comes the next tenth. What counts is processor time, with all the interims that an idle machine makes: a machine that
others use too can say it, and a full instance, whose interims give way, has room for more. Sockets and JSON are not in.

Costs follow by formula from the price of a named instance (infra/sizing.py) and the sessions measured here.
"""

from __future__ import annotations

import argparse
import json
import math
import threading
import time
import wave
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recognised_calls import CALLS
from infra.sizing import Prices
from local.interruption import ended_in_order
from sotto.media.stereo import CHUNK_SAMPLES, SAMPLE_RATE_HZ
from sotto.recognition.whisper.channel import ChannelSpeech
from sotto.recognition.whisper.detector import ChannelVoice, VoiceDetector
from sotto.recognition.whisper.engine import Passage, PassKind, Reading, Whisper
from sotto.recognition.whisper.features import Samples

BATCHED = 16
SESSIONS = (1, 2, 4, 8)
HEADROOM = 0.8
"""How much of its processors an instance may use when it is full."""
VCPUS = 8
"""Of the instance whose price is noted, ml.c6i.2xlarge; each taken for a core of this machine."""
TRANSCRIBE_AN_HOUR = 60 * Prices().transcribe_minutes[0][1]
LOADS = (0.2, 0.5, 0.8)
DAY_HOURS = 10
"""In which calls come; at night the fewest instances run for nobody."""
FEWEST = 2
MANY, FEW = 1_000, 20


@dataclass(frozen=True, slots=True)
class Point:
    """``cores``: of processor time a second of all sessions together."""

    batch: int
    sessions: int
    cores: float
    readings_a_minute: float
    mean_batch: float

    @property
    def a_core(self) -> float:
        return round(self.sessions / self.cores, 2)


class Together:
    """A reader for many channels: what all of them wait for goes in passes of ``most``."""

    def __init__(self, whisper: Whisper, most: int) -> None:
        self._whisper = whisper
        self._most = most
        self._changed = threading.Condition()
        self._waiting: list[tuple[Reading, Future[Passage]]] = []
        self.passes = self.readings = 0

    def read(self, audio: Samples, *, careful: bool, number: bool = False, words: tuple[str, ...] = ()) -> Passage:
        answer: Future[Passage] = Future()
        with self._changed:
            self._waiting.append((Reading(audio, PassKind(careful, number, words=words)), answer))
            self._changed.notify()
        return answer.result()

    def serve(self, channels: Sequence[Future[None]]) -> None:
        """Until all channels have done what they were given."""
        for each in channels:
            each.add_done_callback(lambda _: self._wake())
        while True:
            with self._changed:
                self._changed.wait_for(lambda: len(self._waiting) + sum(map(Future.done, channels)) == len(channels))
                waiting, self._waiting = self._waiting, []
            if not waiting:
                return
            kinds = defaultdict(list)
            for reading, answer in waiting:
                kinds[reading.kind].append((reading, answer))
            for asked in kinds.values():
                for at in range(0, len(asked), self._most):
                    self._pass(asked[at : at + self._most])

    def _pass(self, asked: Sequence[tuple[Reading, Future[Passage]]]) -> None:
        self.passes += 1
        self.readings += len(asked)
        for (_, answer), passage in zip(asked, self._whisper.read_together([each for each, _ in asked]), strict=True):
            answer.set_result(passage)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify()


def measured(whisper: Whisper, detector: VoiceDetector, *, batch: int, sessions: int, seconds: float) -> Point:
    reader, audio = Together(whisper, batch), speech()
    length = round(seconds * SAMPLE_RATE_HZ)
    channels = [
        (side_of(audio, n * len(audio) // (2 * sessions) * 2, side, length), _channel(reader, detector))
        for n in range(sessions)
        for side in (0, 1)
    ]
    before_s = time.process_time()
    with ThreadPoolExecutor(len(channels)) as pool:
        for at in range(0, length, CHUNK_SAMPLES):
            reader.serve([pool.submit(each.audio, samples[at : at + CHUNK_SAMPLES]) for samples, each in channels])
        reader.serve([pool.submit(each.finish) for _, each in channels])
    used_s = time.process_time() - before_s
    return Point(
        batch=batch,
        sessions=sessions,
        cores=round(used_s / seconds, 3),
        readings_a_minute=round(reader.readings / sessions / seconds * 60, 1),
        mean_batch=round(reader.readings / max(1, reader.passes), 2),
    )


def _channel(reader: Together, detector: VoiceDetector) -> ChannelSpeech:
    """No time passes for it: its interims are those of an idle machine."""
    voice = ChannelVoice(detector)
    return ChannelSpeech(reader, voice, offset_ms=0.0, emit=lambda result: None, now_s=lambda: 0.0)


def speech() -> Samples:
    """English sample calls one after the other, both sides interleaved."""
    found = []
    for call in ("bank_card", "bank_cancel", "garage_brakes"):
        with wave.open(str(CALLS / call / "call.wav")) as file:
            found.append(np.frombuffer(file.readframes(file.getnframes()), "<i2"))
    return (np.concatenate(found) / 32_768).astype(np.float32)


def side_of(audio: Samples, start: int, side: int, length: int) -> Samples:
    """Round the corner, where the audio ends."""
    return np.concatenate([audio[start:], audio])[side::2][:length]


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars a call-hour. ``steady``: MANY calls at once day and night; ``by_day``: MANY in DAY_HOURS;
    ``few_by_day``: FEW in those. ``beats_from``: calls at once from which it costs less than Transcribe."""

    load: float
    steady: float
    by_day: float
    few_by_day: float
    beats_from: int
    beats_from_by_day_alone: int


def costs(sessions_an_instance: float, price: float, load: float) -> Cost:
    """``load``: share of an instance's sessions that are in use while calls come."""
    used = sessions_an_instance * load

    def of(calls: int, hours: float) -> float:
        """An hour of a call, where ``calls`` come at once for so many hours a day and nobody calls in the others."""
        busy = max(FEWEST, math.ceil(calls / used))
        return price * (busy * hours + FEWEST * (24 - hours)) / (calls * hours)

    def cheaper_from(hours: float) -> int:
        return next(calls for calls in range(1, 100_000) if of(calls, hours) < TRANSCRIBE_AN_HOUR)

    return Cost(
        load=load,
        steady=round(of(MANY, 24), 4),
        by_day=round(of(MANY, DAY_HOURS), 4),
        few_by_day=round(of(FEW, DAY_HOURS), 4),
        beats_from=cheaper_from(24),
        beats_from_by_day_alone=cheaper_from(DAY_HOURS),
    )


def run(sessions: Sequence[int], seconds: float) -> dict[str, Any]:
    whisper, detector = Whisper.packaged(), VoiceDetector()
    points = []
    for batch in (1, BATCHED):
        for count in sessions:
            points.append(measured(whisper, detector, batch=batch, sessions=count, seconds=seconds))
            print(row(points[-1]), flush=True)
    best = {batch: max(each.a_core for each in points if each.batch == batch) for batch in (1, BATCHED)}
    an_instance = math.floor(max(best.values()) * VCPUS * HEADROOM)
    price = Prices().sagemaker_hour
    return {
        "points": [asdict(each) for each in points],
        "sessions_a_core": {"one by one": best[1], "batched": best[BATCHED]},
        "sessions_an_instance": an_instance,
        "dollars_an_instance_hour": price,
        "costs": [asdict(costs(an_instance, price, load)) for load in LOADS],
    }


def row(point: Point) -> str:
    kind = "batched" if point.batch > 1 else "one by one"
    return (
        f"{kind:11} {point.sessions:3} sessions: {point.cores:6.3f} cores, {point.a_core:5.2f} sessions a core, "
        f"{point.readings_a_minute:5.1f} readings a minute and session, {point.mean_batch:4.2f} a pass"
    )


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="how much of a call each session has")
    parser.add_argument("--sessions", type=int, nargs="+", default=list(SESSIONS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = run(options.sessions, options.seconds)
    one, many = result["sessions_a_core"].values()
    print(f"sessions in real time a core: {one:g} one by one, {many:g} batched (Whisper tiny.en, int8)")
    price = result["dollars_an_instance_hour"]
    print(f"{result['sessions_an_instance']:g} an instance of {VCPUS} such cores at {price} $ an hour:")
    for each in result["costs"]:
        print(
            f"  {each['load']:.0%} load, $ a call-hour: {each['steady']:.3f} for {MANY} calls at once day and night, "
            f"{each['by_day']:.3f} for {MANY} in {DAY_HOURS} hours a day, {each['few_by_day']:.3f} for {FEW} in those; "
            f"beats Transcribe ({TRANSCRIBE_AN_HOUR:.2f}) from {each['beats_from']} calls at once, "
            f"from {each['beats_from_by_day_alone']} by day alone"
        )
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
