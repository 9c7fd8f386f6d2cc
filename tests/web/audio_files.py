"""Redacted recordings as a page plays them: by links that somebody can end, in the ranges that players ask for."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from itertools import count

from starlette.requests import Request
from starlette.responses import Response

from sotto.call.contact import Contact
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recordings.blocks import Block
from sotto.recordings.peaks import Peaks
from sotto.recordings.record import Beeped, Published, Recording, RecordingState, Source
from sotto.recordings.wav import header
from tests.fakes.recordings import RecordingsInMemory


class AudioFiles:
    """A PlayableFiles. ``given``: links given out so far; those of ``over`` open no more."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._numbers = count(1)
        self.files: dict[str, bytes] = {}
        self.given: dict[str, str] = {}
        self.over: set[str] = set()

    def url(self, tenant: str, published: Published, *, expires_s: int) -> str:
        name = f"link-{next(self._numbers)}"
        self.given[name] = published.key
        return f"{self._origin}/audio/{name}"

    def end_links(self) -> None:
        self.over |= set(self.given)

    async def serve(self, request: Request) -> Response:
        link = request.path_params["link"]
        if link in self.over or link not in self.given:
            return Response("<Error><Code>AccessDenied</Code></Error>", status_code=403, media_type="application/xml")
        audio = self.files[self.given[link]]
        first, last = _range(request.headers, len(audio))
        headers = {"accept-ranges": "bytes", "content-range": f"bytes {first}-{last}/{len(audio)}"}
        return Response(audio[first : last + 1], status_code=206, media_type="audio/wav", headers=headers)


MOST_AT_ONCE = 64 * 1024
"""Of a range, so that a player has to come back for what follows, as it has with a long recording."""


def _range(headers: Mapping[str, str], size: int) -> tuple[int, int]:
    first, _, last = headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")
    begins = int(first)
    return begins, min(size - 1, int(last) if last else size - 1, begins + MOST_AT_ONCE - 1)


def publish(
    files: AudioFiles,
    store: RecordingsInMemory,
    contact: Contact,
    spoken_ms: Mapping[str, list[tuple[int, int]]],
    *,
    seconds: int,
    beeped: tuple[Beeped, ...] = (),
    begins_ms: int = 0,
) -> Recording:
    """As redact_recording leaves it. ``spoken_ms``: by channel, ``customer`` and ``agent``, where something sounds."""
    frames = seconds * SAMPLE_RATE_HZ
    samples = array("h", bytes(4 * frames))
    for channel, name in enumerate(("customer", "agent")):
        for from_ms, until_ms in spoken_ms.get(name, []):
            for frame in range(from_ms * 8, min(frames, until_ms * 8)):
                swell = 1 + (frame * 7919 % 20_000) // (1 + frame // 800 % 5)
                samples[2 * frame + channel] = swell if frame % 16 < 8 else -swell
    peaks = Peaks(2, frames)
    peaks.add(Block(0, samples))
    key = f"{contact.tenant}/recordings/{contact.contact_id}/r.wav"
    files.files[key] = header(2, frames) + samples.tobytes()
    source = Source("connects", f"{contact.contact_id}.wav", contact.media_started_at_ms)
    known = Recording.available(contact.tenant, contact.contact_id, source, contact.media_started_at_ms)
    published = Published(key, "v1", seconds * 1000, 2, begins_ms=begins_ms, peaks=peaks.encoded())
    done = known.changed(state=RecordingState.REDACTED, beeped=beeped, published=published)
    store.store(known)
    store.store(done)
    return done
