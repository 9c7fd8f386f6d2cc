"""A call cut, dropped and killed in every way, against the same call left alone: nothing lost, nothing doubled.

    python -m benchmarks.handover [--every-block] [--json FILE]

The real audio worker (``transcribe``), reader, placement, replay and redaction run in one process in virtual time;
GetMedia, DynamoDB and Lambda are in memory, with their quotas and retries, and the transcript recogniser says what was
spoken when its audio arrives. Being killed is being cancelled at an await: what a worker's threads had under way is
still done. The last arm kills real ones: ``benchmarks.killed_workers``, processes of their own, by SIGKILL.

Row by row: finals that the uncut call has and this one has not; finals too many; samples that no recogniser session was
sent, or with other values than were spoken; samples that one session was sent twice.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from benchmarks import killed_workers
from benchmarks.long_call import BYTES_A_SECOND, CALL, repeated_call
from local.aws.kinesis_video.muxer import StoredFragment
from local.aws.kinesis_video.stream import LiveStream
from local.interruption import ended_in_order
from local.parent_process import watch_pool
from local.simulation.call import STARTED_MS, Plan, SimulatedCall, finals, fragments_of_call
from local.simulation.media import StreamInMemory
from local.simulation.virtual_time import VirtualClock, run_virtually
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.media.mkv.fragment_reader import FragmentReader
from sotto.media.mkv.fragments import BlockRead
from sotto.media.stereo import CHUNK_SAMPLES
from sotto.media.stream_reader import StreamReader
from sotto.media.timeline import Resumption, SampleTimeline
from sotto.media.wav import read_call
from sotto.transcription.session import CONTEXT_MS

CONTACT = Contact("harbour_bank", "simulated", "arn", "stream", STARTED_MS)
COMPARED_CHUNKS = 60
BLOCK_S = 0.032
"""Two tracks, a block of 64 ms each."""

Happening = Callable[[SimulatedCall], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Row:
    case: str
    cuts: int
    finals: int
    finals_lost: int
    finals_doubled: int
    samples_lost: int
    samples_doubled: int


def played(
    plan: Plan, *happenings: Happening, seed: int = 0, fragments: Sequence[StoredFragment] | None = None
) -> SimulatedCall:
    async def main() -> SimulatedCall:
        call = SimulatedCall(plan, fragments=fragments)
        await call.run(*happenings)
        return call

    return run_virtually(main, seed=seed)


def compared(case: str, cuts: int, call: SimulatedCall, uncut: list[Utterance]) -> Row:
    wanted, got = Counter(finals(uncut)), Counter(finals(call.utterances))
    samples = call.tap.samples("simulated", call.plan.audio).values()
    sent = {each.id for each in call.sink.guided if each.is_final} & {
        each.id for each in call.sink.published if each.is_final
    }
    unsent = sum(1 for each in uncut if each.id not in sent)
    return Row(
        case,
        cuts,
        len(uncut),
        max(unsent, sum((wanted - got).values())),
        sum((got - wanted).values()),
        sum(int(side["lost"]) for side in samples) + call.tap.received("simulated").different,
        sum(int(side["duplicated"]) for side in samples),
    )


def every(seconds: float, act: Callable[[SimulatedCall], object]) -> Happening:
    async def happen(call: SimulatedCall) -> None:
        while True:
            await call.clock.sleep_ms(seconds * 1000)
            act(call)

    return happen


def at_random(times: int, within_s: float, act: Callable[[SimulatedCall], object], seed: int = 1) -> Happening:
    moments = sorted(random.Random(seed).uniform(0.5, within_s) for _ in range(times))

    async def happen(call: SimulatedCall) -> None:
        for moment in moments:
            await call.clock.sleep_ms(max(0.0, moment * 1000 - call.clock.monotonic_ms()))
            act(call)

    return happen


def long_call_rows(folder: Path) -> Iterator[Row]:
    plan = repeated_call(9, folder)
    length_s = len(plan.audio) / BYTES_A_SECOND
    uncut = played(plan).utterances
    handed = played(replace(plan, worker_limit_s=length_s / 41, most_handovers=40))
    handovers = sum(outcome.overlap_ms > 0 for outcome in handed.outcomes)
    yield compared(f"{length_s / 60:.0f} min call, handed over again and again", handovers, handed, uncut)
    killed = played(plan, at_random(20, length_s, lambda call: call.kill()))
    yield compared("the same, worker killed at random moments", 20, killed, uncut)


def drop_row(folder: Path) -> Row:
    plan = repeated_call(3, folder)
    plan = replace(plan, audio=plan.audio[: 300 * BYTES_A_SECOND])
    uncut = played(plan).utterances
    dropped = played(plan, every(10, lambda call: call.tap.drop_sessions()))
    return compared("5 min call, recogniser dropped every 10 s", 29, dropped, uncut)


@cache
def minute() -> Plan:
    return Plan(read_call(CALL / "call.wav", None)[: 60 * BYTES_A_SECOND], CALL / "call.transcript.jsonl")


@cache
def uncut_minute() -> tuple[list[StoredFragment], list[Utterance]]:
    plan = minute()
    return list(fragments_of_call(plan, CONTACT.contact_id)), played(plan).utterances


def handed_over_at(block: int) -> Row:
    """A minute of a call whose worker hands over at this block."""
    fragments, uncut = uncut_minute()
    plan = replace(minute(), worker_limit_s=block * BLOCK_S, most_handovers=1)
    return compared("", 1, played(plan, seed=block, fragments=fragments), uncut)


def one_cut_rows(step: int) -> Row:
    """The whole worker, handed over once, at every ``step``-th block of a minute; a process for each core."""
    media = b"".join(fragment.media(fragment.number, 0) for fragment in uncut_minute()[0])
    blocks = sum(isinstance(event, BlockRead) for event in FragmentReader().feed(media))
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=spawning, initializer=watch_pool) as processes:
        rows = list(processes.map(handed_over_at, range(1, blocks + 1, step), chunksize=8))
    return Row(
        f"60 s call, one handover, at {'every' if step == 1 else f'every {step}th'} block",
        len(rows),
        len(uncut_minute()[1]),
        sum(row.finals_lost for row in rows),
        sum(row.finals_doubled for row in rows),
        sum(row.samples_lost for row in rows),
        sum(row.samples_doubled for row in rows),
    )


def audio_cut_row() -> Row:
    """The audio path alone, at every block of a minute: a successor's samples against those that were spoken."""
    plan = minute()
    fragments = list(fragments_of_call(plan, CONTACT.contact_id))
    stream = LiveStream("stream")
    for fragment in fragments:
        stream.append(fragment)
    stream.end()
    resumptions = list(_resumptions(b"".join(fragment.media(fragment.number, 0) for fragment in fragments)))
    lost = sum(run_virtually(partial(_lost_after, resumption, stream, plan.audio)) for resumption in resumptions)
    return Row("60 s of audio, cut at every block", len(resumptions), 0, 0, 0, lost, 0)


