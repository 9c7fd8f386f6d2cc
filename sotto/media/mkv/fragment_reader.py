"""From EBML's elements to the one layer of events that the audio path knows: fragments and their blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sotto.media.mkv.ebml import EbmlReader, Element, Leaf, MalformedMedia, MasterBegan
from sotto.media.mkv.fragments import (
    CONNECT,
    BlockRead,
    Dialect,
    Fragment,
    FragmentBegan,
    FragmentEnded,
    FragmentEvent,
    FragmentNamed,
    MediaFailed,
)
from sotto.media.mkv.matroska import (
    BLOCK,
    CLUSTER,
    EBML,
    NANOSECONDS_A_TICK,
    SCHEMA,
    SEGMENT,
    SIMPLE_BLOCK,
    SIMPLE_TAG,
    TAG_NAME,
    TAG_TEXT,
    TIMESTAMP,
    TIMESTAMP_SCALE,
    TRACK,
    TRACK_NAME,
    TRACK_NUMBER,
    block_parts,
    number_of,
    text_of,
)

_AWS: Final = "AWS_KINESISVIDEO_"
_FRAGMENT_NUMBER: Final = _AWS + "FRAGMENT_NUMBER"
_TEXT_FIELDS: Mapping[str, str] = {
    _FRAGMENT_NUMBER: "number",
    _AWS + "SERVER_TIMESTAMP": "server_timestamp",
    _AWS + "PRODUCER_TIMESTAMP": "producer_timestamp",
    _AWS + "CONTINUATION_TOKEN": "continuation_token",
    _AWS + "ERROR_CODE": "error_code",
    _AWS + "ERROR_ID": "error_id",
}


class FragmentReader:
    """Feed it one connection's bytes. MalformedMedia is raised after the events before the mistake were handed over."""

    def __init__(self, first_key: int = 1, dialect: Dialect = CONNECT) -> None:
        self._dialect = dialect
        self._elements = EbmlReader(SCHEMA)
        self._failure: MalformedMedia | None = None
        self._next_key = first_key
        self._fragment: Fragment | None = None
        self._scale = NANOSECONDS_A_TICK
        self._cluster_ticks: int | None = None
        self._track_number, self._track_name = 0, ""
        self._tags: list[tuple[str, str]] = []
        """Name and text of the SimpleTags that are open, the outermost first."""

    @property
    def next_key(self) -> int:
        return self._next_key

    @property
    def offset(self) -> int:
        """How many bytes of the connection are understood."""
        return self._elements.offset

    @property
    def reading(self) -> str:
        """The number of the fragment that is not whole yet, "" if there is none or it has none."""
        return "" if self._fragment is None or self._fragment.is_complete else self._fragment.number

    def feed(self, data: bytes) -> list[FragmentEvent]:
        """The events that ``data`` completes. Raises MalformedMedia for a mistake in earlier bytes."""
        if self._failure is not None:
            raise self._failure
        return self._events(self._elements.feed(data))

    def close(self) -> list[FragmentEvent]:
        """What the regular end of the stream completes. Raises MalformedMedia when it is cut inside an element."""
        if self._failure is not None:
            raise self._failure
        return [*self._events(self._elements.close()), *self._end(whole=True)]

    def cut(self) -> list[FragmentEvent]:
        """End the fragment that a dropped connection left open."""
        return self._end(whole=self._fragment is not None and self._fragment.is_complete)

    def _events(self, elements: list[Element]) -> list[FragmentEvent]:
        found: list[FragmentEvent] = []
        try:
            for element in elements:
                self._read(element, found)
        except MalformedMedia as failure:
            self._failure = failure
            if not found:
                raise
        return found

    def _read(self, element: Element, found: list[FragmentEvent]) -> None:
        if not isinstance(element, Leaf):
            if isinstance(element, MasterBegan):
                self._master_began(element.id, element.offset, found)
            else:
                self._master_ended(element.id, element.offset, found)
        elif element.id in (SIMPLE_BLOCK, BLOCK):
            self._block(element, found)
        else:
            self._value(element)

    def _master_began(self, element_id: int, offset: int, found: list[FragmentEvent]) -> None:
        if element_id == EBML:  # Kinesis Video Streams begins each fragment with a header
            found += self._end(whole=True)
            found.append(self._begin(offset))
        elif element_id == SEGMENT:
            self._scale = NANOSECONDS_A_TICK
        elif element_id == CLUSTER:
            self._cluster_ticks = None
            if self._fragment is not None:
                self._fragment.clusters += 1
        elif element_id == TRACK:
            self._track_number, self._track_name = 0, ""
        elif element_id == SIMPLE_TAG:
            self._tags.append(("", ""))

    def _master_ended(self, element_id: int, offset: int, found: list[FragmentEvent]) -> None:
        if element_id == SIMPLE_TAG:
            name, value = self._tags[-1]
            # A nested tag has the names it stands in before its own: OUTER/INNER.
            path = "/".join([outer for outer, _ in self._tags[:-1]] + [name])
            self._tags.pop()
            if name and self._fragment is not None:
                self._tag(path, value, offset, self._fragment, found)
        elif element_id == TRACK and self._fragment is not None:
            number, name = self._track_number, self._track_name
            self._fragment.tracks[number] = name
            speaker = self._dialect.speaker(name, is_first=len(self._fragment.tracks) == 1)
            if speaker is not None:
                self._fragment.speakers[number] = speaker

    def _value(self, leaf: Leaf) -> None:
        payload = leaf.payload
        if leaf.id in (TAG_NAME, TAG_TEXT):
            if self._tags:
                name, value = self._tags[-1]
                self._tags[-1] = (text_of(payload), value) if leaf.id == TAG_NAME else (name, text_of(payload))
        elif leaf.id == TIMESTAMP:
            self._cluster_ticks = number_of(payload)
        elif leaf.id == TRACK_NUMBER:
            self._track_number = number_of(payload)
        elif leaf.id == TRACK_NAME:
            self._track_name = text_of(payload)
        elif leaf.id == TIMESTAMP_SCALE:
            self._scale = number_of(payload)
            if self._scale == 0:
                raise MalformedMedia("TimestampScale is 0", leaf.offset)

    def _block(self, leaf: Leaf, found: list[FragmentEvent]) -> None:
        if self._cluster_ticks is None:
            raise MalformedMedia("a block comes before its cluster's Timestamp", leaf.offset)
        track, ticks, audio = block_parts(leaf.payload, leaf.offset)
        fragment = self._fragment
        if fragment is not None:
            fragment.blocks += 1
            time_ns = (self._cluster_ticks + ticks) * self._scale
            found.append(BlockRead(fragment, leaf.offset, track, fragment.speakers.get(track), time_ns, audio))

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

    def _tag(self, name: str, value: str, offset: int, fragment: Fragment, found: list[FragmentEvent]) -> None:
        if name == _FRAGMENT_NUMBER and fragment.clusters and fragment.number not in ("", value):
            # Fragments of one producer session may share a segment: then the next number begins the next one.
            found += self._end(whole=True)
            began = self._begin(offset, like=fragment)
            fragment = began.fragment
            found.append(began)
        fragment.tags[name] = value
        if name in _TEXT_FIELDS:
            setattr(fragment, _TEXT_FIELDS[name], value)
        elif name == _AWS + "MILLIS_BEHIND_NOW":
            fragment.millis_behind_now = int(value) if value.isdecimal() else None
        elif name in self._dialect.owner_tags and not (fragment.contact_id and len(self._dialect.owner_tags) > 1):
            fragment.contact_id = value
            found.append(FragmentNamed(fragment))
        if name == _AWS + "ERROR_ID":
            found.append(MediaFailed(fragment))
