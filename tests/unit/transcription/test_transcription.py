"""Unit tests: one audio worker on one contact, in virtual time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path

from local.aws.kinesis_video.muxer import ContactTag, StoredFragment, StreamShape
from local.simulation.call import Plan, SimulatedCall, finals, fragments_of_call
from local.simulation.virtual_time import run_virtually
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.media.stereo import CHUNK_MS, StereoChunk
from sotto.media.wav import read_call
from sotto.recognition.recogniser import Recogniser, RecogniserStream, Session
from sotto.transcription.worker import TICK_EVERY_MS, TICK_WHILE_TALKING_MS

CALL = Path(__file__).parents[3] / "events" / "calls" / "bank_cancel"
SECONDS = 40


def plan(shape: StreamShape | None = None) -> Plan:
    return Plan(read_call(CALL / "call.wav", None)[: SECONDS * 32_000], CALL / "call.transcript.jsonl", shape=shape)


def played(plan: Plan, **options) -> SimulatedCall:
    async def main() -> SimulatedCall:
        call = SimulatedCall(plan, **options)
        await call.run()
        return call

    return run_virtually(main)


def between(fragments: list[StoredFragment], from_ms: int, to_ms: int) -> list[StoredFragment]:
    zero_ms = fragments[0].producer_ms
    return [each for each in fragments if from_ms <= each.producer_ms - zero_ms < to_ms]


def everything_of(call: SimulatedCall) -> list[Utterance]:
    return [*call.sink.published, *call.sink.guided, *call.utterances]


def test_the_words_of_another_caller_go_nowhere() -> None:
    """The recogniser hears them, because whose they are is known later than they are."""
    tagged_late = plan(StreamShape(contact_tag=ContactTag.AFTER_CLUSTER))
    ours = list(fragments_of_call(tagged_late, "simulated"))
    theirs = list(fragments_of_call(tagged_late, "another"))
    foreign = between(theirs, 9_000, 11_000)
    from_ms, to_ms = (ms - ours[0].producer_ms for ms in (foreign[0].producer_ms, foreign[-1].end_ms))
    call = played(plan(), fragments=[*between(ours, 0, 9_000), *foreign, *between(ours, 11_000, 99_000)])
    assert max(each.start_ms for each in call.utterances) > to_ms
    assert not [each for each in everything_of(call) if each.end_ms > from_ms and each.start_ms < to_ms]


def test_after_the_contact_its_stream_may_carry_another() -> None:
    ours = list(fragments_of_call(plan(), "simulated"))
    theirs = list(fragments_of_call(plan(), "another"))
    call = played(plan(), fragments=[*between(ours, 0, 20_000), *between(theirs, 20_000, 99_000)])
    assert [outcome.how for outcome in call.outcomes] == ["finished"]
    assert max(each.end_ms for each in everything_of(call)) < 21_000


def test_where_the_contact_is_tagged_does_not_matter() -> None:
    before = played(plan(StreamShape(contact_tag=ContactTag.BEFORE_CLUSTER)))
    after = played(plan(StreamShape(contact_tag=ContactTag.AFTER_CLUSTER, swapped_tracks=True)))
    assert finals(after.utterances) == finals(before.utterances) != []


def test_without_any_tag_nothing_is_published_and_nothing_waits_for_ever() -> None:
    call = played(plan(StreamShape(contact_tag=ContactTag.ABSENT)))
    assert [outcome.how for outcome in call.outcomes] == ["finished"]
    assert everything_of(call) == []


def test_tags_that_come_late_hold_up_the_text_but_not_the_audio() -> None:
    untagged = list(fragments_of_call(plan(StreamShape(contact_tag=ContactTag.ABSENT)), "simulated"))
    tagged = list(fragments_of_call(plan(), "simulated"))
    mixed = chain(between(tagged, 0, 5_000), between(untagged, 5_000, 25_000), between(tagged, 25_000, 99_000))
    call = played(plan(), fragments=mixed)
    assert finals(call.utterances) == finals(played(plan()).utterances)


def test_interims_come_before_their_utterance_and_grow() -> None:
    call = played(plan())
    first = call.utterances[0]
    views = [each for each in call.sink.published if each.speaker is first.speaker]
    until = next(at for at, each in enumerate(views) if each.is_final)
    assert until > 3
    assert all(first.text.lower().startswith(each.text.lower()[:10]) for each in views[:until])


class NeverSaysPause:
    """A provider that settles text without telling that the speaker paused."""

    def __init__(self, inner: Recogniser) -> None:
        self.name, self.languages, self._inner = inner.name, inner.languages, inner

    @asynccontextmanager
    async def open(self, session: Session) -> AsyncIterator[RecogniserStream]:
        async with self._inner.open(session) as stream:
            yield _Stripped(stream)


class _Stripped:
    def __init__(self, inner: RecogniserStream) -> None:
        self._inner = inner

    async def send(self, chunk: StereoChunk) -> None:
        await self._inner.send(chunk)

    async def finish(self) -> None:
        await self._inner.finish()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        async for event in self._inner:
            yield replace(event, ends_speech=False)


def test_a_pause_closes_an_utterance_although_the_provider_does_not_say_so() -> None:
    call = played(plan(), recogniser=NeverSaysPause)
    ticked_ms = {tick.last_seq: tick.call_time_ms for tick in reversed(call.sink.ticks)}
    waits_ms = [ticked_ms[each.seq] - each.end_ms for each in call.utterances if each.seq in ticked_ms]
    assert waits_ms and max(waits_ms) < 3_000 + TICK_WHILE_TALKING_MS


def test_ticks_are_rare_while_somebody_speaks() -> None:
    ticks = played(plan()).sink.ticks[:-1]  # the last one says that the call has ended
    assert 1 <= len(ticks) <= SECONDS / 10
    assert all(each.call_time_ms - each.spoken_until_ms >= TICK_EVERY_MS - 2 * CHUNK_MS for each in ticks)


def spoken(folder: Path, *words: tuple[int, int]) -> Path:
    times = [{"text": "on", "start_ms": start, "end_ms": end} for start, end in words]
    line = {"speaker": "customer", "text": " ".join("on" for _ in words), "start_ms": 0, "end_ms": words[-1][1]}
    transcript = folder / "call.transcript.jsonl"
    transcript.write_text(json.dumps({**line, "words": times}) + "\n")
    return transcript


def test_ticks_are_frequent_while_nobody_speaks(tmp_path: Path) -> None:
    ticks = played(Plan(read_call(CALL / "call.wav", None)[: 30 * 32_000], spoken(tmp_path, (0, 400)))).sink.ticks
    gaps = [after.call_time_ms - before.call_time_ms for before, after in pairwise(ticks[:-1])]
    assert len(gaps) > 10 and all(abs(gap - TICK_EVERY_MS) <= 2 * CHUNK_MS for gap in gaps)


def test_who_talks_on_and_on_does_not_stop_the_clock(tmp_path: Path) -> None:
    transcript = spoken(tmp_path, *((at, at + 400) for at in range(0, 25_000, 500)))
    ticks = played(Plan(read_call(CALL / "call.wav", None)[: 30 * 32_000], transcript)).sink.ticks
    talking = [each for each in ticks if each.call_time_ms - each.spoken_until_ms < TICK_EVERY_MS]
    assert 1 <= len(talking) <= 3
