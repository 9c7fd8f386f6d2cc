"""What was said: redacted text becomes utterances, which are stored in order and then told."""

from __future__ import annotations

import asyncio
from collections import deque

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.recognition.dedupe_replay import dedupe_redacted
from sotto.redaction.redactor import Redacted
from sotto.transcription.lease.lease_holder import Advance, LeaseHolder
from sotto.transcription.poison import Poison
from sotto.transcription.ports import Stamps
from sotto.transcription.segmentation.interim_throttle import InterimThrottle
from sotto.transcription.segmentation.segmenter import CommittedSoFar, UtteranceSegmenter
from sotto.transcription.sink_lanes import Outbox


class TranscriptCommitter:
    """A worker without the lease keeps what it hears to itself; with the lease it stores and tells. What was said
    in order is told ``in_order``: who calls ``tell``, ``tell_kept``, ``tick`` or ``finish`` holds that lock."""

    def __init__(self, contact: Contact, holding: LeaseHolder, outbox: Outbox, poison: Poison, clock: Clock) -> None:
        self.in_order = asyncio.Lock()
        self._contact = contact
        self._holding = holding
        self._outbox = outbox
        self._poison = poison
        self._clock = clock
        self._builder = UtteranceSegmenter(contact.tenant, contact.contact_id)
        self._partials = InterimThrottle()
        self._unstored: deque[Utterance] = deque()
        self._kept: list[tuple[Redacted, Stamps]] = []

    async def carry_on(self) -> None:
        """The lease has just been taken: number on from the checkpoint, and tell what may not have been told."""
        so_far = self._holding.checkpoint
        settled = CommittedSoFar(so_far.utterances, so_far.settled_ms)
        self._builder = UtteranceSegmenter(self._contact.tenant, self._contact.contact_id, resume=settled)
        self._outbox.carry_on(so_far.told)
        for utterance in await self._holding.untold():
            self._outbox.said(utterance, {})

    def unsettled_from_ms(self, heard_from_ms: float) -> float:
        """Where the oldest speech begins that is not in a stored utterance, or ``heard_from_ms``."""
        waiting = [kept.heard.start_ms for kept, _ in self._kept]
        waiting += [utterance.start_ms for utterance in self._unstored]
        return self._builder.unsettled_from_ms(min([heard_from_ms, *waiting]))

    def keep(self, redacted: Redacted, stamps: Stamps) -> None:
        """Every final, and of partials the newest of each speaker: it says where open speech began."""
        speaker = redacted.heard.speaker
        self._kept = [one for one in self._kept if one[0].heard.is_final or one[0].heard.speaker is not speaker]
        self._kept.append((redacted, stamps))

    async def tell_kept(self, advance: Advance) -> None:
        while self._kept:
            await self._tell_kept(*self._kept[0], advance)
            del self._kept[0]

    async def _tell_kept(self, kept: Redacted, stamps: Stamps, advance: Advance) -> None:
        redacted = self._poison.harmless_redacted(kept)
        if redacted is not None:
            async with self._poison.in_hand(redacted.heard, lambda: self._holding.renew(advance)):
                await self.tell(redacted, stamps, advance)

    async def tell(self, redacted: Redacted, stamps: Stamps, advance: Advance) -> None:
        settled_ms = self._holding.checkpoint.settled_ms.get(redacted.heard.speaker, 0)
        fresh = dedupe_redacted(redacted, settled_ms)
        if fresh is None:
            return
        views = self._builder.heard(fresh)
        await self._settle([view for view in views if view.is_final], stamps, advance)
        for view in views:
            if not view.is_final:
                self._outbox.partial(view)
                if self._partials.adds_enough(view):
                    self._outbox.ask_early(view, stamps)

    async def tick(self, call_ms: float, advance: Advance) -> None:
        """Close what a provider has settled without saying that the speaker paused."""
        await self._settle(self._builder.tick(call_ms), {"received": self._clock.now_ms()}, advance)

    async def finish(self, advance: Advance) -> None:
        await self._settle(self._builder.finish(), {"received": self._clock.now_ms()}, advance)

    async def _settle(self, closed: list[Utterance], stamps: Stamps, advance: Advance) -> None:
        self._unstored.extend(closed)
        while self._unstored:
            # Its own start may leave the checkpoint, because both are stored at once; those behind it may not.
            numbered = await self._holding.settle(self._unstored.popleft(), advance)
            self._partials.settled(numbered)
            self._outbox.said(numbered, stamps | {"stored": self._clock.now_ms()})
