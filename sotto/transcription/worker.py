"""One audio worker on one contact: reads the call's audio, has it recognised, and puts the results into a session."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from sotto.call.agent_presence import AgentPresence
from sotto.call.contact import Contact
from sotto.call.transcript_result import TranscriptResult
from sotto.core.errors import Retryable
from sotto.media.stereo import SAMPLE_RATE_HZ, StereoChunk
from sotto.recognition.recogniser import Session
from sotto.transcription.agent_channel.gate import AgentChannel
from sotto.transcription.agent_channel.missed import AgentMissed, missed_from_ms
from sotto.transcription.audio_position import AudioPosition
from sotto.transcription.contact_filter import ContactFilter
from sotto.transcription.ending import cause_of, withdrawal_in
from sotto.transcription.lease.handover import Handover
from sotto.transcription.lease.lease import LeaseLost
from sotto.transcription.outbox import SinkLanes
from sotto.transcription.ports import KnownByNow, TranscriptionPorts, WorkerAssignment, WorkerOutcome
from sotto.transcription.session import TranscriptSession, open_session

TICK_EVERY_MS = 2_000
"""While nobody speaks: silences are what agents are told about soonest."""
TICK_WHILE_TALKING_MS = 10_000
"""Since the last tick or utterance, which says how far the call is, too."""
LEVEL_EVERY_MS = 500
PAUSE_LOOK_MS = 250
LAST_WORDS_MS = 2_000
"""Connect's times may be whole seconds. What comes later, where audio goes on, is the next contact's."""
MOST_READINGS = 5
"""Each is asked for by another event that came late, of the agent or of a hold."""
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
    for _ in range(MOST_READINGS):
        with suppress(AgentMissed):
            return await _one_reading(contact, order, ports)
    # Where the agent is still missed by then, the stream does not hold it any more.
    return await _one_reading(contact, order, ports, reads_again=False)


async def _one_reading(
    contact: Contact, order: WorkerAssignment, ports: TranscriptionPorts, *, reads_again: bool = True
) -> WorkerOutcome:
    """Raises AgentMissed, where it ``reads_again``."""
    lanes = SinkLanes(ports.sink)
    session = await open_session(contact, order, ports.session, lanes)
    if session is None:
        return WorkerOutcome("refused", order.generation)
    run = _Run(order, ports, session, lanes, reads_again=reads_again)
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
        if not isinstance(error, AgentMissed):
            await session.note_poison()
        # Lambda reports a class and a message, and "unhandled errors in a TaskGroup" would say nothing.
        raise error from group


class _Run:
    def __init__(
        self,
        order: WorkerAssignment,
        ports: TranscriptionPorts,
        session: TranscriptSession,
        lanes: SinkLanes,
        *,
        reads_again: bool,
    ) -> None:
        self._reads_again = reads_again
        self._order = order
        self._ports = ports
        self._session = session
        self._lanes = lanes
        self._clock = ports.session.clock
        self._observer = ports.session.observer
        self._handover = Handover(order, session, self._clock, self._observer)
        self._position: AudioPosition | None = None
        self._ticked_ms, self._next_look_ms = -float(TICK_WHILE_TALKING_MS), 0.0

    def outcome(self, how: str) -> WorkerOutcome:
        utterances = self._session.lease.checkpoint.utterances
        return WorkerOutcome(how, self._order.generation, utterances, self._handover.overlap_ms)

    async def to_the_end(self) -> bool:
        """False when the call needs no worker of this generation."""
        known = await self._known_by_now()
        presence = known.presence if known is not None else AgentPresence(())
        if not await self._handover.begin(presence):
            return False
        self._session.agent_channel = AgentChannel(
            presence,
            self._clock,
            listens=self._ports.listens_to_menus,
            infers=self._ports.infers_holds,
            silenced=self._session.silenced_before,
        )
        async with asyncio.TaskGroup() as tasks:
            sides = (
                self._handover.keep_lease(self._look_at_the_contact),
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
        contact_filter = ContactFilter(self._accept)
        async with (
            self._ports.source.open(contact, self._session.resumed) as audio,
            self._ports.recogniser.open(self._recognition()) as results,
        ):
            position = self._session.position = self._position = AudioPosition(audio, results, contact_filter)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._feed(position))
                    both.create_task(contact_filter.receive(audio, results))
                    both.create_task(contact_filter.confirm(audio))
            finally:
                self._observer.stream_ended(contact, audio)

    def _recognition(self) -> Session:
        contact, offset_ms = self._session.contact, self._session.resumed.from_sample * 1000 / SAMPLE_RATE_HZ
        return Session(
            contact.tenant,
            contact.contact_id,
            contact.language,
            offset_ms=offset_ms,
            words=self._ports.words,
            names=self._ports.names,
        )

    async def _feed(self, position: AudioPosition) -> None:
        channel = self._session.agent_channel
        async for read in position.stream:
            self._observer.chunk_read(self._session.contact, read, position.stream)
            for chunk in channel.admit(read):
                await self._send(chunk, position)
        await self._look_at_the_contact()
        for chunk in channel.rest():
            await self._send(chunk, position)
        await position.recognition.finish()

    async def _send(self, chunk: StereoChunk, position: AudioPosition) -> None:
        channel = self._session.agent_channel
        # Of what waited, nobody knows how long its words took.
        self._session.exact_times = channel.is_level
        await position.recognition.send(chunk)
        position.sent(chunk)
        if not self._session.lease.is_held and chunk.end_ms >= self._next_look_ms:
            self._next_look_ms = chunk.end_ms + LEVEL_EVERY_MS
            await self._handover.take_over_when_level()
        is_guided = self._session.lease.is_held and channel.is_present(chunk.start_ms)
        timed_ms = max(self._ticked_ms, self._session.committed_until_ms)
        if is_guided and chunk.end_ms - timed_ms >= self._tick_every_ms(chunk.end_ms):
            self._ticked_ms = chunk.end_ms
            self._session.tick(position.sent_until_ms)

    async def _accept(self, result: TranscriptResult) -> None:
        for each in self._session.agent_channel.attributed(result):
            await self._session.accept(each)

    def _tick_every_ms(self, call_ms: float) -> int:
        quiet_ms = call_ms - self._session.spoken_until_ms
        return TICK_EVERY_MS if quiet_ms >= TICK_EVERY_MS else TICK_WHILE_TALKING_MS

    async def _notice_pauses(self) -> None:
        while True:
            await self._clock.sleep_ms(PAUSE_LOOK_MS)
            await self._session.close_paused(self._session.sent_until_ms - RESULTS_LAG_MS)

    async def _look_at_the_contact(self) -> None:
        """Whether it is over, and whether the agent is there. Raises AgentMissed."""
        known = await self._known_by_now()
        if known is None:
            return
        channel = self._session.agent_channel
        channel.presence = known.presence
        if self._reads_again and missed_from_ms(channel.silenced, known.presence) is not None:
            await self._session.lease.renew()  # with what was silenced
            raise AgentMissed("the agent was there before anybody knew")
        if known.ended_ms is not None and self._position is not None:
            self._position.stream.contact_ended(known.ended_ms + LAST_WORDS_MS)

    async def _known_by_now(self) -> KnownByNow | None:
        try:
            return await asyncio.to_thread(self._ports.known_by_now, self._session.contact)
        except Retryable:
            return None

    async def _finish(self) -> None:
        if not self._session.lease.is_held:
            await self._handover.take_over()
        await self._session.finish()
        self._session.tick(self._session.sent_until_ms)
        await self._lanes.drained()
        await self._session.lease.release()
