"""A call's slices as fragments of Matroska for PutMedia, kept until they are stored.

Every fragment has its tags behind it, and the first one before it too: so each fragment has them, whether the service
counts tags to the fragment before or to the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from media_gateway.slices import SLICE_MS, Slice
from sotto.call.contact import Speaker
from sotto.media.mkv.writing import cluster_start, header, simple_block, tags_of

FRAGMENT_SLICES = 5
"""Half a second: half of that is waited for on average, and a stream takes five fragments a second, so that who is
behind catches up at twice the speed of the call."""
FRAGMENT_MS = FRAGMENT_SLICES * SLICE_MS
TRACKS = {1: "AUDIO_FROM_CUSTOMER", 2: "AUDIO_TO_CUSTOMER"}
"""As Amazon Connect names them."""
CODEC = "A_AAC"
"""As Amazon Connect writes, though it is PCM: who reads goes by the track's name."""
_SPEAKERS = {1: Speaker.CUSTOMER, 2: Speaker.AGENT}


@dataclass(frozen=True, slots=True)
class Piece:
    """``came_ms``: when the last byte that completed each of its blocks came, of those of which something did."""

    data: bytes
    came_ms: tuple[float, ...] = ()


@dataclass(slots=True)
class Fragment:
    """``time_ms``: Unix epoch, of the sender; what acknowledgements name it by."""

    time_ms: int
    pieces: list[Piece] = field(default_factory=list)
    is_closed: bool = False
    following: Fragment | None = None


class FragmentQueue:
    """``zero_ms``: Unix epoch of the call's first sample. ``most``: fragments that may wait to be stored."""

    def __init__(self, contact_id: str, zero_ms: int, *, most: int) -> None:
        self._zero_ms = zero_ms
        self._most = most
        self._waiting: deque[Fragment] = deque()
        self._open: Fragment | None = None
        self._slices = 0
        self.last: Fragment | None = None
        self.stored = 0
        self._segment = bytes.fromhex(contact_id.replace("-", ""))
        self.tags = tags_of(
            ContactId=contact_id, MimeType="audio/L16;rate=8000;channels=1;", **{n: str(k) for k, n in TRACKS.items()}
        )

    @property
    def head(self) -> bytes:
        """What every connection begins with."""
        tracks = {number: (name, CODEC) for number, name in TRACKS.items()}
        return header(self._segment, tracks, title="Sotto media gateway", app="Sotto") + self.tags

    @property
    def is_full(self) -> bool:
        """The next slice would begin a fragment too many."""
        return self._open is None and len(self._waiting) >= self._most

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    @property
    def first(self) -> Fragment | None:
        """The oldest one that is not known to be stored."""
        return self._waiting[0] if self._waiting else None

    def add(self, taken: Slice) -> None:
        time_ms = self._zero_ms + taken.start_ms
        fragment = self._open
        if fragment is None:
            fragment = self._open = Fragment(time_ms, [Piece(cluster_start(time_ms))])
            if self.last is not None:
                self.last.following = fragment
            self.last = fragment
            self._waiting.append(fragment)
            self._slices = 0
        data = b"".join(
            simple_block(track, time_ms - fragment.time_ms, taken.pcm[speaker]) for track, speaker in _SPEAKERS.items()
        )
        fragment.pieces.append(Piece(data, tuple(at for at in taken.came_ms.values() if at is not None)))
        self._slices += 1
        if self._slices == FRAGMENT_SLICES:
            self.close()

    def close(self) -> None:
        """The open fragment has all that it will have."""
        if self._open is not None:
            self._open.pieces.append(Piece(self.tags))
            self._open.is_closed = True
            self._open = None

    def acknowledged(self, time_ms: int) -> None:
        """The fragment of this time is stored, and so are those before it."""
        while self._waiting and self._waiting[0].is_closed and self._waiting[0].time_ms <= time_ms:
            self._waiting.popleft()
            self.stored += 1

    def waiting(self) -> Iterator[Fragment]:
        return iter(self._waiting)
