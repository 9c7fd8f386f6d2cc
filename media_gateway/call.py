"""One call from its first message to its last: placed, put into its stream, told of."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from media_gateway.kinesis.producer import Producer
from media_gateway.kinesis.sink import MediaSink
from media_gateway.protocols.protocol import AudioCame, CallBegan, GatewayEntry
from media_gateway.slices import SAMPLES_A_MS, Slice, Slices
from sotto.call.live import GatewayCall
from sotto.core.clock import Clock
from sotto.core.errors import Retryable

log = logging.getLogger(__name__)

STALLED_MS = 10_000
"""Nothing came for so long: from then on the call has silence, so that its stream goes on and its worker waits."""
LOOK_EVERY_MS = 500
PAUSED_LAG_MS = 1_000
FARTHEST_AHEAD = 60_000 * SAMPLES_A_MS
ORDER_ATTEMPTS = 8
THREADS = 32
"""For what blocks: four requests for each call that begins, and two for one that ends."""
FIRST_PAUSE_MS = 250
_CALLS = uuid.UUID("0d5b6a52-6f4c-4f5a-8f4e-3f5f2a7f9b10")


class Streams(Protocol):
    def name(self, tenant: str, contact_id: str) -> str: ...

    async def ready(self, tenant: str, contact_id: str, in_thread: Callable[..., Awaitable[object]]) -> str:
        """ARN of the contact's stream, once it can be written. Raises Retryable and Rejected."""
        ...


class CallOrders(Protocol):
    def changed(self, call: GatewayCall) -> None:
        """Tell follow_gateway. Blocks. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class CallPorts:
    """``written``: called with each block's milliseconds from its coming until it was written. ``fragments_a_second``:
    that a stream takes, 0 for any number."""

    streams: Streams
    sink: MediaSink
    orders: CallOrders
    clock: Clock
    written: Callable[[float], None] = lambda ms: None
    fragments_a_second: float = 5.0
    in_thread: Callable[..., Awaitable[object]] = field(default=asyncio.to_thread)


def contact_id_of(gateway: str, call_id: str) -> str:
    """The same whenever the call comes again: a telephone system that dials a second time goes on with the contact."""
    return str(uuid.uuid5(_CALLS, f"{gateway}/{call_id}"))


class GatewayCallAudio:
    """``run`` it in a task, hand over audio, then ``end`` it. ``put`` waits while too much waits to be stored, and so
    does the telephone system."""

    def __init__(self, began: CallBegan, entry: GatewayEntry, ports: CallPorts) -> None:
        self.contact_id = contact_id_of(entry.id, began.call_id)
        self._began, self._entry, self._ports = began, entry, ports
        self._started_at_ms = int(ports.clock.now_ms())
        self._started_mono_ms = self._came_ms = ports.clock.monotonic_ms()
        self._slices = Slices(began.sides)
        self._is_paused = self._was_filled = self._is_ended = False
        self._shift = 0
        self._stream_arn = ""
        self._putting = asyncio.Lock()
        self._producer = Producer(
            ports.sink,
            ports.clock,
            stream=ports.streams.name(entry.tenant, self.contact_id),
            contact_id=self.contact_id,
            zero_ms=self._started_at_ms,
            written=ports.written,
            fragments_a_second=ports.fragments_a_second,
        )

    @property
    def slices(self) -> Slices:
        return self._slices

    async def audio(self, came: AudioCame) -> None:
        """What comes where silence has been put meanwhile goes behind that, and so does the rest of the call; what is
        too far ahead goes on where the call was. Raises MediaLost."""
        self._came_ms, self._is_paused = self._ports.clock.monotonic_ms(), False
        at, frontier = came.at + self._shift, self._slices.frontier
        if self._was_filled:
            self._was_filled = False
            self._shift += max(0, self._slices.start - at)
        elif at - frontier > FARTHEST_AHEAD:
            self._shift -= at - frontier
        await self._put(self._slices.place(came.speaker, came.at + self._shift, came.pcm, self._came_ms))

    def paused(self) -> None:
        self._is_paused = True

    async def run(self) -> None:
        """Until all that came is stored. Raises MediaLost, Retryable and Rejected."""
        ports = self._ports
        try:
            self._stream_arn = await ports.streams.ready(self._entry.tenant, self.contact_id, ports.in_thread)
            async with asyncio.TaskGroup() as tasks:
                tell = tasks.create_task(self._tell())
                fill = tasks.create_task(self._fill())
                await self._producer.run()
                fill.cancel()
                await tell
        except BaseException:
            self._producer.give_up()  # who hands audio over need not wait for ever
            raise

    async def end(self) -> None:
        """No audio will follow. Raises MediaLost."""
        self._is_ended = True
        await self._put(self._slices.finish())
        self._producer.finish()

    async def tell_of_the_end(self) -> None:
        """Once all is stored. A call that broke off may come again; its audio's end ends it otherwise."""
        if self._stream_arn:
            ended_at_ms = self._started_at_ms + self._slices.frontier / SAMPLES_A_MS
            await self._order(self._as_known(ended_at_ms))

    async def _tell(self) -> None:
        await self._order(self._as_known(None))

    def _as_known(self, ended_at_ms: float | None) -> GatewayCall:
        began = self._began
        return GatewayCall(
            self._entry.tenant,
            self._entry.id,
            self.contact_id,
            self._stream_arn,
            self._started_at_ms,
            ended_at_ms,
            began.agent,
            began.queue,
            began.caller,
        )

    async def _order(self, call: GatewayCall) -> None:
        """A call of which nobody could be told is stored, and guided by nobody: it is logged, and ends as it would."""
        pause_ms = float(FIRST_PAUSE_MS)
        for attempt in range(ORDER_ATTEMPTS):
            try:
                await self._ports.in_thread(self._ports.orders.changed, call)
                return
            except Retryable as error:
                if attempt == ORDER_ATTEMPTS - 1:
                    log.error("call not told of", extra={"why": str(error)})
                    return
            await self._ports.clock.sleep_ms(pause_ms)
            pause_ms *= 2

    async def _fill(self) -> None:
        """While a telephone system sends nothing, as long as it likes, the call has silence."""
        while True:
            await self._ports.clock.sleep_ms(LOOK_EVERY_MS)
            now_ms = self._ports.clock.monotonic_ms()
            lag_ms = PAUSED_LAG_MS if self._is_paused else STALLED_MS
            if not self._is_ended and now_ms - self._came_ms > lag_ms:
                until = int(now_ms - self._started_mono_ms - lag_ms) * SAMPLES_A_MS
                found = self._slices.silence_until(until)
                self._was_filled |= bool(found)
                await self._put(found)

    async def _put(self, found: list[Slice]) -> None:
        async with self._putting:
            for each in found:
                await self._producer.put(each)
