"""A tone over what is private: which frames of which channels, the tone itself, and whether a block is as it should be.

The tone is 1 kHz at a fifth of full scale, so that whoever listens hears that something was taken out.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recordings.record import Beeped
from sotto.redaction.withheld import WITHHELD
from sotto.tenants.redaction_rules import PrivateKind

PADDING_MS, WIDE_PADDING_MS = 250, 500
"""Recognisers place a word up to 0.4 s beside where it is spoken: of an address a syllable may be left, of a number no
digit."""
TONE_HZ = 1_000
CUSTOMER, AGENT = 0, 1
"""Left and right. https://docs.aws.amazon.com/connect/latest/adminguide/about-recording-behavior.html"""
EVERYBODY = frozenset((CUSTOMER, AGENT))
BOTH_CHANNELS = frozenset(
    {
        PrivateKind.CARD_NUMBER,
        PrivateKind.CARD_EXPIRY,
        PrivateKind.SECURITY_CODE,
        PrivateKind.PIN,
        PrivateKind.ONE_TIME_CODE,
        PrivateKind.PASSWORD,
        PrivateKind.NUMBER,
        WITHHELD,
    }
)
"""The other channel echoes what is spoken, or somebody reads it back under their breath."""
_DIGITS = BOTH_CHANNELS | {
    PrivateKind.PHONE,
    PrivateKind.ACCOUNT_NUMBER,
    PrivateKind.SOCIAL_SECURITY,
    PrivateKind.IDENTITY_DOCUMENT,
    PrivateKind.DATE_OF_BIRTH,
}
"""Of these a single word left over says something."""
_PERIOD = SAMPLE_RATE_HZ // TONE_HZ
_TONE = array("h", [round(0.2 * 32_767 * math.sin(2 * math.pi * at / _PERIOD)) for at in range(_PERIOD)])
_LONG_TONE = _TONE * 1_024


@dataclass(frozen=True, slots=True)
class PrivateTime:
    """In ms of the recording. ``channels``: on which of them it is audible. ``padding_ms``: what gets the tone before
    it and after it."""

    from_ms: float
    until_ms: float
    channels: frozenset[int] = EVERYBODY
    padding_ms: float = WIDE_PADDING_MS


@dataclass(frozen=True, slots=True)
class FrameRange:
    first: int
    end: int


def private_times(utterances: Iterable[Utterance], *, offset_ms: float) -> list[PrivateTime]:
    """``offset_ms``: call time at which the recording begins."""
    return [
        PrivateTime(
            span.start_ms - offset_ms,
            span.end_ms - offset_ms,
            channels_of(utterance.speaker, span.kind),
            WIDE_PADDING_MS if span.kind in _DIGITS else PADDING_MS,
        )
        for utterance in utterances
        for span in utterance.private
    ]


def channels_of(speaker: Speaker, kind: str) -> frozenset[int]:
    """On which channels a private piece may be audible. Where Connect has menus and prompts is not documented."""
    if kind in BOTH_CHANNELS or speaker is Speaker.SYSTEM:
        return EVERYBODY
    return frozenset((CUSTOMER if speaker is Speaker.CUSTOMER else AGENT,))


class Beeps:
    """The frames that get the tone, channel by channel. ``channels``: of the file; one channel carries everybody."""

    def __init__(self, times: Iterable[PrivateTime], *, frames: int, channels: int) -> None:
        times = list(times)
        self.channels = channels
        self.frames = frames
        self._ranges = [
            _merged(
                (_range(each, frames) for each in times if channels == 1 or channel in each.channels),
            )
            for channel in range(channels)
        ]
        self._firsts = [[each.first for each in ranges] for ranges in self._ranges]

    def inside(self, channel: int, first: int, end: int) -> Iterator[FrameRange]:
        """The parts of these frames that get the tone, in order."""
        at = max(0, bisect_right(self._firsts[channel], first) - 1)
        for each in self._ranges[channel][at:]:
            if each.first >= end:
                return
            if each.end > first:
                yield FrameRange(max(first, each.first), min(end, each.end))

    def within(self, first: int, end: int) -> tuple[tuple[FrameRange, ...], ...]:
        """By channel, the parts of these frames that get the tone."""
        return tuple(tuple(self.inside(channel, first, end)) for channel in range(self.channels))

    def covers(self, channel: int, at_ms: float) -> bool:
        frame = int(at_ms * SAMPLE_RATE_HZ / 1000)
        channel = min(channel, self.channels - 1)
        return any(True for _ in self.inside(channel, frame, frame + 1))

    def all(self) -> tuple[Beeped, ...]:
        """Where any channel has the tone."""
        together = _merged(each for ranges in self._ranges for each in ranges)
        return tuple(Beeped(_ms(each.first), _ms(each.end)) for each in together)


def beep(block: array[int], first_frame: int, beeps: Beeps) -> None:
    """Put the tone into the block, whose first frame is the recording's ``first_frame``th."""
    channels, frames = beeps.channels, len(block) // beeps.channels
    for channel in range(channels):
        for part in beeps.inside(channel, first_frame, first_frame + frames):
            at, end = part.first - first_frame, part.end - first_frame
            block[at * channels + channel : (end - 1) * channels + channel + 1 : channels] = tone(part.first, end - at)


def is_redacted(before: array[int], after: array[int], first_frame: int, beeps: Beeps) -> bool:
    """Whether ``after`` is ``before`` outside the spans, byte for byte, and the tone inside. Reckoned from the frames
    that must not have changed, and not as ``beep`` does it."""
    channels = beeps.channels
    if len(before) != len(after) or len(after) % channels:
        return False
    frames = len(after) // channels
    for channel in range(channels):
        old, new = memoryview(before)[channel::channels], memoryview(after)[channel::channels]
        kept_from = first_frame
        for part in (*beeps.inside(channel, first_frame, first_frame + frames), None):
            kept_until = part.first if part is not None else first_frame + frames
            kept = slice(kept_from - first_frame, kept_until - first_frame)
            if old[kept] != new[kept]:
                return False
            if part is not None:
                toned = new[part.first - first_frame : part.end - first_frame]
                if any(toned[at::_PERIOD] != _held(part.first + at, len(toned[at::_PERIOD])) for at in range(_PERIOD)):
                    return False
                kept_from = part.end
    return True


def tone(first_frame: int, frames: int) -> array[int]:
    """Its phase is the recording's, so that blocks join without a click."""
    begins = first_frame % _PERIOD
    whole = _LONG_TONE if begins + frames <= len(_LONG_TONE) else _TONE * (frames // _PERIOD + 2)
    return whole[begins : begins + frames]


def _held(frame: int, count: int) -> array[int]:
    return array("h", [_TONE[frame % _PERIOD]]) * count


def _range(time: PrivateTime, frames: int) -> FrameRange:
    first = math.floor((time.from_ms - time.padding_ms) * SAMPLE_RATE_HZ / 1000)
    end = math.ceil((time.until_ms + time.padding_ms) * SAMPLE_RATE_HZ / 1000)
    return FrameRange(max(0, min(first, frames)), max(0, min(end, frames)))


def _merged(ranges: Iterable[FrameRange]) -> list[FrameRange]:
    merged: list[FrameRange] = []
    for each in sorted((each for each in ranges if each.first < each.end), key=lambda each: each.first):
        if merged and each.first <= merged[-1].end:
            merged[-1] = FrameRange(merged[-1].first, max(merged[-1].end, each.end))
        else:
            merged.append(each)
    return merged


def _ms(frame: int) -> int:
    return frame * 1000 // SAMPLE_RATE_HZ
