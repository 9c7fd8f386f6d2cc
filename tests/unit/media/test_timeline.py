"""Unit tests: blocks of two tracks on one clock."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.call.contact import Speaker
from sotto.media.stereo import CHUNK_SAMPLES
from sotto.media.timeline import SamplePlacement, SampleTimeline
from sotto.media.wav import joined

CUSTOMER, AGENT = Speaker.CUSTOMER, Speaker.AGENT
ZERO_MS = 1_726_677_688_724


def speech(samples: int, seed: int = 1) -> bytes:
    return bytes(1 + byte % 255 for byte in random.Random(seed).randbytes(2 * samples))


def at(ms: float) -> int:
    return int((ZERO_MS + ms) * 1_000_000)


def cut(pcm: bytes, sizes, jitter=lambda: 0):
    """Blocks of these sizes (samples) with timecodes rounded to milliseconds, as Connect stamps them."""
    start, found, sizes = 0, [], iter(sizes)
    while start * 2 < len(pcm):
        size = next(sizes)
        found.append((at((2 * start + 8) // 16 + jitter()), pcm[2 * start : 2 * (start + size)]))
        start += size
    return found


def steady():
    while True:
        yield 512


def pcm_of(timeline: SampleTimeline, placed) -> bytes:
    chunks = [chunk for speaker, time_ns, pcm in placed for chunk in timeline.place(speaker, time_ns, pcm)]
    chunks += timeline.finish()
    starts = [chunk.start_sample for chunk in chunks]
    assert starts == [starts[0] + CHUNK_SAMPLES * n for n in range(len(starts))] if starts else True
    assert all(chunk.samples == CHUNK_SAMPLES for chunk in chunks[:-1])
    return b"".join(chunk.pcm for chunk in chunks)


def alternating(customer: bytes, agent: bytes, **how):
    pairs = [(CUSTOMER, *b) for b in cut(customer, steady(), **how)] + [
        (AGENT, *b) for b in cut(agent, steady(), **how)
    ]
    return sorted(pairs, key=lambda placed: placed[1])


def test_a_call_without_gaps_leaves_as_it_came():
    customer, agent = speech(8000, 1), speech(8000, 2)
    assert pcm_of(SampleTimeline(ZERO_MS), alternating(customer, agent)) == joined(customer, agent)


def test_a_gap_is_silence_of_exactly_its_length():
    customer = speech(2048)
    blocks = [(CUSTOMER, *b) for b in cut(customer, steady())]
    del blocks[1]
    expected = customer[:1024] + bytes(1024) + customer[2048:]
    timeline = SampleTimeline(ZERO_MS)
    assert pcm_of(timeline, blocks) == joined(expected, b"")
    assert timeline.counts[CUSTOMER].filled == 512


def test_a_missing_track_is_silence_and_holds_the_other_back_by_one_block_at_most():
    timeline = SampleTimeline(ZERO_MS)
    sent, lags = 0, []
    for time_ns, pcm in cut(speech(80_000), steady()):
        sent += sum(chunk.samples for chunk in timeline.place(CUSTOMER, time_ns, pcm))
        lags.append((time_ns - at(0)) * 8 // 1_000_000 + 512 - sent)
    assert max(lags) <= 4000 + 512 + CHUNK_SAMPLES
    assert max(lags[30:]) <= 512 + CHUNK_SAMPLES


def test_a_side_that_comes_back_is_aligned_again():
    customer, agent = speech(32_000, 1), speech(32_000, 2)
    blocks = [b for b in alternating(customer, agent) if b[0] is CUSTOMER or b[1] >= at(2_048)]
    silent = 2_048 * 8 * 2
    assert pcm_of(SampleTimeline(ZERO_MS), blocks) == joined(customer, bytes(silent) + agent[silent:])


def test_the_first_sample_wins_where_two_overlap():
    timeline = SampleTimeline(ZERO_MS)
    first, second = speech(512, 1), speech(512, 2)
    got = pcm_of(timeline, [(CUSTOMER, at(0), first), (CUSTOMER, at(32), second)])
    assert got == joined(first + second[512:], b"")
    assert timeline.counts[CUSTOMER].duplicated == 256


def test_what_comes_after_its_time_was_sent_is_counted_and_dropped():
    timeline = SampleTimeline(ZERO_MS)
    blocks = cut(speech(16_000), steady())
    late = blocks.pop(2)
    for time_ns, pcm in blocks:
        timeline.place(CUSTOMER, time_ns, pcm)
    timeline.place(CUSTOMER, *late)
    timeline.finish()
    assert timeline.counts[CUSTOMER].late == 512


def test_a_jump_of_the_clock_forward_or_back_neither_loses_audio_nor_invents_silence():
    for jump_ms in (3_600_000, -120_000):
        customer, timeline = speech(16_384), SampleTimeline(ZERO_MS)
        blocks = cut(customer, steady())
        chunks = []
        for index, (time_ns, pcm) in enumerate(blocks):
            time_ns += jump_ms * 1_000_000 * (index >= 16)
            if index == 16:
                timeline.fragment_began(time_ns)
            chunks += timeline.place(CUSTOMER, time_ns, pcm)
        chunks += timeline.finish()
        assert b"".join(chunk.pcm for chunk in chunks) == joined(customer, b"")
        assert timeline.jumps == 1


def test_samples_and_timecodes_that_drift_apart_stay_within_the_tolerance():
    timeline, customer = SampleTimeline(ZERO_MS), speech(512 * 500)
    drifting = [(CUSTOMER, at(64.02 * n), customer[1024 * n : 1024 * (n + 1)]) for n in range(500)]
    got = pcm_of(timeline, drifting)
    assert abs(len(got) // 4 - (64.02 * 500 * 8)) <= 16 + 1


@pytest.mark.parametrize("from_sample", [0, 1, 799, 800, 5_000, 12_345, 23_999])
def test_a_successor_sends_exactly_the_samples_that_its_predecessor_had_left(from_sample):
    chance = random.Random(from_sample)
    customer, agent = speech(24_000, 1), speech(24_000, 2)
    sides = [(CUSTOMER, customer), (AGENT, agent)]
    blocks = []
    for speaker, pcm in sides:
        sizes = iter(lambda: chance.choice([512, 512, 512, 77, 301]), None)
        blocks += [(time_ns, speaker, pcm) for time_ns, pcm in cut(pcm, sizes, lambda: chance.choice([-1, 0, 1]))]
    blocks.sort(key=lambda block: block[0])
    numbered = [(speaker, time_ns, pcm, f"f{n // 32}") for n, (time_ns, speaker, pcm) in enumerate(blocks)]
    whole = joined(customer, agent)

    first = SampleTimeline(ZERO_MS)
    sent = [chunk for block in numbered for chunk in first.place(*block)] + first.finish()
    assert b"".join(chunk.pcm for chunk in sent) == whole
    successor = SampleTimeline(ZERO_MS, resumption=first.resumption_at(from_sample))
    rest = [chunk for block in numbered for chunk in successor.place(*block)] + successor.finish()
    assert rest[0].start_sample == from_sample
    assert b"".join(chunk.pcm for chunk in rest) == whole[4 * from_sample :]


sizes = st.lists(st.sampled_from([512, 512, 512, 40, 100, 333]), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(sizes, sizes, st.randoms(use_true_random=False))
def test_any_order_jitter_and_repetition_within_the_skew_gives_the_same_samples(customer_sizes, agent_sizes, chance):
    sides = {CUSTOMER: speech(sum(customer_sizes), 1), AGENT: speech(sum(agent_sizes), 2)}
    blocks = []
    for speaker, block_sizes in ((CUSTOMER, customer_sizes), (AGENT, agent_sizes)):
        for time_ns, pcm in cut(sides[speaker], block_sizes, lambda: chance.choice([-1, 0, 0, 1])):
            blocks += [(speaker, time_ns, pcm)] * chance.choice([1, 1, 1, 2])
    # Each block is moved by at most 300 ms from its turn, so its time is not sent yet when it comes.
    blocks.sort(key=lambda block: block[1] + chance.randrange(300) * 1_000_000)
    timeline = SampleTimeline(ZERO_MS, rules=SamplePlacement(max_skew_ms=500))
    expected = joined(sides[CUSTOMER], sides[AGENT])
    assert pcm_of(timeline, blocks) == expected
