"""Unit: how loud a recording is, in few parts."""

from __future__ import annotations

import base64
from array import array
from itertools import pairwise

import pytest

from sotto.recordings.blocks import Block
from sotto.recordings.peaks import FEWEST_FRAMES, MOST_PARTS, Peaks


def peaks_of(samples: array[int], channels: int, cuts: list[int]) -> list[bytes]:
    """``cuts``: frames at which a block ends and the next begins."""
    frames = len(samples) // channels
    peaks = Peaks(channels, frames)
    for first, end in pairwise([0, *cuts, frames]):
        peaks.add(Block(first, samples[first * channels : end * channels]))
    return [base64.b64decode(each) for each in peaks.encoded()]


def test_each_part_is_as_loud_as_its_loudest_sample_of_either_sign() -> None:
    samples = array("h", [0] * 4 * FEWEST_FRAMES)
    samples[2], samples[FEWEST_FRAMES + 5], samples[3 * FEWEST_FRAMES] = 16_384, -32_768, 1
    (loud,) = peaks_of(samples, 1, [])
    assert list(loud) == [128, 255, 0, 1]


@pytest.mark.parametrize("cuts", [[], [1], [FEWEST_FRAMES - 1, FEWEST_FRAMES + 1], list(range(1, 400, 7))])
def test_channels_are_apart_however_the_blocks_are_cut(cuts: list[int]) -> None:
    frames = 5 * FEWEST_FRAMES + 3
    samples = array("h", [0] * 2 * frames)
    samples[0::2] = array("h", [100 * (frame // FEWEST_FRAMES) for frame in range(frames)])
    samples[1::2] = array("h", [-32_000] * frames)
    customer, agent = peaks_of(samples, 2, cuts)
    assert list(customer) == [0, 1, 2, 3, 4, 4]
    assert set(agent) == {250}


@pytest.mark.parametrize("frames", [0, 1, MOST_PARTS * FEWEST_FRAMES, MOST_PARTS * FEWEST_FRAMES + 1, 28_800_000])
def test_there_are_never_more_than_can_be_drawn(frames: int) -> None:
    (parts,) = Peaks(1, frames).encoded()
    assert len(base64.b64decode(parts)) <= MOST_PARTS
