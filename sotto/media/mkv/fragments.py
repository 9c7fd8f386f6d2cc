"""From Matroska events to Kinesis Video Streams fragments, and from fragments to whose audio it is.

Blocks are handed over as they arrive. Whether they may be used depends on their fragment's ContactId, which may come
before them, after them or never; so every block carries its fragment, and sotto.media.isolation keeps what is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sotto.call.contact import Speaker
from sotto.media.mkv.matroska import MatroskaReader
from sotto.media.mkv.matroska_events import (
    BlockFound,
    BlocksFound,
    ClusterFound,
    Event,
    HeaderFound,
    TagFound,
    TrackFound,
)

_new = tuple.__new__
_AWS = "AWS_KINESISVIDEO_"
_FRAGMENT_NUMBER = _AWS + "FRAGMENT_NUMBER"
_TEXT_FIELDS: Mapping[str, str] = {
    _FRAGMENT_NUMBER: "number",
    _AWS + "SERVER_TIMESTAMP": "server_timestamp",
    _AWS + "PRODUCER_TIMESTAMP": "producer_timestamp",
    _AWS + "CONTINUATION_TOKEN": "continuation_token",
    _AWS + "ERROR_CODE": "error_code",
    _AWS + "ERROR_ID": "error_id",
}
SPEAKER_OF_TRACK: Mapping[str, Speaker] = {
    "AUDIO_FROM_CUSTOMER": Speaker.CUSTOMER,
    "AUDIO_TO_CUSTOMER": Speaker.AGENT,
}


@dataclass(slots=True)
class Fragment:
    """What is known of a fragment so far. ``key`` counts fragments as they were read, 1, 2, 3...

    ``speakers`` maps track numbers to who is heard there, by the track's Name and nothing else: tag values and track
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
    """One block of one track. ``speaker`` is None on a track that is neither side of a call."""

    fragment: Fragment
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


class FragmentReader:
    """Feed it one connection's bytes. MalformedMedia is raised after the events before the mistake were handed over."""

    def __init__(self, first_key: int = 1) -> None:
        self._media = MatroskaReader()
        self._next_key = first_key
        self._fragment: Fragment | None = None

    @property
    def next_key(self) -> int:
        return self._next_key

    @property
    def offset(self) -> int:
        """How many bytes of the connection are understood."""
        return self._media.offset

    @property
    def reading(self) -> str:
        """The number of the fragment that is not whole yet, "" if there is none or it has none."""
        return "" if self._fragment is None or self._fragment.is_complete else self._fragment.number

    def feed(self, data: bytes) -> list[FragmentEvent]:
        """The events that ``data`` completes. Raises MalformedMedia for a mistake in earlier bytes."""
        return self._read(self._media.feed(data))

    def close(self) -> list[FragmentEvent]:
        """What the regular end of the stream completes. Raises MalformedMedia when it is cut inside an element."""
        return [*self._read(self._media.close()), *self._end(whole=True)]

    def cut(self) -> list[FragmentEvent]:
        """End the fragment that a dropped connection left open."""
        return self._end(whole=self._fragment is not None and self._fragment.is_complete)

    def _read(self, events: list[Event]) -> list[FragmentEvent]:
        found: list[FragmentEvent] = []
        for event in events:
            if type(event) is HeaderFound:
                found += self._end(whole=True)
                found.append(self._begin(event.offset))
            elif self._fragment is None:
                continue
            elif type(event) is BlocksFound:
                found += self._all_heard(self._fragment, event)
            elif type(event) is BlockFound:
                found.append(self._heard(self._fragment, event))
            elif type(event) is TagFound:
                self._tag(event, self._fragment, found)
            else:
                self._structure(event, self._fragment)
        return found

    @staticmethod
    def _all_heard(fragment: Fragment, blocks: BlocksFound) -> list[BlockRead]:
        fragment.blocks += blocks.run.leaves
        since, scale, speakers = blocks.cluster_ticks, blocks.scale, fragment.speakers
        # By the track's byte as it stands in the block, marker bit included.
        speaker_of = {number | 0x80: speaker for number, speaker in speakers.items() if number < 0x80}.get
        return [
            # NamedTuple's own constructor takes three times as long, and a call has 30 of these a second.
            _new(BlockRead, (fragment, track & 0x7F, speaker_of(track), (since + ticks) * scale, pcm))
            for track, ticks, _, pcm in blocks.parts()
        ]

    @staticmethod
    def _heard(fragment: Fragment, block: BlockFound) -> BlockRead:
        fragment.blocks += 1
        _, track, time_ns, pcm = block
        return BlockRead(fragment, track, fragment.speakers.get(track), time_ns, pcm)

    @staticmethod
    def _structure(event: Event, fragment: Fragment) -> None:
        if isinstance(event, ClusterFound):
            fragment.clusters += 1
        elif isinstance(event, TrackFound):
            fragment.tracks[event.number] = event.name
            if event.name in SPEAKER_OF_TRACK:
                fragment.speakers[event.number] = SPEAKER_OF_TRACK[event.name]

    def _begin(self, offset: int, like: Fragment | None = None) -> FragmentBegan:
        fragment = Fragment(self._next_key, offset)
        if like is not None:
            fragment.tracks, fragment.speakers = like.tracks, like.speakers
        self._next_key += 1
        self._fragment = fragment
        return FragmentBegan(fragment)

    def _end(self, *, whole: bool) -> list[FragmentEvent]:
        ended, self._fragment = self._fragment, None
        return [] if ended is None else [FragmentEnded(ended, whole)]

    def _tag(self, tag: TagFound, fragment: Fragment, found: list[FragmentEvent]) -> None:
        _, name, value = tag
        if name == _FRAGMENT_NUMBER and fragment.clusters and fragment.number not in ("", value):
            # Fragments of one producer session may share a segment: then the next number begins the next one.
            found += self._end(whole=True)
            began = self._begin(tag.offset, like=fragment)
            fragment = began.fragment
            found.append(began)
        fragment.tags[name] = value
        if name in _TEXT_FIELDS:
            setattr(fragment, _TEXT_FIELDS[name], value)
        elif name == _AWS + "MILLIS_BEHIND_NOW":
            fragment.millis_behind_now = int(value) if value.isdecimal() else None
        elif name == "ContactId":
            fragment.contact_id = value
            found.append(FragmentNamed(fragment))
        if name == _AWS + "ERROR_ID":
            found.append(MediaFailed(fragment))
