"""Reads one contact's stream: from a media source's bytes to aligned 100 ms chunks, over dropped connections.

async with StreamReader(contact, media, clock) as chunks:
    async for chunk in chunks:
        await recogniser.send(chunk)
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

from sotto.call.contact import Contact, MediaLeg, Speaker
from sotto.core.clock import Clock
from sotto.media.idleness import Idleness
from sotto.media.isolation import Isolation, Ownership
from sotto.media.media_source import MediaCause, MediaRefused, MediaSource, MediaUnavailable
from sotto.media.mkv.ebml import MalformedMedia
from sotto.media.mkv.fragment_reader import FragmentReader
from sotto.media.mkv.fragments import (
    CONNECT,
    BlockRead,
    Fragment,
    FragmentEnded,
    FragmentEvent,
    FragmentNamed,
    MediaFailed,
    voice_connector,
)
from sotto.media.reconnection import MediaFailure, Reopening, ReopeningRules
from sotto.media.stereo import SAMPLE_RATE_HZ, StereoChunk
from sotto.media.timeline import Resumption, SamplePlacement, SampleTimeline


@dataclass(frozen=True, slots=True)
class StreamReaderRules:
    """When to give up and when to stop.

    A connection that brings nothing for ``idle_ms`` ends the contact (``draining_ms`` once the contact is known to be
    over), and so do ``empty_connections`` in a row and ``foreign_fragments`` in a row after the contact's own.
    ``quiet_bytes`` (4 s of a call) in which nothing was recognised belong to an element whose size is wrong. A leg's
    clock that is further than ``clock_off_ms`` from the service's is set by that.
    """

    placement: SamplePlacement = field(default_factory=SamplePlacement)
    reopening: ReopeningRules = field(default_factory=ReopeningRules)
    idle_ms: int = 30_000
    draining_ms: int = 3_000
    empty_connections: int = 2
    foreign_fragments: int = 3
    quiet_bytes: int = 128 << 10
    clock_off_ms: int = 60_000


@dataclass(slots=True)
class ConnectionCounts:
    """``malformed``: connections whose bytes were cut or broken in the middle of an element. ``skipped_fragments``
    were malformed however often they were read; what could not be read of them is silence."""

    opened: int = 0
    failed: int = 0
    malformed: int = 0
    skipped_fragments: int = 0
    fragments: int = 0
    foreign_fragments: int = 0


class StreamReader:
    """The chunks of one contact, from its beginning or from a predecessor's ``timeline.resumption_at``. Iterate it
    once; close it (``async with`` or ``aclose``) if you stop early.

    It ends with the contact: other contacts' fragments, an idle or ended stream, or ``contact_ended``. Iterating raises
    MediaRefused (no such stream, no permission) and, after the last retry, MediaUnavailable or MalformedMedia.

    Chunks come as soon as their audio is placed, which may be before their fragment's ContactId is known. Text made of
    them may be published only when ``owner_of`` (or ``known_owner``) says that the words' time is the contact's own.
    ``active_ms`` (monotonic): when a connection was opened, or brought audio that may be ours.
    """

    def __init__(
        self,
        contact: Contact,
        media: MediaSource,
        clock: Clock,
        *,
        resumption: Resumption | None = None,
        rules: StreamReaderRules | None = None,
        leg: MediaLeg | None = None,
    ) -> None:
        """``leg``: this side of the contact alone, from the stream of its own that it has."""
        self._media, self._clock, self._leg = media, clock, leg
        self._rules = rules or StreamReaderRules()
        self.timeline = SampleTimeline(contact.media_started_at_ms, resumption=resumption, rules=self._rules.placement)
        if leg is None:
            self._stream_arn, self._dialect = contact.stream_arn, CONNECT
            self.isolation = Isolation(contact.contact_id, *contact.continues)
        else:
            self._stream_arn, self._dialect = leg.stream_arn, voice_connector(leg.speaker)
            self.isolation = Isolation(*filter(None, (leg.call_id, leg.transaction_id)))
        begins = resumption is None or not resumption.from_sample
        self._clock_unknown = leg is not None and begins
        self.is_connected = False
        self.active_ms = 0.0
        self.connections = ConnectionCounts()
        self.continuation_token = ""
        self.last_fragment = ""
        self.millis_behind_now: int | None = None
        self._reopening = Reopening(self.timeline, self._rules.reopening, by_server=self._clock_unknown)
        self._next_key = 1
        self._reading = ""
        self._ours_received = False
        self._foreign_run = 0
        # Only a connection that was opened again repeats fragments, and it repeats recent ones.
        self._begun: deque[str] = deque(maxlen=64)
        self._whole: deque[str] = deque(maxlen=64)
        self._contact_ended = asyncio.Event()
        self._until_ms = float("inf")
        self._chunks = self._read()

    def __aiter__(self) -> AsyncIterator[StereoChunk]:
        return self._chunks

    async def __aenter__(self) -> StreamReader:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._chunks.aclose()
        self.isolation.end()

    def contact_ended(self, until_ms: float = float("inf")) -> None:
        """The contact is over (its event came): take what is still on its way, then stop. Audio that goes on after
        ``until_ms`` (call time) is somebody else's."""
        self._until_ms = until_ms
        self._contact_ended.set()

    def resumption_at(self, sample: int) -> Resumption:
        """What a successor needs to go on from this sample, which must have been sent."""
        return self.timeline.resumption_at(sample)

    def known_owner(self, start_ms: float, end_ms: float, speaker: Speaker | None = None) -> Ownership:
        """Whose words these are (call time, ms); UNKNOWN until the fragment that holds them is named."""
        return self.isolation.known_owner(*_samples(start_ms, end_ms))

    async def owner_of(self, start_ms: float, end_ms: float, speaker: Speaker | None = None) -> Ownership:
        """Like ``known_owner``, once it is known: OURS may be published, FOREIGN never."""
        return await self.isolation.owner_of(*_samples(start_ms, end_ms))

    async def _read(self) -> AsyncGenerator[StereoChunk, None]:
        empty = 0
        while True:
            fragments, failure = self.connections.fragments, None
            try:
                async with aclosing(self._one_connection()) as chunks:
                    async for chunk in chunks:
                        yield chunk
            except (MediaUnavailable, MediaRefused, MalformedMedia) as error:
                failure = error
            progressed = self.connections.fragments > fragments
            empty = 0 if failure is not None or progressed else empty + 1
            if failure is not None:
                self._survive(failure)
            elif self._is_over() or empty >= self._most_empty():
                break
            else:
                self._reopening.ended_in_order()
            await self._clock.sleep_ms(self._reopening.wait_ms(empty))
        for chunk in self.timeline.finish():
            if chunk.start_ms < self._until_ms:
                yield chunk
        self.isolation.end()

    async def _one_connection(self) -> AsyncGenerator[StereoChunk, None]:
        """Everything until this connection ends. An idle one ends like one that the service closed."""
        reader, quiet_bytes = FragmentReader(self._next_key, self._dialect), 0
        try:
            async with self._media.open(self._stream_arn, self._reopening.start) as source:
                self.connections.opened += 1
                self.is_connected, self.active_ms = True, self._clock.monotonic_ms()
                async with aclosing(self._idleness().until_idle(source)) as pieces:
                    async for data in pieces:
                        events = reader.feed(data)
                        for chunk in self._chunks_of(events):
                            if chunk.start_ms >= self._until_ms:
                                return
                            yield chunk
                        quiet_bytes = 0 if events else quiet_bytes + len(data)
                        if quiet_bytes > self._rules.quiet_bytes:
                            raise MalformedMedia(f"nothing is recognised in {quiet_bytes} bytes", reader.offset)
                        if self._foreign_run >= self._rules.foreign_fragments:
                            return
                for chunk in self._chunks_of(reader.close()):
                    yield chunk
        finally:
            self.is_connected = False
            self._reading = reader.reading
            self._chunks_of(reader.cut())
            self._next_key = reader.next_key

    def _idleness(self) -> Idleness:
        return Idleness(self._clock, self._rules.idle_ms, self._rules.draining_ms, self._contact_ended)

    def _chunks_of(self, events: list[FragmentEvent]) -> list[StereoChunk]:
        chunks: list[StereoChunk] = []
        for event in events:
            if isinstance(event, BlockRead):
                chunks += self._block(event)
            elif isinstance(event, FragmentNamed):
                self._named(event.fragment)
            elif isinstance(event, FragmentEnded):
                self._ended(event)
            elif isinstance(event, MediaFailed):
                self._failed(event.fragment)
        return chunks

    def _block(self, block: BlockRead) -> list[StereoChunk]:
        fragment = block.fragment
        if block.speaker is None or fragment.number in self._whole:
            return []
        if self.isolation.of(fragment) is Ownership.FOREIGN:
            return []
        self.active_ms = self._clock.monotonic_ms()
        if fragment.number and fragment.number not in self._begun:
            self._begun.append(fragment.number)
            if self._clock_unknown:
                self._learn_the_clock(fragment)
            self.timeline.fragment_began(block.time_ns)
        chunks = self.timeline.place(block.speaker, block.time_ns, block.pcm, fragment.number)
        self.isolation.received(fragment, self.timeline.sample_at(block.time_ns), len(block.pcm) // 2)
        return chunks

    def _learn_the_clock(self, fragment: Fragment) -> None:
        """A leg's producer whose clock is far from the service's own, which the call's start was told by."""
        self._clock_unknown = False
        ahead_ms = fragment.producer_ahead_ms
        if ahead_ms is not None and abs(ahead_ms) > self._rules.clock_off_ms:
            self.timeline.clock_is_ahead(ahead_ms)

    def _named(self, fragment: Fragment) -> None:
        self.isolation.named(fragment)
        if self.isolation.of(fragment) is Ownership.OURS:
            self._ours_received, self._foreign_run = True, 0
        else:
            self.connections.foreign_fragments += 1
            self._foreign_run += self._ours_received

    def _ended(self, event: FragmentEnded) -> None:
        fragment = event.fragment
        if not event.whole or not fragment.blocks or fragment.number in self._whole:
            return
        self.connections.fragments += 1
        if fragment.number:
            self._whole.append(fragment.number)
        self.last_fragment = fragment.number or self.last_fragment
        self.continuation_token = fragment.continuation_token or self.continuation_token
        self.millis_behind_now = fragment.millis_behind_now
        self._reopening.fragment_completed(fragment.continuation_token)

    def _failed(self, fragment: Fragment) -> None:
        """The service's own errors within a stream, as GetMedia's documentation lists them."""
        problem = f"Kinesis Video Streams error {fragment.error_id} ({fragment.error_code})"
        cause = MediaCause(code=f"{fragment.error_id} {fragment.error_code}".strip())
        if fragment.error_id == "4000":
            self._reopening.place_is_gone()
            raise MediaUnavailable(problem, cause)
        if fragment.error_id.startswith("45"):
            raise MediaRefused(f"{problem}: let the worker's role use the stream's KMS key", cause)
        raise MediaUnavailable(problem, cause)

    def _survive(self, failure: MediaFailure) -> None:
        """Decide where to open another connection after this one failed; raises when there is no use."""
        self.connections.failed += 1
        self.connections.malformed += isinstance(failure, MalformedMedia)
        self._reopening.survive(failure, self._reading)
        self.connections.skipped_fragments = self._reopening.skipped

    def _most_empty(self) -> int:
        """An empty stream that never brought this contact may still be about to."""
        return self._rules.empty_connections if self._ours_received else self._rules.reopening.retries

    def _is_over(self) -> bool:
        return self._contact_ended.is_set() or self._foreign_run >= self._rules.foreign_fragments


def _samples(start_ms: float, end_ms: float) -> tuple[int, int]:
    return int(start_ms * SAMPLE_RATE_HZ / 1000), int(end_ms * SAMPLE_RATE_HZ / 1000)
