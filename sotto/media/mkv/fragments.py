"""Fragments as Kinesis Video Streams sends them, and what happens while one is read.

Blocks are handed over as they arrive. Whether they may be used depends on their fragment's ContactId, which may come
before them, after them or never; so every block carries its fragment, and sotto.media.isolation keeps what is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from sotto.call.contact import Speaker


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a producer says whose audio it is. ``owner_tags``: the tags that name a fragment's call, of which the first
    to come counts. ``speakers``: who speaks on a track, by its Name; ``alone``: on the only track that there is,
    whatever it is called."""

    owner_tags: tuple[str, ...]
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    alone: Speaker | None = None

    def speaker(self, name: str, *, is_first: bool) -> Speaker | None:
        return self.speakers.get(name) or (self.alone if is_first else None)


CONNECT = Dialect(("ContactId",), {"AUDIO_FROM_CUSTOMER": Speaker.CUSTOMER, "AUDIO_TO_CUSTOMER": Speaker.AGENT})


def voice_connector(speaker: Speaker) -> Dialect:
    """Of an Amazon Chime SDK Voice Connector, which gives each side of a call a stream. Its documentation names the tag
    TransactionId, AWS's own sample reads CallId: whichever comes counts."""
    return Dialect(("CallId", "TransactionId"), alone=speaker)


@dataclass(slots=True)
class Fragment:
    """What is known of a fragment so far. ``key`` counts fragments as they were read, 1, 2, 3...

    ``speakers`` maps track numbers to who speaks there, by the track's Name and nothing else: tag values and track
    order say the opposite now and then.
    """

    key: int
    offset: int
    number: str = ""
    contact_id: str = ""
    server_timestamp: str = ""
    producer_timestamp: str = ""
    continuation_token: str = ""
    millis_behind_now: int | None = None
    error_code: str = ""
    error_id: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    tracks: dict[int, str] = field(default_factory=dict)
    speakers: dict[int, Speaker] = field(default_factory=dict)
    blocks: int = 0
    clusters: int = 0

    @property
    def producer_ahead_ms(self) -> float | None:
        """By how much the producer's clock is ahead of the service's; None where either time is missing."""
        try:
            ahead_ms = (float(self.producer_timestamp) - float(self.server_timestamp)) * 1000
        except ValueError:
            return None
        return ahead_ms if isfinite(ahead_ms) else None

    @property
    def is_complete(self) -> bool:
        """The token, which follows the audio, has come, and so has the name; what else may follow does not matter."""
        return bool(self.continuation_token and self.contact_id)


@dataclass(frozen=True, slots=True)
class FragmentBegan:
    fragment: Fragment


class BlockRead(NamedTuple):
    """One block of one track. ``speaker`` is None on a track that is neither side of a call; ``time_ns`` is the
    cluster's time plus the block's own, both in the segment's scale."""

    fragment: Fragment
    offset: int
    track: int
    speaker: Speaker | None
    time_ns: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class FragmentNamed:
    """The fragment's ContactId was read."""

    fragment: Fragment


@dataclass(frozen=True, slots=True)
class MediaFailed:
    """Kinesis Video Streams reports an error in the stream itself (tags ERROR_ID and ERROR_CODE)."""

    fragment: Fragment


@dataclass(frozen=True, slots=True)
class FragmentEnded:
    """``whole`` is false when the stream was cut before what follows a fragment's audio had come."""

    fragment: Fragment
    whole: bool = True


FragmentEvent = FragmentBegan | BlockRead | FragmentNamed | MediaFailed | FragmentEnded
