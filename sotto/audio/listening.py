"""Listens to one contact: from a media stream's bytes to aligned 100 ms chunks, over dropped connections.

async with listen(contact, media, clock) as chunks:
    async for chunk in chunks:
        await recogniser.send(chunk)
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

from sotto.audio.ebml import MalformedMedia
from sotto.audio.fragments import (
    BlockHeard,
    Fragment,
    FragmentEnded,
    FragmentEvent,
    FragmentNamed,
    FragmentReader,
    MediaFailed,
)
from sotto.audio.idleness import Idleness
from sotto.audio.isolation import Isolation, Verdict
from sotto.audio.media import MediaRefused, MediaSource, MediaStart, MediaUnavailable, StartKind
from sotto.audio.stereo import SAMPLE_RATE_HZ, StereoChunk
from sotto.audio.timeline import Placement, Resumption, Timeline
from sotto.clock import Clock
from sotto.contact.contact import Contact

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ListeningRules:
    """When to give up and when to stop.

    ``start_margin_ms`` reads a little before the wanted time, because the first fragment may be stamped earlier. A
    connection that brings nothing for ``idle_ms`` ends the contact (``draining_ms`` once the contact is known to be
    over), and so do ``empty_connections`` in a row and ``foreign_fragments`` in a row after the contact's own. A
    failed connection is retried ``retries`` times in a row, first after ``backoff_ms``, then after twice as long each
    time, at most ``max_backoff_ms``.
    """

    placement: Placement = field(default_factory=Placement)
    start_margin_ms: int = 1_000
    idle_ms: int = 30_000
    draining_ms: int = 3_000
    empty_connections: int = 2
    foreign_fragments: int = 3
    retries: int = 8
    backoff_ms: int = 100
    max_backoff_ms: int = 3_000


@dataclass(slots=True)
class ConnectionCounts:
    """``malformed``: connections whose bytes were cut or broken in the middle of an element."""

    opened: int = 0
    failed: int = 0
    malformed: int = 0
    fragments: int = 0
    repeated_fragments: int = 0
    foreign_fragments: int = 0
    blocks_without_speaker: int = 0


class Listening:
    """The chunks of one contact. Iterate it once; close it (``async with`` or ``aclose``) if you stop early.

    Chunks come as soon as their audio is placed, which may be before their fragment's ContactId is known. Text made of
    them may be published only when ``settled`` (or ``verdict``) says that the words' time is the contact's own.
    """

    def __init__(
        self,
        contact: Contact,
        media: MediaSource,
        clock: Clock,
        *,
        resumption: Resumption | None = None,
        start: MediaStart | None = None,
        rules: ListeningRules | None = None,
    ) -> None:
        self._contact, self._media, self._clock = contact, media, clock
        self._rules = rules or ListeningRules()
        self.timeline = Timeline(contact.media_started_at_ms, resumption=resumption, rules=self._rules.placement)
        self.isolation = Isolation(contact.contact_id)
        self.connections = ConnectionCounts()
        self.continuation_token = ""
        self.last_fragment = ""
        self.millis_behind_now: int | None = None
        self._start = start or self._by_time()
        self._next_key = 1
        self._ours_heard = False
        self._foreign_run = 0
        # Only a connection that was opened again repeats fragments, and it repeats recent ones.
        self._begun: deque[str] = deque(maxlen=64)
        self._whole: deque[str] = deque(maxlen=64)
        self._contact_ended = asyncio.Event()
        self._chunks = self._listen()

    def __aiter__(self) -> AsyncIterator[StereoChunk]:
        return self._chunks

    async def __aenter__(self) -> Listening:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._chunks.aclose()
        self.isolation.end()

    def contact_ended(self) -> None:
        """The contact is over (its event came): take what is still on its way, then stop."""
        self._contact_ended.set()

    def resumption_at(self, sample: int) -> Resumption:
        """What a successor needs to go on from this sample, which must have been sent."""
        return self.timeline.resumption_at(sample)

    def verdict(self, start_ms: float, end_ms: float) -> Verdict:
        """Whose words these are (call time, ms); UNKNOWN until the fragment that holds them is named."""
        return self.isolation.verdict(*_samples(start_ms, end_ms))

    async def settled(self, start_ms: float, end_ms: float) -> Verdict:
        """Like ``verdict``, once it is known: OURS may be published, FOREIGN never."""
        return await self.isolation.settled(*_samples(start_ms, end_ms))

    async def _listen(self) -> AsyncGenerator[StereoChunk, None]:
        failures = empty = 0
        while True:
            fragments, failure = self.connections.fragments, None
            try:
                async with aclosing(self._one_connection()) as chunks:
                    async for chunk in chunks:
                        yield chunk
            except (MediaUnavailable, MediaRefused, MalformedMedia) as error:
                failure = error
            progressed = self.connections.fragments > fragments
            failures = 0 if failure is None or progressed else failures + 1
            empty = 0 if failure is not None or progressed else empty + 1
            if failure is not None:
                self._survive(failure, failures)
            elif self._is_over() or empty >= self._most_empty():
                break
            await self._clock.sleep_ms(self._backoff_ms(max(failures, empty)))
        for chunk in self.timeline.finish():
            yield chunk
        self.isolation.end()

    async def _one_connection(self) -> AsyncGenerator[StereoChunk, None]:
        """Everything until this connection ends. An idle one ends like one that the service closed."""
        reader = FragmentReader(self._next_key)
        try:
            async with self._media.open(self._contact.stream_arn, self._start) as source:
                self.connections.opened += 1
                async with aclosing(self._idleness().until_idle(source)) as pieces:
                    async for data in pieces:
                        for chunk in self._heard(reader.feed(data)):
                            yield chunk
                        if self._foreign_run >= self._rules.foreign_fragments:
                            return
                for chunk in self._heard(reader.close()):
                    yield chunk
        finally:
            self._heard(reader.cut())
            self._next_key = reader.next_key

    def _idleness(self) -> Idleness:
        return Idleness(self._clock, self._rules.idle_ms, self._rules.draining_ms, self._contact_ended)

    def _heard(self, events: list[FragmentEvent]) -> list[StereoChunk]:
        chunks: list[StereoChunk] = []
        for event in events:
            if isinstance(event, BlockHeard):
                chunks += self._block(event)
            elif isinstance(event, FragmentNamed):
                self._named(event.fragment)
            elif isinstance(event, FragmentEnded):
                self._ended(event)
            elif isinstance(event, MediaFailed):
                self._failed(event.fragment)
        return chunks

    def _block(self, block: BlockHeard) -> list[StereoChunk]:
        fragment = block.fragment
        if block.speaker is None:
            self.connections.blocks_without_speaker += 1
            return []
        if self.isolation.of(fragment) is Verdict.FOREIGN or fragment.number in self._whole:
            return []
        if fragment.number and fragment.number not in self._begun:
            self._begun.append(fragment.number)
            self.timeline.fragment_began(block.time_ns)
        chunks = self.timeline.place(block.speaker, block.time_ns, block.pcm, fragment.number)
        self.isolation.heard(fragment, self.timeline.sample_at(block.time_ns), len(block.pcm) // 2)
        return chunks

    def _named(self, fragment: Fragment) -> None:
        self.isolation.named(fragment)
        if self.isolation.of(fragment) is Verdict.OURS:
            self._ours_heard, self._foreign_run = True, 0
        else:
            self.connections.foreign_fragments += 1
            self._foreign_run += self._ours_heard

    def _ended(self, event: FragmentEnded) -> None:
        fragment = event.fragment
        if not event.whole or not fragment.blocks:
            return
        if fragment.number in self._whole:
            self.connections.repeated_fragments += 1
            return
        self.connections.fragments += 1
        if fragment.number:
            self._whole.append(fragment.number)
        self.last_fragment = fragment.number or self.last_fragment
        self.continuation_token = fragment.continuation_token or self.continuation_token
        self.millis_behind_now = fragment.millis_behind_now
        if fragment.continuation_token:
            self._start = MediaStart.continuing(fragment.continuation_token)

    def _failed(self, fragment: Fragment) -> None:
        """The service's own errors within a stream, as GetMedia's documentation lists them."""
        problem = f"Kinesis Video Streams error {fragment.error_id} ({fragment.error_code})"
        if fragment.error_id == "4000":
            # The fragment to start from is gone: begin again where the audio sent so far ends.
            self._start = self._by_time()
            raise MediaUnavailable(problem)
        if fragment.error_id.startswith("45"):
            raise MediaRefused(f"{problem}: let the worker's role use the stream's KMS key")
        raise MediaUnavailable(problem)

    def _survive(self, failure: MediaUnavailable | MediaRefused | MalformedMedia, failures: int) -> None:
        """Decide whether to open another connection after this one failed; raises when there is no use."""
        self.connections.failed += 1
        self.connections.malformed += isinstance(failure, MalformedMedia)
        log.warning("media connection failed", extra={"problem": str(failure), "failures": failures})
        if isinstance(failure, MediaRefused):
            if self._start.kind is not StartKind.CONTINUATION_TOKEN:
                raise failure
            self._start = self._by_time()
        elif failures > self._rules.retries:
            raise failure

    def _most_empty(self) -> int:
        """An empty stream that never brought this contact may still be about to."""
        return self._rules.empty_connections if self._ours_heard else self._rules.retries

    def _is_over(self) -> bool:
        return self._contact_ended.is_set() or self._foreign_run >= self._rules.foreign_fragments

    def _backoff_ms(self, failures: int) -> int:
        return min(self._rules.max_backoff_ms, self._rules.backoff_ms << max(0, failures - 1))

    def _by_time(self) -> MediaStart:
        return MediaStart.at(self.timeline.reads_from_ms - self._rules.start_margin_ms)


def _samples(start_ms: float, end_ms: float) -> tuple[int, int]:
    return int(start_ms * SAMPLE_RATE_HZ / 1000), int(end_ms * SAMPLE_RATE_HZ / 1000)


def listen(
    contact: Contact,
    media: MediaSource,
    clock: Clock,
    *,
    resumption: Resumption | None = None,
    start: MediaStart | None = None,
    rules: ListeningRules | None = None,
) -> Listening:
    """Listen to ``contact``, from its beginning or from a predecessor's ``timeline.resumption_at``.

    Ends with the contact: other contacts' fragments, an idle or ended stream, or ``contact_ended``. Raises
    MediaRefused (no such stream, no permission) and, after the last retry, MediaUnavailable.
    """
    return Listening(contact, media, clock, resumption=resumption, start=start, rules=rules)
