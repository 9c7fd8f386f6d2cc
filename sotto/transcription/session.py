"""One contact's transcript: what every source of results goes through.

    accept(result) = consent -> redaction -> segmentation -> commit -> outbox

A successor begins without the lease: it redacts what its recogniser gives and holds it back, and takes the lease only
when it is level with the worker before it. From then on every utterance is committed in one transaction with a check of
the lease, so a worker that was superseded cannot write another word.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import replace

from sotto.call.agent_presence import AgentPresence, Span
from sotto.call.contact import Contact, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.consent.gate import ConsentGate, RecordingRefused, SpokenDecision
from sotto.core.errors import Retryable
from sotto.media.stereo import CHUNK_MS, CHUNK_SAMPLES, SAMPLE_RATE_HZ
from sotto.media.timeline import Resumption
from sotto.recognition.dedupe_replay import dedupe_redacted
from sotto.redaction.redactor import Redacted
from sotto.transcription.agent_channel.gate import AgentChannel
from sotto.transcription.agent_channel.missed import silenced_before
from sotto.transcription.checkpointed_redactor import CheckpointedRedactor, RemembersPlaces
from sotto.transcription.lease.carry_over import carried_over
from sotto.transcription.lease.lease import Checkpoint, LeaseLost
from sotto.transcription.lease.lease_holder import LeaseHolder
from sotto.transcription.poison import Poison
from sotto.transcription.ports import CallTime, Outbox, ReadPosition, SessionPorts, Stamps, WorkerAssignment
from sotto.transcription.segmentation.interim_pace import InterimPace
from sotto.transcription.segmentation.interim_throttle import InterimThrottle
from sotto.transcription.segmentation.segmenter import CommittedSoFar, Segmenter, UtteranceSegmenter

CONTEXT_MS = 15_000
"""A successor reads this much of what is committed already: a recogniser knows words better by those before them."""


async def open_session(
    contact: Contact,
    order: WorkerAssignment,
    ports: SessionPorts,
    outbox: Outbox,
    kind: type[TranscriptSession] | None = None,
) -> TranscriptSession | None:
    """None when somebody has refused. Raises Retryable."""
    alarm = ports.redaction_alarm(contact.tenant)
    gate = await asyncio.to_thread(lambda: ports.consent.gate(contact, ports.redactor(contact), alarm))
    return (kind or TranscriptSession)(contact, order, gate, ports, outbox) if gate is not None else None


class TranscriptSession:
    """``position`` says where in the audio a source is that reads some; None for sources of text alone.
    ``agent_channel`` says when the agent is there; always, for sources of text alone. ``exact_times``: whether call
    time began at ``contact.media_started_at_ms`` to the millisecond."""

    def __init__(
        self, contact: Contact, order: WorkerAssignment, gate: ConsentGate, ports: SessionPorts, outbox: Outbox
    ) -> None:
        self.contact = contact
        self.lease = LeaseHolder(contact, order, ports.leases, ports.clock, self._advanced)
        self.position: ReadPosition | None = None
        self.resumed = Resumption()
        self.exact_times = False
        self.agent_channel = AgentChannel(AgentPresence(), ports.clock)
        self.silenced_before: tuple[Span, ...] = ()
        self._ports = ports
        self._clock = ports.clock
        self._outbox = outbox
        self._gate = gate
        self._redactor: RemembersPlaces = self._new_redactor(gate)
        self._poison = Poison(ports.redaction_alarm(contact.tenant))
        self._cards = ports.card_watch(contact, order.generation > 1)
        self._segmenter: Segmenter = self._new_segmenter()
        self._pace = InterimPace()
        self._throttle = InterimThrottle()
        self._in_order = asyncio.Lock()
        self._uncommitted: deque[Utterance] = deque()
        self._held_back: list[tuple[Redacted, Stamps]] = []
        self._spoken_until_ms = 0
        self.committed_until_ms = 0
        """The end of the latest utterance that this session has committed (call time)."""

    async def carried_over(self) -> Checkpoint:
        """What the contact before in the conversation leaves to this one. Raises Retryable."""
        return await carried_over(self.contact, self._ports.leases, self._clock)

    def begin_with(self, checkpoint: Checkpoint, *, after_a_death: bool = False) -> None:
        """Go on from a predecessor's checkpoint. ``after_a_death``: it is of a run of the same generation."""
        self.resumed = checkpoint.resumption
        self.silenced_before = silenced_before(checkpoint)
        self._redactor.begin_with(checkpoint.redactor_memory)
        self._poison.begin_with(checkpoint, after_a_death=after_a_death)

    async def accept(self, result: TranscriptResult) -> None:
        """Take an interim or a final. Raises RecordingRefused on the final that refuses, LeaseLost and Retryable."""
        harmless = self._poison.harmless(result)
        if harmless is not None:
            async with self._poison.in_hand(harmless, self.lease.renew):
                await self._accept(harmless)

    async def _accept(self, result: TranscriptResult) -> None:
        self._spoken_until_ms = max(self._spoken_until_ms, int(result.end_ms))
        stamps = {"received": self._clock.now_ms()}
        redacted = self._redact(result)
        stamps["redacted"] = self._clock.now_ms()
        while (decision := self._gate.next_decision()) is not None:
            await self._record(decision)
        async with self._in_order:
            if self.lease.is_held:
                await self._segment(redacted, stamps)
            else:
                self._hold_back(redacted, stamps)

    def _redact(self, result: TranscriptResult) -> Redacted:
        """Raises RecordingRefused on the final that refuses."""
        try:
            redacted = self._redactor.redact(result)
        except RecordingRefused:
            self._cards.refused()
            raise
        if result.is_final and self.lease.is_held:  # before it has the lease, another worker watches
            self._cards.final(redacted.expected, {span.kind for span in redacted.spans}, result.end_ms)
        return redacted

    async def _record(self, decision: SpokenDecision) -> None:
        await asyncio.to_thread(self._ports.consent.record, self.contact, decision)

    def _hold_back(self, redacted: Redacted, stamps: Stamps) -> None:
        """Every final, and of interims the newest of each speaker: it says where open speech began."""
        speaker = redacted.result.speaker
        self._held_back = [
            one for one in self._held_back if one[0].result.is_final or one[0].result.speaker is not speaker
        ]
        self._held_back.append((redacted, stamps))

    async def _segment(self, redacted: Redacted, stamps: Stamps) -> None:
        fresh = self._fresh(redacted)
        if fresh is None:
            return
        views = self._segmenter.accept(fresh)
        await self._commit([view for view in views if view.is_final], stamps)
        for view in views:
            if not view.is_final:
                if self._pace.is_due(view):
                    self._outbox.interim(view)
                if view.speaker is not Speaker.SYSTEM and self._throttle.adds_enough(view):
                    self._outbox.ask_early(view, self._since_spoken(view, stamps))

    def _fresh(self, redacted: Redacted) -> Redacted | None:
        """The part that is not committed yet, by its time."""
        return dedupe_redacted(redacted, self.lease.checkpoint.committed_ms.get(redacted.result.speaker, 0))

    async def close_paused(self, call_ms: float) -> None:
        """Commit what a provider has finished without saying that the speaker paused."""
        if self.lease.is_held:
            async with self._in_order:
                await self._commit(self._segmenter.close_paused(call_ms), {"received": self._clock.now_ms()})

    async def finish(self) -> None:
        """The call has ended: commit what is still open."""
        async with self._in_order:
            await self._commit(self._segmenter.finish(), {"received": self._clock.now_ms()})

    async def _commit(self, closed: list[Utterance], stamps: Stamps) -> None:
        self._uncommitted.extend(closed)
        while self._uncommitted:
            # Its own start may leave the checkpoint, because both are stored at once; those behind it may not.
            numbered = await self.lease.commit(self._uncommitted.popleft())
            self._committed(numbered)
            self._pace.forget(numbered)
            self._throttle.forget(numbered)
            self.committed_until_ms = max(self.committed_until_ms, numbered.end_ms)
            timed = self._since_spoken(numbered, stamps)
            recognised_in_ms = max(0.0, stamps["received"] - timed["spoken"]) if "spoken" in timed else None
            self._ports.observer.committed(numbered, recognised_in_ms=recognised_in_ms)
            self._outbox.committed(numbered, timed | {"stored": self._clock.now_ms()})

    def _committed(self, numbered: Utterance) -> None:
        """For sessions that remember what they have committed."""

    def _since_spoken(self, utterance: Utterance, stamps: Stamps) -> Stamps:
        if not self.exact_times:
            return stamps
        return stamps | {"spoken": float(self.contact.media_started_at_ms + utterance.end_ms)}

    def tick(self, call_ms: int) -> None:
        """Say how far the call is."""
        self._cards.passed(call_ms)
        last_seq = self.lease.checkpoint.utterances
        # Silence counts from when the agent came, or came back: on hold nobody is to blame for it.
        spoken_until_ms = max(self._spoken_until_ms, int(self.agent_channel.back_since_ms(call_ms)))
        self._outbox.tick(self.contact, CallTime(call_ms, spoken_until_ms, last_seq))

    async def resume(self) -> None:
        """The lease is ours: number on from its checkpoint, and publish what may not have been published."""
        self._segmenter = await self._resumed_segmenter()
        self._outbox.resume(self.lease.checkpoint.published_seq)
        for utterance in await self.lease.unpublished():
            self._outbox.committed(utterance, {})

    def _new_redactor(self, gate: ConsentGate) -> RemembersPlaces:
        return CheckpointedRedactor(gate)

    def _new_segmenter(self) -> Segmenter:
        return UtteranceSegmenter(self.contact.tenant, self.contact.contact_id)

    async def _resumed_segmenter(self) -> Segmenter:
        so_far = self.lease.checkpoint
        resume = CommittedSoFar(so_far.utterances, so_far.committed_ms)
        return UtteranceSegmenter(self.contact.tenant, self.contact.contact_id, resume=resume)

    async def take_over(self) -> int:
        """Take the lease from the worker before; how many ms of audio both have read. Raises LeaseLost."""
        async with self._in_order:
            overlap_ms = self.overlap_ms
            await self.lease.take(fragment=self.position.fragment if self.position else "", overlap_ms=overlap_ms)
            self._poison.learn(self.lease.checkpoint)
            await self.resume()
            while self._held_back:
                await self._release_held_back(*self._held_back[0])
                del self._held_back[0]
        return overlap_ms

    async def _release_held_back(self, held_back: Redacted, stamps: Stamps) -> None:
        redacted = self._poison.harmless_redacted(held_back)
        if redacted is not None:
            async with self._poison.in_hand(redacted.result, self.lease.renew):
                await self._segment(redacted, stamps)

    async def note_poison(self) -> None:
        """Leave word of the result that ended this run, if one did: the next run steps over it."""
        if self._poison.is_known:
            with suppress(LeaseLost, Retryable):  # then the next run is cautious, and finds out by itself
                await self.lease.renew()

    @property
    def spoken_until_ms(self) -> int:
        """The end of the latest speech known, interims included (call time)."""
        return self._spoken_until_ms

    @property
    def sent_until_ms(self) -> int:
        """Call time up to which audio went to the recogniser, or text came where there is no audio."""
        return self.position.sent_until_ms if self.position else self._spoken_until_ms

    @property
    def overlap_ms(self) -> int:
        """How much this session has read since the place where it began."""
        return self.sent_until_ms - self.resumed.from_sample * 1000 // SAMPLE_RATE_HZ

    def _advanced(self, before: Checkpoint) -> Checkpoint:
        """The checkpoint as it is now, made of the one stored last."""
        noted = self._poison.noted(before)
        published_seq = max(before.published_seq, self._outbox.published_seq)
        now = replace(
            noted,
            published_seq=published_seq,
            received_ms=max(before.received_ms, self.sent_until_ms),
            silenced=self.agent_channel.silenced,
        )
        if self.position is None:
            return replace(now, redactor_memory=self._redactor.latest_memory())
        resumption = self._resumption(self.position)
        return replace(
            now,
            resumption=resumption,
            redactor_memory=self._redactor.memory_at(resumption.from_sample * 1000 / SAMPLE_RATE_HZ),
            fragment=self.position.fragment or before.fragment,
        )

    def _resumption(self, position: ReadPosition) -> Resumption:
        waiting = [one.result.start_ms for one, _ in self._held_back]
        waiting += [utterance.start_ms for utterance in self._uncommitted]
        needed_ms = self._segmenter.uncommitted_from_ms(min([position.needed_from_ms, *waiting]))
        sample = max(0, int(needed_ms - CONTEXT_MS)) // CHUNK_MS * CHUNK_SAMPLES
        return position.resumption_at(sample) if sample > self.resumed.from_sample else self.resumed
