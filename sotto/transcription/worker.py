"""One audio worker on one contact: hears the call, redacts it, settles what was said, and tells the rest of Sotto.

A successor begins without the lease: it hears from the last checkpoint on, keeping what it hears to itself, and takes
the lease only when it is level with the worker before it. From then on every final is stored in one transaction with
a check of the lease, so the worker that was superseded cannot write another word; it notices and stops.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from sotto.call.contact import Contact
from sotto.call.transcript_result import TranscriptResult
from sotto.core.errors import Retryable
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.recogniser import FailoverStream, Session
from sotto.transcription.checkpoint_progress import AudioProgress, CheckpointProgress
from sotto.transcription.checkpointed_redactor import CheckpointedRedactor
from sotto.transcription.committer import TranscriptCommitter
from sotto.transcription.contact_filter import ContactFilter
from sotto.transcription.ending import cause_of
from sotto.transcription.lease.handover import Handover
from sotto.transcription.lease.lease import LeaseLost
from sotto.transcription.lease.lease_holder import LeaseHolder
from sotto.transcription.poison import Poison
from sotto.transcription.ports import AudioStream, CallTime, TranscriptionPorts, WorkerAssignment, WorkerOutcome
from sotto.transcription.sink_lanes import Outbox

TICK_EVERY_MS = 2_000
LEVEL_EVERY_MS = 500
PAUSE_LOOK_MS = 250
RESULTS_LAG_MS = 800
"""A provider's first partial of what was said after a pause may come this long after the audio."""


async def transcribe(contact: Contact, order: WorkerAssignment, ports: TranscriptionPorts) -> WorkerOutcome:
    """Transcribe ``contact`` until its audio ends or another worker takes over.

    Raises RecogniserUnavailable when no provider is left, MediaRefused, MediaUnavailable and StorageUnavailable:
    started again, it carries on from the checkpoint.
    """
    run = _Run(contact, order, ports)
    try:
        how = "finished" if await run.to_the_end() else "not-needed"
    except BaseExceptionGroup as group:
        error = cause_of(group)
        if not isinstance(error, LeaseLost):
            await run.leave_note()
            # Lambda reports a class and a message, and "unhandled errors in a TaskGroup" would say nothing.
            raise error from group
        how = "superseded"
    return run.outcome(how)


class _Run:
    def __init__(self, contact: Contact, order: WorkerAssignment, ports: TranscriptionPorts) -> None:
        self._contact = contact
        self._order = order
        self._ports = ports
        self._clock = ports.clock
        self._outbox = Outbox(ports.listeners)
        self._holding = LeaseHolder(contact, order, ports.leases, ports.clock)
        self._redactor = CheckpointedRedactor(ports.redactor(contact))
        self._attribution = ContactFilter(self._take)
        self._poison = Poison(ports.redaction_alarm(contact.tenant))
        self._saying = TranscriptCommitter(contact, self._holding, self._outbox, self._poison, ports.clock)
        self._heard = AudioProgress()
        self._progress = CheckpointProgress(
            self._redactor,
            self._attribution,
            self._saying,
            self._heard,
            self._poison,
            told=lambda: self._outbox.told,
        )
        self._succession = Handover(order, self._holding, self._saying, self._progress, ports.clock)

    def outcome(self, how: str) -> WorkerOutcome:
        utterances = self._holding.checkpoint.utterances
        return WorkerOutcome(how, self._order.generation, utterances, self._succession.overlap_ms)

    async def leave_note(self) -> None:
        """Of the result that ended this run, if one did: the next run steps over it."""
        if self._poison.is_known:
            with suppress(LeaseLost, Retryable):  # then the next run is cautious, and finds out by itself
                await self._holding.renew(self._poison.noted)

    async def to_the_end(self) -> bool:
        """False when the call needs no worker of this generation."""
        if not await self._succession.begin():
            return False
        await self._work()
        return True

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            sides = (
                self._succession.keep_lease(self._notice_the_end),
                self._succession.hand_over_in_time(),
                self._outbox.deliver(),
                self._notice_pauses(),
            )
            side_tasks = [tasks.create_task(side) for side in sides]
            async with (
                self._ports.ears.listen(self._contact, self._progress.resumed) as hearing,
                self._ports.recogniser.open(self._session()) as stream,
                asyncio.TaskGroup() as both,
            ):
                self._progress.streams = hearing, stream
                both.create_task(self._feed(hearing, stream))
                both.create_task(self._attribution.hear(hearing, stream))
                both.create_task(self._attribution.confirm(hearing))
            await self._finish()
            for task in side_tasks:
                task.cancel()

    def _session(self) -> Session:
        offset_ms = self._progress.resumed.from_sample * 1000 / SAMPLE_RATE_HZ
        return Session(self._contact.tenant, self._contact.contact_id, self._contact.language, offset_ms=offset_ms)

    async def _feed(self, hearing: AudioStream, stream: FailoverStream) -> None:
        next_tick_ms = next_look_ms = 0.0
        async for chunk in hearing:
            await stream.send(chunk)
            self._heard.until_ms, self._heard.fragment = int(chunk.end_ms), chunk.fragment or self._heard.fragment
            if self._holding.lease is None and chunk.end_ms >= next_look_ms:
                next_look_ms = chunk.end_ms + LEVEL_EVERY_MS
                await self._succession.take_over_when_level()
            if self._holding.lease is not None and chunk.end_ms >= next_tick_ms:
                next_tick_ms = chunk.end_ms + TICK_EVERY_MS
                self._tick()
        await stream.finish()

    async def _take(self, result: TranscriptResult) -> None:
        heard = self._poison.harmless(result)
        if heard is not None:
            async with self._poison.in_hand(heard, lambda: self._holding.renew(self._progress.advanced)):
                await self._redact_and_say(heard)

    async def _redact_and_say(self, heard: TranscriptResult) -> None:
        self._heard.spoken_until_ms = max(self._heard.spoken_until_ms, int(heard.end_ms))
        stamps = {"received": self._clock.now_ms()}
        redacted = self._redactor.redact(heard)
        stamps["redacted"] = self._clock.now_ms()
        async with self._saying.in_order:
            if self._holding.lease is not None:
                await self._saying.tell(redacted, stamps, self._progress.advanced)
            else:
                self._saying.keep(redacted, stamps)

    async def _notice_pauses(self) -> None:
        while True:
            await self._clock.sleep_ms(PAUSE_LOOK_MS)
            if self._holding.lease is not None:
                async with self._saying.in_order:
                    await self._saying.tick(self._heard.until_ms - RESULTS_LAG_MS, self._progress.advanced)

    async def _notice_the_end(self) -> None:
        try:
            over = await asyncio.to_thread(self._ports.is_over, self._contact)
        except Retryable:
            return
        if over and self._progress.streams is not None:
            self._progress.streams[0].contact_ended()

    def _tick(self) -> None:
        last_seq = self._holding.checkpoint.utterances
        self._outbox.tick(self._contact, CallTime(self._heard.until_ms, self._heard.spoken_until_ms, last_seq))

    async def _finish(self) -> None:
        if self._holding.lease is None:
            await self._succession.take_over()
        async with self._saying.in_order:
            await self._saying.finish(self._progress.advanced)
        self._tick()
        await self._outbox.drained()
        await self._holding.release(self._progress.advanced)
