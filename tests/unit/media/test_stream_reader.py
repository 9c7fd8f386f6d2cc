"""Unit tests: one contact's audio over connections that drop, repeat and mix."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from local.aws.kinesis_video.muxer import ContactTag, StoredFragment, StreamShape, error_media, fragments_of
from sotto.call.contact import Contact
from sotto.media.isolation import Ownership
from sotto.media.media_source import MediaCause, MediaRefused, MediaStart, MediaUnavailable, StartKind
from sotto.media.stream_reader import StreamReader

STARTED_MS = 1_726_677_688_724
CONTACT = Contact("t", "ours", "arn", "stream", STARTED_MS)


class PatientClock:
    """Short waits pass at once; a wait of seconds never ends, so nobody is found idle by accident."""

    def __init__(self, longest_ms: float = 5_000) -> None:
        self.longest_ms = longest_ms
        self.slept_ms: list[float] = []

    def now_ms(self) -> float:
        return 0.0

    def monotonic_ms(self) -> float:
        return 0.0

    async def sleep_ms(self, duration_ms: float) -> None:
        if duration_ms > self.longest_ms:
            await asyncio.Event().wait()
        self.slept_ms.append(duration_ms)
        await asyncio.sleep(0)


class RecordedMedia:
    """Serves stored fragments; ``cuts`` are byte counts after which a connection drops, one connection each."""

    def __init__(self, fragments: list[StoredFragment], *, cuts=(), refusals=(), hold_open: bool = False) -> None:
        self._fragments, self._cuts, self._refusals = fragments, list(cuts), list(refusals)
        self._hold_open = hold_open
        self.starts: list[MediaStart] = []

    @asynccontextmanager
    async def open(self, stream_arn: str, start: MediaStart) -> AsyncIterator[AsyncIterator[bytes]]:
        self.starts.append(start)
        if self._refusals:
            refusal = self._refusals.pop(0)
            if isinstance(refusal, Exception):
                raise refusal
            yield self._pieces(refusal, None)
            return
        media = b"".join(f.media(f.number, 0) for f in self._fragments[self._position(start) :])
        yield self._pieces(media, self._cuts.pop(0) if self._cuts else None)

    def _position(self, start: MediaStart) -> int:
        if start.kind in (StartKind.CONTINUATION_TOKEN, StartKind.AFTER_FRAGMENT):
            return 1 + next(i for i, f in enumerate(self._fragments) if f.number == start.value)
        return next((i for i, f in enumerate(self._fragments) if f.end_ms > start.at_ms), len(self._fragments))

    async def _pieces(self, media: bytes, cut: int | None) -> AsyncIterator[bytes]:
        for at in range(0, len(media[:cut]), 3000):
            yield media[:cut][at : at + 3000]
        if cut is not None and cut < len(media):
            raise MediaUnavailable("the connection was dropped")
        if self._hold_open:
            await asyncio.Event().wait()


def any_call(seconds: float, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(int(seconds * 8000) * 4)


def stored(
    stereo: bytes, *, contact_id="ours", tag=ContactTag.BEFORE_CLUSTER, at_ms=0, first=1
) -> list[StoredFragment]:
    shape = StreamShape(contact_tag=tag, short_block_every=12)
    return list(
        fragments_of(
            stereo, contact_id=contact_id, instance_id="i", started_at_ms=STARTED_MS + at_ms, shape=shape, first=first
        )
    )


async def audio_of(audio: StreamReader) -> bytes:
    return b"".join([chunk.pcm async for chunk in audio])


@pytest.mark.parametrize("tag", [ContactTag.BEFORE_CLUSTER, ContactTag.AFTER_CLUSTER])
async def test_dropped_connections_lose_and_double_nothing(tag):
    stereo = any_call(8)
    chance = random.Random(3)
    for _ in range(25):
        cuts = [chance.randrange(200_000) for _ in range(6)]
        audio = StreamReader(CONTACT, RecordedMedia(stored(stereo, tag=tag), cuts=cuts), PatientClock())
        assert await audio_of(audio) == stereo
        assert audio.known_owner(0, 8_000) is Ownership.OURS


async def test_a_successor_continues_at_the_very_sample():
    stereo = any_call(30)
    fragments = stored(stereo)
    first = StreamReader(CONTACT, RecordedMedia(fragments), PatientClock())
    assert await audio_of(first) == stereo
    # One cut in every fragment and at other places of it, because the two tracks begin a fragment at different samples.
    for sample in range(1, 240_000, 6_007):
        resumption = first.timeline.resumption_at(sample)
        rest = StreamReader(CONTACT, RecordedMedia(fragments), PatientClock(), resumption=resumption)
        assert await audio_of(rest) == stereo[4 * sample :]


@pytest.mark.parametrize("tag", [ContactTag.BEFORE_CLUSTER, ContactTag.AFTER_CLUSTER])
async def test_a_foreign_fragment_in_the_middle_is_never_ours(tag):
    stereo = any_call(6)
    fragments = stored(stereo, tag=tag)
    foreign = stored(stereo, tag=tag, contact_id="theirs")
    fragments[2] = foreign[2]
    audio = StreamReader(CONTACT, RecordedMedia(fragments), PatientClock())
    got = await audio_of(audio)
    start_ms, end_ms = (fragments[2].producer_ms - STARTED_MS, fragments[2].end_ms - STARTED_MS)
    if tag is ContactTag.BEFORE_CLUSTER:
        start, end = (start_ms + 100) * 32, (end_ms - 100) * 32
        assert not any(got[start:end])
        assert audio.known_owner(start_ms + 100, end_ms - 100) is Ownership.OURS
    else:
        assert audio.known_owner(start_ms + 100, end_ms - 100) is Ownership.FOREIGN
    assert audio.known_owner(0, start_ms - 100) is Ownership.OURS
    assert audio.known_owner(end_ms + 100, 6_000) is Ownership.OURS


async def test_the_next_contact_on_the_stream_ends_this_one():
    stereo = any_call(4)
    theirs = stored(any_call(9, 2), contact_id="theirs", at_ms=4_000, first=50)
    media = RecordedMedia(stored(stereo) + theirs, hold_open=True)
    assert await audio_of(StreamReader(CONTACT, media, PatientClock())) == stereo


async def test_the_contact_before_on_the_stream_is_not_read():
    before = stored(any_call(3, 2), contact_id="theirs", at_ms=-3_000, first=1)
    stereo = any_call(4)
    media = RecordedMedia(before + stored(stereo, first=50))
    assert await audio_of(StreamReader(CONTACT, media, PatientClock())) == stereo


async def test_fragments_without_a_name_are_ours_only_between_two_of_ours():
    stereo = any_call(6)
    named, nameless = stored(stereo), stored(stereo, tag=ContactTag.ABSENT)
    audio = StreamReader(CONTACT, RecordedMedia([*named[:2], *nameless[2:4], *named[4:]]), PatientClock())
    assert await audio_of(audio) == stereo
    assert audio.known_owner(0, 6_000) is Ownership.OURS
    audio = StreamReader(CONTACT, RecordedMedia([*named[:3], *nameless[3:]]), PatientClock())
    await audio_of(audio)
    assert audio.known_owner(4_000, 6_000) is Ownership.FOREIGN


async def test_text_waits_until_its_fragment_is_named():
    fragments = stored(any_call(4), tag=ContactTag.AFTER_CLUSTER)
    async with StreamReader(CONTACT, RecordedMedia(fragments), PatientClock()) as audio:
        chunks = aiter(audio)
        await anext(chunks)
        assert audio.known_owner(0, 100) is Ownership.UNKNOWN
        waiting = asyncio.ensure_future(audio.owner_of(0, 100))
        async for _ in chunks:
            pass
        assert await waiting is Ownership.OURS


async def test_an_idle_stream_ends_the_contact():
    stereo = any_call(2)
    media = RecordedMedia(stored(stereo), hold_open=True)
    assert await audio_of(StreamReader(CONTACT, media, PatientClock(longest_ms=60_000))) == stereo


async def test_the_end_of_the_contact_is_believed_after_a_short_wait():
    stereo = any_call(2)
    audio = StreamReader(CONTACT, RecordedMedia(stored(stereo), hold_open=True), PatientClock())
    audio.contact_ended()
    assert await audio_of(audio) == stereo


async def test_audio_that_goes_on_after_the_contacts_end_is_somebody_elses():
    stereo = any_call(8)
    audio = StreamReader(CONTACT, RecordedMedia(stored(stereo), hold_open=True), PatientClock())
    audio.contact_ended(3_000)
    assert await audio_of(audio) == stereo[: 3 * 8_000 * 4]


async def test_a_contact_that_goes_on_in_a_stream_takes_audio_under_either_id():
    stereo = any_call(4)
    for tagged in ("ours", "before"):
        reader = StreamReader(
            replace(CONTACT, continues=("before",)), RecordedMedia(stored(stereo, contact_id=tagged)), PatientClock()
        )
        assert await audio_of(reader) == stereo
    foreign = StreamReader(
        replace(CONTACT, continues=("before",)), RecordedMedia(stored(stereo, contact_id="x")), PatientClock()
    )
    assert await audio_of(foreign) == b""


async def test_failures_are_retried_ever_more_slowly_and_then_raised():
    clock = PatientClock()
    media = RecordedMedia([], refusals=[MediaUnavailable("throttled")] * 99)
    with pytest.raises(MediaUnavailable, match="throttled"):
        await audio_of(StreamReader(CONTACT, media, clock))
    waits = [duration for duration in clock.slept_ms if duration <= 3_000]
    assert waits == [100, 200, 400, 800, 1_600, 3_000, 3_000, 3_000]


async def test_the_log_says_why_a_connection_failed_and_not_whose_it_was(caplog):
    cause = MediaCause("ClientError", "ClientLimitExceededException", 400)
    media = RecordedMedia([], refusals=[MediaUnavailable("of arn:aws:kinesisvideo:stream/contact-4711", cause)] * 99)
    with pytest.raises(MediaUnavailable):
        await audio_of(StreamReader(CONTACT, media, PatientClock()))
    first = next(record for record in caplog.records if record.message == "media connection failed")
    logged = (first.problem, first.error, first.code, first.status)
    assert logged == ("MediaUnavailable", "ClientError", "ClientLimitExceededException", 400)
    assert "4711" not in str(first.__dict__)


async def test_a_refusal_is_raised_at_once():
    media = RecordedMedia([], refusals=[MediaRefused("no such stream")])
    with pytest.raises(MediaRefused, match="no such stream"):
        await audio_of(StreamReader(CONTACT, media, PatientClock()))


async def test_a_token_that_is_refused_is_replaced_by_the_time():
    stereo = any_call(6)
    media = RecordedMedia(stored(stereo), cuts=[90_000])
    media._refusals = []
    opened = media.open

    def open_refusing_tokens(arn, start):
        if start.kind is StartKind.CONTINUATION_TOKEN:
            media._refusals = [MediaRefused("InvalidArgumentException")]
        return opened(arn, start)

    media.open = open_refusing_tokens
    chunks = [chunk async for chunk in StreamReader(CONTACT, media, PatientClock())][:60]
    assert b"".join(chunk.pcm for chunk in chunks) == stereo
    assert media.starts[2].kind is StartKind.PRODUCER_TIMESTAMP


@pytest.mark.parametrize(("error_id", "raised"), [(4503, MediaRefused), (5000, None), (4000, None)])
async def test_errors_inside_the_stream_are_retried_or_raised(error_id, raised):
    stereo = any_call(3)
    media = RecordedMedia(stored(stereo), refusals=[error_media(error_id, "SOME_CODE")])
    audio = StreamReader(CONTACT, media, PatientClock())
    if raised:
        with pytest.raises(raised, match=str(error_id)):
            await audio_of(audio)
    else:
        assert await audio_of(audio) == stereo
