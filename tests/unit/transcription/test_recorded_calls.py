"""Unit tests: calls whose sides have a stream each, transcribed in virtual time by audio workers that hand over, crash
and lose connections. Bytes in, samples out: nothing is lost and nothing comes twice."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from local.aws.chime.leg_muxer import LegShape, LegTags, fragments_of_leg
from local.aws.kinesis_video.stream import LiveStream, play
from local.simulation.call import STARTED_MS, Plan, SimulatedCall, finals
from local.simulation.media import StreamInMemory
from local.simulation.virtual_time import run_virtually
from sotto.call.contact import CHANNELS, Contact, MediaLeg, Speaker
from sotto.call.utterance import Utterance
from sotto.media.audio_source import MediaAudioSource
from sotto.media.media_source import MediaStart
from sotto.media.wav import read_call, split
from sotto.transcription.ports import KnownByNow

CALL = Path(__file__).parents[3] / "events" / "calls" / "bank_card"
SECONDS = 40
TAGS = LegTags("call", "transaction", "connector")
EARLIER = LegTags("earlier", "transaction of the earlier", "connector")
CUSTOMER, AGENT = CHANNELS


@cache
def audio() -> bytes:
    return read_call(CALL / "call.wav", None)[: SECONDS * 8000 * 4]


class RecordedCall(SimulatedCall):
    """Make it inside the virtual loop. Both streams hold the end of an earlier call."""

    def __init__(self, worker_limit_s: float = float("inf"), *, late_leg_s: float = 0.0) -> None:
        super().__init__(Plan(audio(), CALL / "call.transcript.jsonl", worker_limit_s), fragments=())
        self.streams = {speaker: LiveStream(f"stream/{speaker}") for speaker in CHANNELS}
        self._sources = {stream.arn: StreamInMemory(stream, self.clock) for stream in self.streams.values()}
        shapes = {CUSTOMER: LegShape(fragment_ms=900), AGENT: LegShape(fragment_ms=700, tags_after=True)}
        pcm = dict(zip(CHANNELS, split(audio()), strict=True))
        for stream in self.streams.values():
            noise = random.Random(1).randbytes(2_000 * 16)
            for each in fragments_of_leg(noise, tags=EARLIER, started_at_ms=STARTED_MS - 2_000, first=1):
                stream.append(each)
        self.spoken = {
            speaker: list(
                fragments_of_leg(pcm[speaker], tags=TAGS, started_at_ms=STARTED_MS, shape=shapes[speaker], first=100)
            )
            for speaker in CHANNELS
        }
        legs = tuple(MediaLeg(each, f"stream/{each}", "call", "transaction", at) for at, each in enumerate(CHANNELS))
        self.whole = Contact("harbour_bank", "simulated", "arn", legs[0].stream_arn, STARTED_MS, legs=legs)
        self.contact = replace(self.whole, legs=legs[:1]) if late_leg_s else self.whole
        self._known_from_ms = self.clock.monotonic_ms() + late_leg_s * 1000
        source = MediaAudioSource(self, self.clock, self._as_known)
        self._over_ms = self.clock.monotonic_ms() + (SECONDS + 2) * 1000
        self.ports = replace(self.ports, source=source, known_by_now=self._known_by_now)
        self.stream, self._fragments = self.streams[CUSTOMER], self.spoken[CUSTOMER]

    def _as_known(self, contact: Contact) -> Contact:
        return self.whole if self.clock.monotonic_ms() >= self._known_from_ms else contact

    def _known_by_now(self, contact: Contact) -> KnownByNow:
        is_over = self.clock.monotonic_ms() > self._over_ms
        return KnownByNow(SECONDS * 1000.0 if is_over else None)

    @asynccontextmanager
    async def open(self, stream_arn: str, start: MediaStart) -> AsyncIterator[AsyncIterator[bytes]]:
        async with self._sources[stream_arn].open(stream_arn, start) as pieces:
            yield pieces


async def the_agent_speaks(call: RecordedCall) -> None:
    await play(call.streams[AGENT], call.spoken[AGENT], call.clock)


def played(*happenings: object, seed: int = 0, **options: float) -> RecordedCall:
    async def main() -> RecordedCall:
        call = RecordedCall(**options)
        await call.run(the_agent_speaks, *happenings)  # type: ignore[arg-type]
        return call

    return run_virtually(main, seed=seed)


@cache
def uncut() -> tuple[Utterance, ...]:
    return tuple(finals(played().utterances))


def assert_nothing_lost(call: RecordedCall) -> None:
    samples = call.tap.samples("simulated", audio())
    assert {side: (each["lost"], each["duplicated"]) for side, each in samples.items()} == {
        "customer": (0, 0),
        "agent": (0, 0),
    }
    assert call.tap.received("simulated").different == 0
    assert finals(call.utterances) == list(uncut())


def test_one_worker_transcribes_both_sides() -> None:
    assert len(uncut()) > 5 and {each.speaker for each in uncut()} == {Speaker.CUSTOMER, Speaker.AGENT}
    assert_nothing_lost(played())


@pytest.mark.parametrize("seed", range(6))
def test_handovers_kills_and_drops_lose_nothing_and_double_nothing(seed: int) -> None:
    async def trouble(call: SimulatedCall) -> None:
        assert isinstance(call, RecordedCall)
        chance = random.Random(seed)
        while True:
            await call.clock.sleep_ms(chance.uniform(1_000, 9_000))
            what = chance.choice(["kill", "customer", "agent", "both"])
            if what == "kill":
                call.kill()
            for speaker in CHANNELS:
                if what in (speaker.value, "both"):
                    call.streams[speaker].drop_connections()

    assert_nothing_lost(played(trouble, seed=seed, worker_limit_s=11.0))


def test_a_side_that_is_announced_late_is_read_from_its_beginning() -> None:
    assert_nothing_lost(played(late_leg_s=7.0))
