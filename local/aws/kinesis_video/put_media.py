"""What PutMedia makes of the bytes that a producer sends: fragments, or an error of its list.

https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_dataplane_PutMedia.html
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import IntEnum

from local.aws.kinesis_video.muxer import StoredFragment
from sotto.media.mkv.ebml import EbmlReader, Element, Leaf, MalformedMedia, MasterBegan
from sotto.media.mkv.matroska import (
    BLOCK,
    CLUSTER,
    SCHEMA,
    SEGMENT,
    SIMPLE_BLOCK,
    SIMPLE_TAG,
    TAG_NAME,
    TAG_TEXT,
    TIMESTAMP,
    TRACK,
    TRACK_NAME,
    TRACK_NUMBER,
    block_parts,
    number_of,
    text_of,
)
from sotto.media.mkv.writing import cluster, header, tags_of

MOST_TRACKS = 3
MOST_TAGS = 10
LONGEST_MS = 10_000
MOST_BYTES = 50 << 20
_CODEC = 0x86
_BYTES_A_MS = 16


class MediaError(IntEnum):
    """``ErrorId`` of an acknowledgement."""

    MAX_FRAGMENT_SIZE_REACHED = 4001
    MAX_FRAGMENT_DURATION_REACHED = 4002
    FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS = 4004
    MORE_THAN_ALLOWED_TRACKS_FOUND = 4005
    INVALID_MKV_DATA = 4006
    FRAGMENT_METADATA_LIMIT_REACHED = 4009
    TRACK_NUMBER_MISMATCH = 4010
    FRAMES_MISSING_FOR_TRACK = 4011
    KMS_KEY_ACCESS_DENIED = 4500


class UploadRefused(Exception):
    def __init__(self, error: MediaError, time_ms: int | None) -> None:
        super().__init__(error.name)
        self.error, self.time_ms = error, time_ms


@dataclass(frozen=True, slots=True)
class Buffering:
    time_ms: int


@dataclass(slots=True)
class Uploaded:
    """A whole fragment. ``blocks``: track, time, audio."""

    time_ms: int
    tracks: dict[int, tuple[str, str]]
    blocks: list[tuple[int, int, bytes]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        return sum(len(audio) for _, _, audio in self.blocks)

    @property
    def last_ms(self) -> int:
        return max((at for _, at, _ in self.blocks), default=self.time_ms)

    def stored(self, number: int, server_ms: float) -> StoredFragment:
        head = header(secrets.token_bytes(16), self.tracks, title="Kinesis Video", app="Kinesis Video Streams")
        ends = max(at + len(audio) // _BYTES_A_MS for _, at, audio in self.blocks)
        return StoredFragment(
            number=f"91343852333181{number:033d}",
            producer_ms=self.time_ms,
            end_ms=ends,
            contact_id=self.tags.get("ContactId", ""),
            head=head,
            cluster=cluster(self.time_ms, [(track, at - self.time_ms, audio) for track, at, audio in self.blocks]),
            tags_after=tags_of(**self.tags),
            server_ms=int(server_ms),
        )


class Upload:
    """One connection's bytes. ``zero_ms``: what its times count from, 0 where they are absolute."""

    def __init__(self, zero_ms: int = 0) -> None:
        self._zero_ms = zero_ms
        self._elements = EbmlReader(SCHEMA)
        self._segments = 0
        self._tracks: dict[int, tuple[str, str]] = {}
        self._track: list[int | str] = [0, "", ""]
        self._tag = ["", ""]
        self._first_tags: dict[str, str] = {}
        self._fragment: Uploaded | None = None
        self._previous_ms = -1

    def feed(self, data: bytes) -> list[Buffering | Uploaded]:
        """Raises UploadRefused."""
        found: list[Buffering | Uploaded] = []
        try:
            for element in self._elements.feed(data):
                self._read(element, found)
        except MalformedMedia as error:
            raise UploadRefused(MediaError.INVALID_MKV_DATA, self._time_ms) from error
        return found

    def finish(self) -> list[Buffering | Uploaded]:
        """The producer has ended its request."""
        found: list[Buffering | Uploaded] = []
        self._end(found)
        return found

    @property
    def _time_ms(self) -> int | None:
        return self._fragment.time_ms if self._fragment is not None else None

    def _read(self, element: Element, found: list[Buffering | Uploaded]) -> None:
        if isinstance(element, Leaf):
            self._value(element, found)
        elif isinstance(element, MasterBegan):
            self._began(element.id, found)
        elif element.id == TRACK:
            number, name, codec = self._track
            self._tracks[int(number)] = (str(name), str(codec))
            if len(self._tracks) > MOST_TRACKS:
                raise UploadRefused(MediaError.MORE_THAN_ALLOWED_TRACKS_FOUND, None)
        elif element.id == SIMPLE_TAG:
            self._tagged(*self._tag)

    def _began(self, element: int, found: list[Buffering | Uploaded]) -> None:
        if element == SEGMENT:
            self._segments += 1
        if self._segments > 1 or (element == TRACK and self._fragment is not None):
            raise UploadRefused(MediaError.INVALID_MKV_DATA, self._time_ms)
        if element == CLUSTER:
            self._end(found)
        elif element == TRACK:
            self._track = [0, "", ""]
        elif element == SIMPLE_TAG:
            self._tag = ["", ""]

    def _value(self, leaf: Leaf, found: list[Buffering | Uploaded]) -> None:
        if leaf.id == TRACK_NUMBER:
            self._track[0] = number_of(leaf.payload)
        elif leaf.id == TRACK_NAME:
            self._track[1] = text_of(leaf.payload)
        elif leaf.id == _CODEC:
            self._track[2] = text_of(leaf.payload)
        elif leaf.id == TAG_NAME:
            self._tag[0] = text_of(leaf.payload)
        elif leaf.id == TAG_TEXT:
            self._tag[1] = text_of(leaf.payload)
        elif leaf.id == TIMESTAMP:
            self._begin(self._zero_ms + number_of(leaf.payload), found)
        elif leaf.id in (SIMPLE_BLOCK, BLOCK):
            self._block(leaf)

    def _begin(self, time_ms: int, found: list[Buffering | Uploaded]) -> None:
        if time_ms <= self._previous_ms:
            raise UploadRefused(MediaError.FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS, time_ms)
        self._fragment = Uploaded(time_ms, dict(self._tracks), tags=self._first_tags)
        self._first_tags = {}
        found.append(Buffering(time_ms))

    def _block(self, leaf: Leaf) -> None:
        fragment = self._fragment
        if fragment is None:
            raise UploadRefused(MediaError.INVALID_MKV_DATA, None)
        track, ticks, audio = block_parts(leaf.payload, leaf.offset)
        if track not in fragment.tracks:
            raise UploadRefused(MediaError.TRACK_NUMBER_MISMATCH, fragment.time_ms)
        fragment.blocks.append((track, fragment.time_ms + ticks, audio))
        if fragment.last_ms - fragment.time_ms > LONGEST_MS:
            raise UploadRefused(MediaError.MAX_FRAGMENT_DURATION_REACHED, fragment.time_ms)
        if fragment.bytes > MOST_BYTES:
            raise UploadRefused(MediaError.MAX_FRAGMENT_SIZE_REACHED, fragment.time_ms)

    def _tagged(self, name: str, value: str) -> None:
        """Of the fragment before; those before the first one are its own."""
        tags = self._fragment.tags if self._fragment is not None else self._first_tags
        tags[name] = value
        if len(tags) > MOST_TAGS:
            raise UploadRefused(MediaError.FRAGMENT_METADATA_LIMIT_REACHED, self._time_ms)

    def _end(self, found: list[Buffering | Uploaded]) -> None:
        ended, self._fragment = self._fragment, None
        if ended is None:
            return
        if {track for track, _, _ in ended.blocks} != set(ended.tracks):
            raise UploadRefused(MediaError.FRAMES_MISSING_FOR_TRACK, ended.time_ms)
        self._previous_ms = ended.last_ms
        found.append(ended)
