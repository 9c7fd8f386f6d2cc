"""One audio worker on one contact: reads the call's audio, has it recognised, and puts the results into a session."""

from __future__ import annotations

import asyncio

from sotto.call.contact import Contact
from sotto.core.errors import Retryable
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.recogniser import Session
from sotto.transcription.audio_position import AudioPosition
from sotto.transcription.contact_filter import ContactFilter
from sotto.transcription.ending import cause_of, withdrawal_in
from sotto.transcription.lease.handover import Handover
from sotto.transcription.lease.lease import LeaseLost
from sotto.transcription.outbox import SinkLanes
from sotto.transcription.ports import TranscriptionPorts, WorkerAssignment, WorkerOutcome
from sotto.transcription.session import TranscriptSession, open_session

TICK_EVERY_MS = 2_000
"""While nobody speaks: silences are what agents are told about soonest."""
TICK_WHILE_TALKING_MS = 6_000
"""Since the last tick or utterance, which says how far the call is, too."""
LEVEL_EVERY_MS = 500
PAUSE_LOOK_MS = 250
LAST_WORDS_MS = 2_000
"""Connect's times may be whole seconds. What comes later, where audio goes on, is the next contact's."""
RESULTS_LAG_MS = 800
"""A provider's first interim of what was said after a pause may come this long after the audio."""


async def transcribe(contact: Contact, order: WorkerAssignment, ports: TranscriptionPorts) -> WorkerOutcome:
    """Transcribe ``contact`` until its audio ends, another worker takes over, or somebody refuses.

    Raises RecogniserUnavailable when no provider is left, MediaRefused, MediaUnavailable and StorageUnavailable:
    started again, it carries on from the checkpoint.
    """
    observer = ports.session.observer
    observer.began(contact)
    outcome = await _outcome(contact, order, ports)
    observer.ended(contact, outcome)
    return outcome


async def _outcome(contact: Contact, order: WorkerAssignment, ports: TranscriptionPorts) -> WorkerOutcome:
    if contact.language not in ports.recogniser.languages:
        ports.not_recognised(contact)
        return WorkerOutcome("language-not-recognised", order.generation)
    lanes = SinkLanes(ports.sink)
    session = await open_session(contact, order, ports.session, lanes)
    if session is None:
        return WorkerOutcome("refused", order.generation)
    run = _Run(order, ports, session, lanes)
    try:
        return run.outcome("finished" if await run.to_the_end() else "not-needed")
    except BaseExceptionGroup as group:
        error = cause_of(group)
        withdrawn = withdrawal_in(group) if isinstance(error, Exception) else None
        if withdrawn is not None:
            await asyncio.to_thread(ports.session.consent.record, session.contact, withdrawn.spoken)
            return WorkerOutcome("refused", order.generation)
        if isinstance(error, LeaseLost):
            return run.outcome("superseded")
        await session.note_poison()
        # Lambda reports a class and a message, and "unhandled errors in a TaskGroup" would say nothing.
        raise error from group


class _Run:
    def __init__(
        self, order: WorkerAssignment, ports: TranscriptionPorts, session: TranscriptSession, lanes: SinkLanes
    ) -> None:
        self._order = order
        self._ports = ports
        self._session = session
        self._lanes = lanes
        self._clock = ports.session.clock
        self._observer = ports.session.observer
        self._handover = Handover(order, session, self._clock, self._observer)

    def outcome(self, how: str) -> WorkerOutcome:
        utterances = self._session.lease.checkpoint.utterances
        return WorkerOutcome(how, self._order.generation, utterances, self._handover.overlap_ms)

    async def to_the_end(self) -> bool:
        """False when the call needs no worker of this generation."""
        self._session.exact_times = True
        if not await self._handover.begin():
            return False
        async with asyncio.TaskGroup() as tasks:
            sides = (
                self._handover.keep_lease(self._notice_the_end),
                self._handover.hand_over_in_time(),
                self._lanes.deliver(),
                self._notice_pauses(),
            )
            side_tasks = [tasks.create_task(side) for side in sides]
            await self._transcribe()
            await self._finish()
            for task in side_tasks:
                task.cancel()
        return True

    async def _transcribe(self) -> None:
        contact = self._session.contact
        contact_filter = ContactFilter(self._session.accept)
        async with (
            self._ports.source.open(contact, self._session.resumed) as audio,
            self._ports.recogniser.open(self._recognition()) as results,
        ):
            position = self._session.position = AudioPosition(audio, results, contact_filter)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._feed(position))
                    both.create_task(contact_filter.receive(audio, results))
                    both.create_task(contact_filter.confirm(audio))
            finally:
                self._observer.stream_ended(contact, audio)

    def _recognition(self) -> Session:
        contact, offset_ms = self._session.contact, self._session.resumed.from_sample * 1000 / SAMPLE_RATE_HZ
        return Session(contact.tenant, contact.contact_id, contact.language, offset_ms=offset_ms)

    async def _feed(self, position: AudioPosition) -> None:
        ticked_ms, next_look_ms = -float(TICK_WHILE_TALKING_MS), 0.0
        async for chunk in position.stream:
            await position.recognition.send(chunk)
            position.sent(chunk)
            self._observer.chunk_read(self._session.contact, chunk, position.stream)
            if not self._session.lease.is_held and chunk.end_ms >= next_look_ms:
                next_look_ms = chunk.end_ms + LEVEL_EVERY_MS
                await self._handover.take_over_when_level()
            timed_ms = max(ticked_ms, self._session.committed_until_ms)
            if self._session.lease.is_held and chunk.end_ms - timed_ms >= self._tick_every_ms(chunk.end_ms):
                ticked_ms = chunk.end_ms
                self._session.tick(position.sent_until_ms)
        await position.recognition.finish()

    def _tick_every_ms(self, call_ms: float) -> int:
        quiet_ms = call_ms - self._session.spoken_until_ms
        return TICK_EVERY_MS if quiet_ms >= TICK_EVERY_MS else TICK_WHILE_TALKING_MS

    async def _notice_pauses(self) -> None:
        while True:
            await self._clock.sleep_ms(PAUSE_LOOK_MS)
            await self._session.close_paused(self._session.sent_until_ms - RESULTS_LAG_MS)

    async def _notice_the_end(self) -> None:
        try:
            ended_ms = await asyncio.to_thread(self._ports.ended_ms, self._session.contact)
        except Retryable:
            return
        if ended_ms is not None and self._session.position is not None:
            self._session.position.stream.contact_ended(ended_ms + LAST_WORDS_MS)

    async def _finish(self) -> None:
        if not self._session.lease.is_held:
            await self._handover.take_over()
        await self._session.finish()
        self._session.tick(self._session.sent_until_ms)
        await self._lanes.drained()
        await self._session.lease.release()
