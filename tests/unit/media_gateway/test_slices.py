"""Unit: both sides of a call beside each other, each sample once, whatever order packets come in."""

from __future__ import annotations

import random

import pytest

from media_gateway.slices import SLICE_SAMPLES, WIDTH, Slice, Slices
from sotto.call.contact import Speaker

CUSTOMER, AGENT = Speaker.CUSTOMER, Speaker.AGENT
PACKET = 160


def spoken(samples: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(samples * WIDTH)


SIDES = {CUSTOMER: spoken(8_000, 1), AGENT: spoken(8_000, 2)}


def packets(*speakers: Speaker) -> list[tuple[Speaker, int, bytes]]:
    return [
        (speaker, at, SIDES[speaker][at * WIDTH : (at + PACKET) * WIDTH])
        for at in range(0, 8_000, PACKET)
        for speaker in speakers
    ]


def put(slices: Slices, sent: list[tuple[Speaker, int, bytes]]) -> list[Slice]:
    found = [each for number, packet in enumerate(sent) for each in slices.place(*packet, came_ms=float(number))]
    return [*found, *slices.finish()]


def heard(found: list[Slice], speaker: Speaker) -> bytes:
    assert [each.start for each in found] == [at * SLICE_SAMPLES for at in range(len(found))]
    return b"".join(each.pcm[speaker] for each in found)


@pytest.mark.parametrize("seed", range(20))
def test_packets_out_of_order_and_doubled_are_each_sample_once(seed: int) -> None:
    chance = random.Random(seed)
    sent = packets(CUSTOMER, AGENT)
    for at in range(0, len(sent) - 8, 8):
        part = sent[at : at + 8]
        chance.shuffle(part)
        sent[at : at + 8] = part
    sent = [packet for packet in sent for _ in range(1 + (chance.random() < 0.2))]
    slices = Slices()
    found = put(slices, sent)
    assert all(heard(found, speaker) == SIDES[speaker] for speaker in SIDES)
    assert all(each.silence == each.late == 0 for each in slices.counts.values() if each.late == 0)


def test_a_slice_is_done_with_its_last_packet() -> None:
    slices = Slices()
    sent = packets(CUSTOMER, AGENT)[:10]
    assert [len(slices.place(*packet, came_ms=float(number))) for number, packet in enumerate(sent)] == [0] * 9 + [1]


def test_of_each_side_it_is_known_when_it_was_complete() -> None:
    (first, *_) = put(Slices(), packets(CUSTOMER, AGENT))
    assert first.came_ms == {CUSTOMER: 8.0, AGENT: 9.0}


def test_a_side_that_is_not_sent_is_silence_and_nobody_waits_for_it() -> None:
    slices = Slices(frozenset({CUSTOMER}))
    found = [each for packet in packets(CUSTOMER)[:5] for each in slices.place(*packet, came_ms=0.0)]
    assert len(found) == 1 and found[0].pcm[AGENT] == bytes(SLICE_SAMPLES * WIDTH)


def test_a_side_that_stops_is_waited_for_so_long_and_what_comes_later_is_counted() -> None:
    slices = Slices(skew_ms=400)
    found = [each for packet in packets(CUSTOMER) for each in slices.place(*packet, came_ms=0.0)]
    assert len(found) == 6
    slices.place(AGENT, 0, SIDES[AGENT][: PACKET * WIDTH], 0.0)
    assert slices.counts[AGENT].late == PACKET and slices.counts[AGENT].silence == 6 * SLICE_SAMPLES


def test_silence_goes_on_for_an_hour_while_nothing_comes() -> None:
    slices = Slices()
    found = slices.silence_until(3_600 * 8_000)
    assert len(found) == 36_000 and slices.start == slices.frontier == 3_600 * 8_000
    assert not slices.finish()


def test_the_last_slice_is_as_long_as_what_came() -> None:
    slices = Slices()
    slices.place(CUSTOMER, 0, SIDES[CUSTOMER][: 100 * WIDTH], 0.0)
    (last,) = slices.finish()
    assert last.samples == 100 and last.pcm[AGENT] == bytes(100 * WIDTH)
