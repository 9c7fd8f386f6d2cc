"""Unit tests: bytes that are wrong in the stream itself cost their fragment and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.aws.kinesis_video.muxer import StoredFragment, StreamShape, fragments_of
from local.simulation.call import Plan, SimulatedCall, fragments_of_call
from local.simulation.virtual_time import run_virtually
from sotto.media.isolation import Ownership
from sotto.media.media_source import StartKind
from sotto.media.mkv.ebml import MalformedMedia
from sotto.media.stream_reader import StreamReader
from sotto.media.wav import read_call
from tests.unit.media.test_stream_reader import CONTACT, STARTED_MS, PatientClock, RecordedMedia, any_call, audio_of

CALL = Path(__file__).parents[3] / "events" / "calls" / "bank_card"
NO_ID = b"\x00" * 8
HUGE_UNKNOWN = b"\xec\x01" + (10**12).to_bytes(7, "big")
LARGE_BLOCK = b"\xa3\x01" + (8 << 20).to_bytes(7, "big")


def stored(stereo: bytes) -> list[StoredFragment]:
    """Blocks of 64 ms: their timecodes, which count milliseconds, name the sample exactly, also after a gap."""
    shape = StreamShape(short_block_every=0)
    return list(fragments_of(stereo, contact_id="ours", instance_id="i", started_at_ms=STARTED_MS, shape=shape))


def broken_inside(fragment: StoredFragment, mistake: bytes) -> StoredFragment:
    """Its audio goes wrong between two blocks, halfway through."""
    at = fragment.cluster.index(b"\xa3\x44\x04", len(fragment.cluster) // 2)
    return replace(fragment, cluster=fragment.cluster[:at] + mistake + fragment.cluster[at:])


def broken_head(fragment: StoredFragment) -> StoredFragment:
    """So early that not even its number is read."""
    return replace(fragment, head=NO_ID + fragment.head)


def span(fragments: list[StoredFragment]) -> tuple[int, int]:
    """First and last byte of the call that may be missing, with room for the other track's blocks at both ends."""
    return (fragments[0].producer_ms - STARTED_MS - 70) * 32, (fragments[-1].end_ms - STARTED_MS + 70) * 32


async def read_to_end(fragments: list[StoredFragment]) -> tuple[StreamReader, RecordedMedia, bytes]:
    media = RecordedMedia(fragments)
    audio = StreamReader(CONTACT, media, PatientClock())
    return audio, media, await audio_of(audio)


@pytest.mark.parametrize("mistake", [NO_ID, HUGE_UNKNOWN, LARGE_BLOCK], ids=["no element", "huge size", "large block"])
async def test_a_fragment_that_is_malformed_is_left_out_and_the_call_goes_on(mistake):
    stereo = any_call(30)
    fragments = stored(stereo)
    missing = span(fragments[9:10])
    fragments[9] = broken_inside(fragments[9], mistake)
    audio, media, got = await read_to_end(fragments)
    assert len(got) == len(stereo)
    assert got[: missing[0]] == stereo[: missing[0]]
    assert got[missing[1] :] == stereo[missing[1] :]
    assert audio.connections.skipped_fragments == 1
    assert [start.kind for start in media.starts[1:3]] == [StartKind.CONTINUATION_TOKEN, StartKind.AFTER_FRAGMENT]
    assert audio.known_owner(0, 30_000) is Ownership.OURS


async def test_what_was_read_before_the_mistake_stays_and_the_rest_is_silence():
    stereo = any_call(12)
    fragments = stored(stereo)
    start_ms, end_ms = fragments[5].producer_ms - STARTED_MS, fragments[5].end_ms - STARTED_MS
    fragments[5] = broken_inside(fragments[5], NO_ID)
    audio, _, got = await read_to_end(fragments)
    quarter_ms = (end_ms - start_ms) // 4
    assert got[: (start_ms + quarter_ms) * 32] == stereo[: (start_ms + quarter_ms) * 32]
    assert not any(got[(end_ms - quarter_ms) * 32 : (end_ms - 70) * 32])
    filled = sum(counts.filled for counts in audio.timeline.counts.values())
    assert quarter_ms * 8 < filled <= 2 * (end_ms - start_ms) * 8


