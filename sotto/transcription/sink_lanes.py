"""What an audio worker has to tell, in order and without ever holding up the audio.

Two lanes, so that the agent's screen never waits for guidance nor guidance for the screen. Settled utterances go in
order, and each is in the table before it gets here; of partials only the newest of each speaker is kept, and of ticks
only the newest.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.transcription.ports import CallTime, Stamps, TranscriptSink

MOST_WAITING = 512
"""More settled utterances than this waiting means that a listener has not answered for about half an hour of talk."""

Telling = Callable[[], None]


class Outbox:
    def __init__(self, listeners: TranscriptSink) -> None:
        self._listeners = listeners
        self._screen = _Lane()
        self._guidance = _Lane()

    @property
    def told(self) -> int:
        """The number of the last utterance that has gone both ways."""
        return min(self._screen.told, self._guidance.told)

    def carry_on(self, told: int) -> None:
        """A worker before this one has told everything up to this number."""
        self._screen.told = self._guidance.told = told

    def said(self, utterance: Utterance, stamps: Stamps) -> None:
        speaker = utterance.speaker.value
        self._screen.add(utterance.seq, lambda: self._listeners.publish(utterance), instead_of=speaker)
        self._guidance.add(utterance.seq, lambda: self._listeners.ask_guidance(utterance, stamps), instead_of=speaker)

    def partial(self, utterance: Utterance) -> None:
        self._screen.newest(utterance.speaker.value, lambda: self._listeners.publish(utterance))

    def ask_early(self, utterance: Utterance, stamps: Stamps) -> None:
        """Guidance on a partial, for models that are worth running before the speaker has finished."""
        self._guidance.newest(utterance.speaker.value, lambda: self._listeners.ask_guidance(utterance, stamps))

    def tick(self, contact: Contact, time: CallTime) -> None:
        self._guidance.newest("tick", lambda: self._listeners.tick(contact, time))

    async def drained(self) -> None:
        """Wait until everything has been told."""
        await self._screen.idle.wait()
        await self._guidance.idle.wait()

    async def deliver(self) -> None:
        """Tell everything as it comes; runs until cancelled."""
        await asyncio.gather(self._screen.deliver(), self._guidance.deliver())


class _Lane:
    """One listener's share: what must be told, in order, before what may be replaced by something newer."""

    def __init__(self) -> None:
        self.told = 0
        self.idle = asyncio.Event()
        self.idle.set()
        self._said: deque[tuple[int, Telling]] = deque(maxlen=MOST_WAITING)
        self._newest: dict[str, Telling] = {}
        self._waiting = asyncio.Event()

    def add(self, seq: int, tell: Telling, *, instead_of: str) -> None:
        self._newest.pop(instead_of, None)
        self._said.append((seq, tell))
        self._wake()

    def newest(self, kind: str, tell: Telling) -> None:
        self._newest[kind] = tell
        self._wake()

    def _wake(self) -> None:
        self.idle.clear()
        self._waiting.set()

    async def deliver(self) -> None:
        while True:
            await self._waiting.wait()
            if self._said:
                seq, tell = self._said.popleft()
                await asyncio.to_thread(tell)
                self.told = max(self.told, seq)
            elif self._newest:
                await asyncio.to_thread(self._newest.pop(next(iter(self._newest))))
            else:
                self._waiting.clear()
                self.idle.set()