def _resumptions(media: bytes) -> Iterator[Resumption]:
    """What a checkpoint would hold after each block."""
    timeline, reader, begun = SampleTimeline(STARTED_MS), FragmentReader(), ""
    for event in reader.feed(media):
        if isinstance(event, BlockRead) and event.speaker is not None:
            number = event.fragment.number
            if number != begun:
                begun = number
                timeline.fragment_began(event.time_ns)
            timeline.place(event.speaker, event.time_ns, event.pcm, number)
            sample = max(0, timeline.sent_samples - CONTEXT_MS * 8) // CHUNK_SAMPLES * CHUNK_SAMPLES
            yield timeline.resumption_at(sample)


async def _lost_after(resumption: Resumption, stream: LiveStream, audio: bytes) -> int:
    """Samples among the successor's first six seconds that are not what was spoken there."""
    clock, wrong, expected = VirtualClock(), 0, resumption.from_sample
    async with StreamReader(CONTACT, StreamInMemory(stream, clock), clock, resumption=resumption) as chunks:
        async for chunk in chunks:
            spoken = audio[chunk.start_sample * 4 : (chunk.start_sample + chunk.samples) * 4]
            in_place = chunk.start_sample == expected and chunk.pcm == spoken
            wrong += 0 if in_place else chunk.samples
            expected = chunk.start_sample + chunk.samples
            if expected - resumption.from_sample >= COMPARED_CHUNKS * CHUNK_SAMPLES:
                break
    reached = min(len(audio) // 4, resumption.from_sample + COMPARED_CHUNKS * CHUNK_SAMPLES)
    return wrong + max(0, reached - expected)


def run(*, block_step: int = 32) -> dict[str, Any]:
    """``block_step``: the whole worker is handed over at every so-manieth block of a minute; its audio at every one."""
    with tempfile.TemporaryDirectory(prefix="handover-") as folder:
        rows = [audio_cut_row(), one_cut_rows(block_step), *long_call_rows(Path(folder)), drop_row(Path(folder))]
    return {
        "rows": [{name: getattr(row, name) for name in Row.__slots__} for row in rows],
        "killed processes": killed_workers.run(),
    }


@ended_in_order()
def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every-block", action="store_true", help="hand the whole worker over at every block: minutes")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = run(block_step=1 if asked.every_block else 32)
    print(f"{'':54}{'cuts':>6}{'finals':>8}{'lost':>6}{'doubled':>9}{'samples lost':>14}{'doubled':>9}")
    for row in results["rows"]:
        faults = f"{row['finals_lost']:>6}{row['finals_doubled']:>9}"
        samples = f"{row['samples_lost']:>14}{row['samples_doubled']:>9}"
        print(f"{row['case']:54}{row['cuts']:>6}{row['finals']:>8}{faults}{samples}")
    killed = results["killed processes"]
    print(killed_workers.summary(killed))
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2) + "\n")
    zero = ("finals_lost", "finals_doubled", "samples_lost", "samples_doubled")
    return int(any(row[fault] for row in results["rows"] for fault in zero) or killed_workers.failed(killed))


if __name__ == "__main__":
    sys.exit(main())