async def test_a_fragment_without_a_number_is_passed_by_time():
    stereo = any_call(30)
    fragments = stored(stereo)
    missing = span(fragments[9:11])
    fragments[9] = broken_head(fragments[9])
    audio, media, got = await read_to_end(fragments)
    assert len(got) == len(stereo)
    assert got[: missing[0]] == stereo[: missing[0]]
    assert got[missing[1] :] == stereo[missing[1] :]
    assert audio.connections.skipped_fragments == 1
    assert [start.kind for start in media.starts[1:3]] == [StartKind.CONTINUATION_TOKEN, StartKind.PRODUCER_TIMESTAMP]


async def test_fragments_that_are_malformed_one_after_the_other_are_all_left_out():
    stereo = any_call(30)
    fragments = stored(stereo)
    missing = span(fragments[9:15])
    for index in range(9, 15):
        fragments[index] = broken_inside(fragments[index], NO_ID)
    audio, _, got = await read_to_end(fragments)
    assert len(got) == len(stereo)
    assert got[missing[1] :] == stereo[missing[1] :]
    assert audio.connections.skipped_fragments == 6


async def test_a_stream_of_nothing_but_mistakes_is_given_up():
    fragments = [broken_inside(fragment, NO_ID) for fragment in stored(any_call(60))]
    with pytest.raises(MalformedMedia, match="no element id starts with byte 0x00"):
        await read_to_end(fragments)


async def test_a_connection_that_is_cut_at_one_place_again_and_again_loses_nothing():
    class Cutting(RecordedMedia):
        async def _pieces(self, media, cut):
            for at in range(0, len(media[:cut]), 3000):
                yield media[:cut][at : at + 3000]

    stereo = any_call(8)
    fragments = stored(stereo)
    whole = sum(len(fragment.media(fragment.number, 0)) for fragment in fragments[:4])
    media = Cutting(fragments, cuts=[whole + 9_000, 9_000, 9_000, 9_000, 9_000])
    audio = StreamReader(CONTACT, media, PatientClock())
    assert await audio_of(audio) == stereo
    assert audio.connections.malformed == 5
    assert audio.connections.skipped_fragments == 0


async def test_a_successor_reads_the_same_samples_around_a_malformed_fragment():
    stereo = any_call(20)
    fragments = stored(stereo)
    fragments[8] = broken_inside(fragments[8], NO_ID)
    first, _, got = await read_to_end(fragments)
    for sample in range(40_000, 100_000, 3_001):
        resumption = first.timeline.resumption_at(sample)
        rest = StreamReader(CONTACT, RecordedMedia(fragments), PatientClock(), resumption=resumption)
        assert await audio_of(rest) == got[4 * sample :]


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.floats(0, 1), st.binary(min_size=1, max_size=6))
async def test_whatever_one_fragments_bytes_are_the_call_is_read_to_its_end(index, where, damage):
    fragments = stored(any_call(12))
    fragment = fragments[index]
    media = bytearray(fragment.head + fragment.cluster)
    at = int(where * (len(media) - len(damage)))
    media[at : at + len(damage)] = damage
    fragments[index] = replace(fragment, head=bytes(media[: len(fragment.head)]), cluster=media[len(fragment.head) :])
    audio, _, got = await read_to_end(fragments)
    assert audio.connections.skipped_fragments <= 3
    assert len(got) >= 32 * 11_000


def test_a_worker_goes_on_after_a_malformed_fragment() -> None:
    """The transcript recogniser says what was spoken once its time has come, even where there is silence now."""
    plan = Plan(read_call(CALL / "call.wav", None)[: 60 * 32_000], CALL / "call.transcript.jsonl")

    def finals_of(fragments: list[StoredFragment]) -> dict[int, str]:
        async def main() -> SimulatedCall:
            call = SimulatedCall(plan, fragments=fragments)
            await call.run()
            return call

        call = run_virtually(main)
        assert [outcome.how for outcome in call.outcomes] == ["finished"] and call.errors == []
        return {each.start_ms: each.text for each in call.sink.guided if each.is_final}

    fragments = list(fragments_of_call(plan, "simulated"))
    whole = finals_of(fragments)
    assert len(whole) >= 8
    fragments[20] = broken_inside(fragments[20], NO_ID)
    assert finals_of(fragments) == whole
