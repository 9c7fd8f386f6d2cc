"""From Matroska events to Kinesis Video Streams fragments, and from fragments to whose audio it is.

Blocks are handed over as they arrive. Whether they may be used depends on their fragment's ContactId, which may come
before them, after them or never; so every block carries its fragment, and sotto.audio.isolation keeps what is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sotto.audio.matroska import (
    BlockFound,
    ClusterFound,
    Event,
    HeaderFound,
    MatroskaReader,
    TagFound,
    TrackFound,
)
from sotto.contact.contact import Speaker

_AWS = "AWS_KINESISVIDEO_"
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


@dataclass(frozen=True, slots=True)
class FragmentBegan:
    fragment: Fragment


class BlockHeard(NamedTuple):
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
    """``whole`` is false when the stream was cut before anything that follows the fragment."""

    fragment: Fragment
    whole: bool = True


FragmentEvent = FragmentBegan | BlockHeard | FragmentNamed | MediaFailed | FragmentEnded


class FragmentReader:
    """Feed it one connection's bytes. MalformedMedia is raised after the events before the mistake were handed over."""

    def __init__(self, first_key: int = 1) -> None:
        self._media = MatroskaReader()
        self._next_key = first_key
        self._fragment: Fragment | None = None

    @property
    def next_key(self) -> int:
        return self._next_key

    def feed(self, data: bytes) -> list[FragmentEvent]:
        """The events that ``data`` completes. Raises MalformedMedia for a mistake in earlier bytes."""
        return self._read(self._media.feed(data))

    def close(self) -> list[FragmentEvent]:
        """What the regular end of the stream completes. Raises MalformedMedia when it is cut inside an element."""
        return [*self._read(self._media.close()), *self._end(whole=True)]

    def cut(self) -> list[FragmentEvent]:
        """End the fragment that a dropped connection left open."""
        return self._end(whole=False)

    def _read(self, events: list[Event]) -> list[FragmentEvent]:
        found: list[FragmentEvent] = []
        for event in events:
            if type(event) is HeaderFound:
                found += self._end(whole=True)
                found.append(self._begin(event.offset))
            elif self._fragment is None:
                continue
            elif type(event) is BlockFound:
                found.append(self._heard(self._fragment, event))
            elif type(event) is TagFound:
                found += self._tag(event, self._fragment)
            else:
                self._structure(event, self._fragment)
        return found

    @staticmethod
    def _heard(fragment: Fragment, block: BlockFound) -> BlockHeard:
        fragment.blocks += 1
        _, track, time_ns, pcm = block
        return BlockHeard(fragment, track, fragment.speakers.get(track), time_ns, pcm)

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

    def _tag(self, tag: TagFound, fragment: Fragment) -> Iterator[FragmentEvent]:
        if tag.name == _AWS + "FRAGMENT_NUMBER" and fragment.clusters and fragment.number not in ("", tag.value):
            # Fragments of one producer session may share a segment: then the next number begins the next one.
            yield from self._end(whole=True)
            began = self._begin(tag.offset, like=fragment)
            fragment = began.fragment
            yield began
        fragment.tags[tag.name] = tag.value
        match tag.name.removeprefix(_AWS):
            case "FRAGMENT_NUMBER":
                fragment.number = tag.value
            case "SERVER_TIMESTAMP":
                fragment.server_timestamp = tag.value
            case "PRODUCER_TIMESTAMP":
                fragment.producer_timestamp = tag.value
            case "CONTINUATION_TOKEN":
                fragment.continuation_token = tag.value
            case "MILLIS_BEHIND_NOW":
                fragment.millis_behind_now = int(tag.value) if tag.value.isdecimal() else None
            case "ERROR_CODE":
                fragment.error_code = tag.value
            case "ERROR_ID":
                fragment.error_id = tag.value
                yield MediaFailed(fragment)
            case "ContactId":
                fragment.contact_id = tag.value
                yield FragmentNamed(fragment)
