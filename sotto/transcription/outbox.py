"""What is committed and has yet to be published.

Each utterance is in the table before it gets here. ``SinkLanes`` never holds up the audio: it publishes from threads,
in two lanes, so that the agent's screen never waits for guidance nor guidance for the screen. Committed utterances go
in order; of interims only the newest of each speaker is kept, and of ticks only the newest.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.transcription.ports import CallTime, Stamps, TranscriptSink

MOST_WAITING = 512
"""More committed utterances than this waiting means that a consumer has not answered for about half an hour of talk."""

Delivery = Callable[[], None]


class SinkLanes:
    """An Outbox for sources that go on meanwhile. Run ``deliver`` beside it."""

    def __init__(self, sink: TranscriptSink) -> None:
        self._sink = sink
        self._screen = _Lane()
        self._guidance = _Lane()

    @property
    def published_seq(self) -> int:
        """The number of the last utterance that has gone both ways."""
        return min(self._screen.published_seq, self._guidance.published_seq)

    def resume(self, published_seq: int) -> None:
        self._screen.published_seq = self._guidance.published_seq = published_seq

    def committed(self, utterance: Utterance, stamps: Stamps) -> None:
        speaker = utterance.speaker.value
        self._screen.add(utterance.seq, lambda: self._sink.publish(utterance), instead_of=speaker)
        self._guidance.add(utterance.seq, lambda: self._sink.ask_guidance(utterance, stamps), instead_of=speaker)

    def interim(self, utterance: Utterance) -> None:
        self._screen.newest(utterance.speaker.value, lambda: self._sink.publish(utterance))

    def ask_early(self, utterance: Utterance, stamps: Stamps) -> None:
        self._guidance.newest(utterance.speaker.value, lambda: self._sink.ask_guidance(utterance, stamps))

    def tick(self, contact: Contact, time: CallTime) -> None:
        self._guidance.newest("tick", lambda: self._sink.tick(contact, time))

    async def drained(self) -> None:
        """Wait until everything has been published."""
        await self._screen.idle.wait()
        await self._guidance.idle.wait()

    async def deliver(self) -> None:
        """Publish everything as it comes; runs until cancelled."""
        await asyncio.gather(self._screen.deliver(), self._guidance.deliver())


class DirectOutbox:
    """An Outbox for sources that wait: everything is published before the call returns."""

    def __init__(self, sink: TranscriptSink) -> None:
        self._sink = sink
        self.published_seq = 0

    def resume(self, published_seq: int) -> None:
        self.published_seq = published_seq

    def committed(self, utterance: Utterance, stamps: Stamps) -> None:
        self._sink.ask_guidance(utterance, stamps)
        self._sink.publish(utterance)
        self.published_seq = max(self.published_seq, utterance.seq)

    def interim(self, utterance: Utterance) -> None:
        self._sink.publish(utterance)

    def ask_early(self, utterance: Utterance, stamps: Stamps) -> None:
        """Text that comes in whole turns is not worth a round before its final."""

    def tick(self, contact: Contact, time: CallTime) -> None:
        self._sink.tick(contact, time)


class _Lane:
    """One consumer's share: what must be delivered, in order, before what may be replaced by something newer."""

    def __init__(self) -> None:
        self.published_seq = 0
        self.idle = asyncio.Event()
        self.idle.set()
        self._committed: deque[tuple[int, Delivery]] = deque(maxlen=MOST_WAITING)
        self._newest: dict[str, Delivery] = {}
        self._waiting = asyncio.Event()

    def add(self, seq: int, deliver: Delivery, *, instead_of: str) -> None:
        self._newest.pop(instead_of, None)
        self._committed.append((seq, deliver))
        self._wake()

    def newest(self, kind: str, deliver: Delivery) -> None:
        self._newest[kind] = deliver
        self._wake()

    def _wake(self) -> None:
        self.idle.clear()
        self._waiting.set()

    async def deliver(self) -> None:
        while True:
            await self._waiting.wait()
            if self._committed:
                seq, deliver = self._committed.popleft()
                await asyncio.to_thread(deliver)
                self.published_seq = max(self.published_seq, seq)
            elif self._newest:
                await asyncio.to_thread(self._newest.pop(next(iter(self._newest))))
            else:
                self._waiting.clear()
                self.idle.set()
