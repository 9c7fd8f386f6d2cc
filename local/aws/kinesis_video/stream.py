"""One Kinesis video stream: what its producer has stored, and who waits for more."""

from __future__ import annotations

import asyncio
import threading
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Iterable

from local.aws.kinesis_video.errors import ConnectionDropped
from local.aws.kinesis_video.muxer import StoredFragment
from sotto.core.clock import Clock


class FragmentNotFound(LookupError):
    """The start selector names a fragment that this stream does not hold."""


class LiveStream:
    """Fragments become readable when they are whole, as Kinesis Video Streams has it. Safe to feed from any thread.

    ``end`` lets readers finish with what is there; ``begin`` or ``append`` (the next contact) revives the stream.
    """

    def __init__(self, arn: str) -> None:
        self.arn = arn
        self.name = arn.split("/")[1] if "/" in arn else arn
        self.readers = 0
        self._fragments: list[StoredFragment] = []
        self._ended = False
        self._drops = 0
        self._producer_drops = 0
        self.active_from_ms = 0.0
        """Until then it is being made (this machine's monotonic clock)."""
        self.created_at_ms = 0.0
        self.retention_hours = 0
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    @property
    def drops(self) -> int:
        """How often ``drop_connections`` was called: a reader that sees it rise hangs up."""
        return self._drops

    @property
    def fragments(self) -> tuple[StoredFragment, ...]:
        return tuple(self._fragments)

    @property
    def newest(self) -> int:
        return len(self._fragments)

    def append(self, fragment: StoredFragment) -> None:
        with self._lock:
            self._fragments.append(fragment)
            self._ended = False
        self._wake()

    def begin(self) -> None:
        """A producer is connected: readers wait for what it will store."""
        self._ended = False

    def end(self) -> None:
        self._ended = True
        self._wake()

    def drop_connections(self) -> None:
        """Cut every open GetMedia in the middle of what it sends, as a network does."""
        self._drops += 1
        self._wake()

    @property
    def producer_drops(self) -> int:
        return self._producer_drops

    def drop_producer(self) -> None:
        """Cut the open PutMedia, as a network does."""
        self._producer_drops += 1
        self._wake()

    async def unless_dropped(self, reading: Awaitable[bytes | None], drops: int) -> bytes | None:
        """What ``reading`` brings. Raises ConnectionDropped when ``drop_producer`` is called meanwhile."""
        waiting = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.add(waiting)
        read = asyncio.ensure_future(reading)
        dropped = asyncio.ensure_future(self._dropped(drops, waiting[1]))
        try:
            await asyncio.wait({read, dropped}, return_when=asyncio.FIRST_COMPLETED)
            if dropped.done():
                raise ConnectionDropped
            return read.result()
        finally:
            read.cancel()
            dropped.cancel()
            await asyncio.gather(read, dropped, return_exceptions=True)
            with self._lock:
                self._waiting.discard(waiting)

    async def _dropped(self, drops: int, event: asyncio.Event) -> None:
        while self._producer_drops == drops:
            event.clear()
            await event.wait()

    def lag_ms(self, index: int) -> int:
        """How far the fragment is behind the newest one."""
        return self._fragments[-1].end_ms - self._fragments[index].end_ms

    def after(self, number: str) -> int:
        """The position after the fragment with this number."""
        for index in range(len(self._fragments) - 1, -1, -1):
            if self._fragments[index].number == number:
                return index + 1
        raise FragmentNotFound(number)

    def position_at(self, time_ms: float, *, server_time: bool) -> int:
        """The position of the fragment that holds this time, or else of the first one after it."""
        starts = [f.server_ms if server_time else f.producer_ms for f in self._fragments]
        index = max(0, bisect_right(starts, time_ms) - 1)
        if index < len(starts):
            fragment = self._fragments[index]
            if starts[index] + fragment.end_ms - fragment.producer_ms <= time_ms:
                index += 1
        return index

    async def read(self, index: int) -> AsyncIterator[tuple[int, StoredFragment]]:
        """Fragments from ``index`` on, as they are stored; ends with the stream or when connections are dropped."""
        drops = self._drops
        while self._drops == drops:
            if index < len(self._fragments):
                yield index, self._fragments[index]
                index += 1
            elif self._ended:
                return
            else:
                await self._more(index, drops)

    async def _more(self, index: int, drops: int) -> None:
        waiting = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if index < len(self._fragments) or self._ended or self._drops != drops:
                return
            self._waiting.add(waiting)
        try:
            await waiting[1].wait()
        finally:
            with self._lock:
                self._waiting.discard(waiting)

    def _wake(self) -> None:
        with self._lock:
            for loop, event in self._waiting:
                loop.call_soon_threadsafe(event.set)


async def play(
    stream: LiveStream, fragments: Iterable[StoredFragment], clock: Clock, *, speed: float = 1.0, end: bool = True
) -> None:
    """Store a call's fragments when their time comes: in real time, ``speed`` times faster, or at once (speed 0)."""
    stream.begin()
    began: tuple[float, int] | None = None
    for fragment in fragments:
        if speed > 0:
            began = began or (clock.monotonic_ms(), fragment.producer_ms)
            due_ms = began[0] + (fragment.end_ms - began[1]) / speed
            await clock.sleep_ms(max(0.0, due_ms - clock.monotonic_ms()))
        stream.append(fragment)
    if end:
        stream.end()
