"""What a GetMedia capture holds, for engineers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from sotto.media.mkv.ebml import MalformedMedia
from sotto.media.mkv.fragment_reader import FragmentReader
from sotto.media.mkv.fragments import BlockRead, Fragment, FragmentEnded, FragmentEvent, MediaFailed
from sotto.media.stereo import SAMPLE_RATE_HZ, SAMPLE_WIDTH_BYTES

_TOLERANCE_NS = 2_000_000


@dataclass(frozen=True, slots=True)
class TrackReport:
    """``sha256`` is that of the track's audio within the fragment."""

    samples: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FragmentReport:
    number: str
    server_timestamp: str
    producer_timestamp: str
    contact_id: str
    tracks: dict[str, TrackReport]
    continuation_token: str
    millis_behind_now: int | None
    error: str


@dataclass(frozen=True, slots=True)
class Capture:
    """``problems`` are sentences: gaps, repeats, missing tags, service errors, the byte where reading stopped."""

    fragments: list[FragmentReport] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class _Inspector:
    def __init__(self) -> None:
        self.capture = Capture()
        self._audio: dict[str, bytearray] = {}
        self._ends_ns: dict[str, int] = {}

    def take(self, events: Iterable[FragmentEvent]) -> None:
        for event in events:
            if isinstance(event, BlockRead):
                self._block(event)
            elif isinstance(event, MediaFailed):
                self._problem(event.fragment, f"the service reports error {event.fragment.error_id}")
            elif isinstance(event, FragmentEnded):
                self._ended(event.fragment)

    def _block(self, block: BlockRead) -> None:
        name = block.fragment.tracks.get(block.track) or f"track {block.track}"
        self._audio.setdefault(name, bytearray()).extend(block.pcm)
        if block.speaker is None:
            return
        ends_ns = self._ends_ns.get(name)
        if ends_ns is not None and abs(block.time_ns - ends_ns) > _TOLERANCE_NS:
            what = "a gap" if block.time_ns > ends_ns else "an overlap"
            self._problem(block.fragment, f"{name} has {what} of {abs(block.time_ns - ends_ns) / 1e6:.0f} ms")
        duration_ns = len(block.pcm) // SAMPLE_WIDTH_BYTES * 1_000_000_000 // SAMPLE_RATE_HZ
        # Contiguous blocks are followed by their samples, so that rounded timecodes do not add up to a gap.
        near = ends_ns is not None and abs(block.time_ns - ends_ns) <= _TOLERANCE_NS
        self._ends_ns[name] = (ends_ns if near and ends_ns is not None else block.time_ns) + duration_ns

    def _ended(self, fragment: Fragment) -> None:
        tracks = {
            name: TrackReport(len(audio) // SAMPLE_WIDTH_BYTES, hashlib.sha256(audio).hexdigest())
            for name, audio in self._audio.items()
        }
        self._audio = {}
        self.capture.fragments.append(
            FragmentReport(
                fragment.number, fragment.server_timestamp, fragment.producer_timestamp, fragment.contact_id, tracks,
                fragment.continuation_token, fragment.millis_behind_now, fragment.error_id,
            )
        )  # fmt: skip
        if fragment.contact_id and fragment.contact_id not in self.capture.contacts:
            self.capture.contacts.append(fragment.contact_id)
        if fragment.blocks and not fragment.contact_id:
            self._problem(fragment, "has no ContactId")
        if not fragment.blocks:
            self._problem(fragment, "has no blocks")

    def _problem(self, fragment: Fragment, problem: str) -> None:
        self.capture.problems.append(f"fragment {fragment.number or f'at byte {fragment.offset}'}: {problem}")


def inspect(pieces: Iterable[bytes]) -> Capture:
    """Read a capture to its end or to its first mistake, which becomes a problem."""
    reader, inspector = FragmentReader(), _Inspector()
    try:
        for piece in pieces:
            inspector.take(reader.feed(piece))
        inspector.take(reader.close())
    except MalformedMedia as mistake:
        inspector.take(reader.cut())
        inspector.capture.problems.append(str(mistake))
    if not inspector.capture.fragments and not inspector.capture.problems:
        inspector.capture.problems.append("there is no EBML header: this is not a GetMedia capture")
    return inspector.capture
