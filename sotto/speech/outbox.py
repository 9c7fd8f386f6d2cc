"""What an audio worker has to tell, in order and without ever holding up the audio.

Settled utterances are never dropped: they are few, and each is in the table before it gets here. Of partials only the
newest of each speaker is kept, for the screen and for guidance alike, and of ticks only the newest.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from sotto.contact.contact import Contact, Speaker
from sotto.speech.utterance import Utterance

if TYPE_CHECKING:
    from sotto.speech.transcription import CallTime, Listeners, Stamps

MOST_WAITING = 512
"""More settled utterances than this waiting means that no listener has answered for about half an hour of talk."""


class Outbox:
    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners
        self._said: deque[tuple[Utterance, Stamps]] = deque(maxlen=MOST_WAITING)
        self._to_publish: deque[Utterance] = deque(maxlen=MOST_WAITING)
        self._partials: dict[Speaker, Utterance] = {}
        self._early: dict[Speaker, tuple[Utterance, Stamps]] = {}
        self._tick: tuple[Contact, CallTime] | None = None
        self._waiting = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def said(self, utterance: Utterance, stamps: Stamps) -> None:
        self._partials.pop(utterance.speaker, None)
        self._early.pop(utterance.speaker, None)
        self._said.append((utterance, stamps))
        self._to_publish.append(utterance)
        self._wake()

    def partial(self, utterance: Utterance) -> None:
        self._partials[utterance.speaker] = utterance
        self._wake()

    def ask_early(self, utterance: Utterance, stamps: Stamps) -> None:
        """Guidance on a partial, for models that are worth running before the speaker has finished."""
        self._early[utterance.speaker] = (utterance, stamps)
        self._wake()

    def tick(self, contact: Contact, time: CallTime) -> None:
        self._tick = (contact, time)
        self._wake()

    async def drained(self) -> None:
        """Wait until everything has been told."""
        await self._idle.wait()

    async def deliver(self) -> None:
        """Tell everything as it comes; runs until cancelled."""
        while True:
            await self._waiting.wait()
            await self._next()
            if not (self._said or self._to_publish or self._partials or self._early or self._tick):
                self._waiting.clear()
                self._idle.set()

    def _wake(self) -> None:
        self._idle.clear()
        self._waiting.set()

    async def _next(self) -> None:
        """Guidance first, because it takes longest; then what the agent reads; then the running guess; then time."""
        if self._said:
            utterance, stamps = self._said.popleft()
            await asyncio.to_thread(self._listeners.ask_guidance, utterance, stamps)
        elif self._to_publish:
            await asyncio.to_thread(self._listeners.publish, self._to_publish.popleft())
        elif self._partials:
            _, partial = self._partials.popitem()
            await asyncio.to_thread(self._listeners.publish, partial)
        elif self._early:
            _, (utterance, stamps) = self._early.popitem()
            await asyncio.to_thread(self._listeners.ask_guidance, utterance, stamps)
        elif self._tick is not None:
            (contact, time), self._tick = self._tick, None
            await asyncio.to_thread(self._listeners.tick, contact, time)
