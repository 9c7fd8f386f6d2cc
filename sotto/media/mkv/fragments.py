"""Fragments as Kinesis Video Streams sends them, and what happens while one is read.

Blocks are handed over as they arrive. Whether they may be used depends on their fragment's ContactId, which may come
before them, after them or never; so every block carries its fragment, and sotto.media.isolation keeps what is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sotto.call.contact import Speaker


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
