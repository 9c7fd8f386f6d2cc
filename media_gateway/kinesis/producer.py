"""Writes one call's slices into its stream, over dropped connections: what is not known to be stored is sent again.

So a fragment may be stored twice, never not at all; who reads takes the first of two samples.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from media_gateway.kinesis.fragments import Fragment, FragmentQueue
from media_gateway.kinesis.sink import AckKind, MediaSink, SinkConnection, SinkRefused, SinkUnavailable
from media_gateway.slices import Slice
from sotto.core.clock import Clock
from sotto.core.errors import Degraded, first_error

log = logging.getLogger(__name__)

MOST_WAITING = 60
"""Fragments, of half a minute, that wait to be stored. Beyond, nothing more is read from the telephone system."""
GIVE_UP_MS = 60_000
"""Without a fragment being stored."""
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 100, 5_000
LAST_ACKS_MS = 10_000
STALLED_MS = 10_000
"""With a whole fragment sent and nothing stored, a connection is taken for dead."""
LOOK_EVERY_MS = 1_000
KMS_ERRORS = "45"
"""What numbers of errors of the stream's key begin with."""


class MediaLost(Degraded):
    """The call's audio cannot be stored; nobody will hear the rest of it."""


class Producer:
    """``run`` it in a task; ``put`` slices; ``finish``. ``written``: called with how many milliseconds each block was
    on its way, from its last byte's coming until it was written. ``fragments_a_second``: 0 for as many as there are."""

    def __init__(
        self,
        sink: MediaSink,
        clock: Clock,
        *,
        stream: str,
        contact_id: str,
        zero_ms: int,
        written: Callable[[float], None] = lambda ms: None,
        fragments_a_second: float = 5.0,
    ) -> None:
        self._sink, self._clock, self._stream = sink, clock, stream
        self._queue = FragmentQueue(contact_id, zero_ms, most=MOST_WAITING)
        self._written = written
        self._pause_ms = 1_000 / fragments_a_second if fragments_a_second else 0.0
        self._more, self._room = asyncio.Event(), asyncio.Event()
        self._is_finished = False
        self._is_lost = False
        self._last_sent_ms = float("-inf")
        self._stored_ms = 0.0
        self.connections = 0

    @property
    def stored(self) -> int:
        """Fragments that are known to be."""
        return self._queue.stored

    async def put(self, taken: Slice) -> None:
        """Waits while too much waits to be stored. Raises MediaLost."""
        while self._queue.is_full and not self._is_lost:
            self._room.clear()
            await self._room.wait()
        if self._is_lost:
            raise MediaLost("the stream cannot be written")
        self._queue.add(taken)
        self._more.set()

    def finish(self) -> None:
        """No slice will follow: ``run`` ends when all are stored."""
        self._queue.close()
        self._is_finished = True
        self._more.set()

    def give_up(self) -> None:
        """Nothing more will be stored: who ``put``s is told so."""
        self._is_lost = True
        self._room.set()

    async def run(self) -> None:
        """Until all is stored. Raises MediaLost."""
        pause_ms = float(FIRST_PAUSE_MS)
        self._stored_ms = self._clock.monotonic_ms()
        try:
            while not (self._is_finished and self._queue.is_empty):
                if self._queue.is_empty:
                    await self._next_slice()
                    self._stored_ms = self._clock.monotonic_ms()
                    continue
                stored = self._queue.stored
                await self._one_connection()
                pause_ms = FIRST_PAUSE_MS if self._queue.stored > stored else min(2 * pause_ms, LONGEST_PAUSE_MS)
                if self._clock.monotonic_ms() - self._stored_ms > GIVE_UP_MS:
                    raise MediaLost("nothing was stored for a minute")
                if not (self._is_finished and self._queue.is_empty):
                    await self._clock.sleep_ms(pause_ms)
        except BaseException:
            self.give_up()
            raise

    async def _one_connection(self) -> None:
        """What ends it, but for a refusal, is a reason to open another."""
        try:
            async with self._sink.open(self._stream) as connection:
                self.connections += 1
                async with asyncio.TaskGroup() as tasks:
                    sides = (self._send(connection), self._notice_stall())
                    side_tasks = [tasks.create_task(each) for each in sides]
                    await self._take_acks(connection)
                    for task in side_tasks:
                        task.cancel()
        except SinkRefused as error:
            raise MediaLost(str(error)) from error
        except SinkUnavailable as error:
            log.info("media connection lost", extra={"why": str(error)})
        except BaseExceptionGroup as group:
            first = first_error(group)
            if isinstance(first, SinkRefused):
                raise MediaLost(str(first)) from first
            if not isinstance(first, SinkUnavailable):
                raise
            log.info("media connection lost", extra={"why": str(first)})

    async def _send(self, connection: SinkConnection) -> None:
        await connection.send(self._queue.head)
        fragment = self._queue.first
        while fragment is not None:
            await self._pace()
            await self._send_fragment(fragment, connection)
            while fragment.following is None and not self._is_finished:
                await self._next_slice()
            fragment = fragment.following
        await connection.end()
        await self._clock.sleep_ms(LAST_ACKS_MS)
        raise SinkUnavailable("the last acknowledgement did not come")

    async def _send_fragment(self, fragment: Fragment, connection: SinkConnection) -> None:
        sent = 0
        while True:
            pieces = fragment.pieces[sent:]
            if pieces:
                await connection.send(b"".join(piece.data for piece in pieces))
                now_ms = self._clock.monotonic_ms()
                for piece in pieces:
                    for came_ms in piece.came_ms:
                        self._written(now_ms - came_ms)
                sent += len(pieces)
            elif fragment.is_closed:
                return
            else:
                await self._next_slice()

    async def _notice_stall(self) -> None:
        since_ms, stored = self._clock.monotonic_ms(), self._queue.stored
        while True:
            await self._clock.sleep_ms(LOOK_EVERY_MS)
            first = self._queue.first
            if first is None or not first.is_closed or self._queue.stored != stored:
                since_ms, stored = self._clock.monotonic_ms(), self._queue.stored
            elif self._clock.monotonic_ms() - since_ms > STALLED_MS:
                raise SinkUnavailable("nothing is acknowledged")

    async def _pace(self) -> None:
        """A stream takes only so many fragments a second; who catches up would send more."""
        wait_ms = self._last_sent_ms + self._pause_ms - self._clock.monotonic_ms()
        if wait_ms > 0:
            await self._clock.sleep_ms(wait_ms)
        self._last_sent_ms = self._clock.monotonic_ms()

    async def _next_slice(self) -> None:
        self._more.clear()
        if not self._is_finished:
            await self._more.wait()

    async def _take_acks(self, connection: SinkConnection) -> None:
        async for ack in connection.acks():
            if ack.kind is AckKind.PERSISTED and ack.time_ms is not None:
                self._queue.acknowledged(ack.time_ms)
                self._stored_ms = self._clock.monotonic_ms()
                if not self._queue.is_full:
                    self._room.set()
            elif ack.kind is AckKind.ERROR:
                if ack.error.startswith(KMS_ERRORS):
                    raise SinkRefused(f"error {ack.error}: let the gateway use the stream's KMS key")
                raise SinkUnavailable(f"error {ack.error}")
        if not (self._is_finished and self._queue.is_empty):
            raise SinkUnavailable("the connection was closed")
