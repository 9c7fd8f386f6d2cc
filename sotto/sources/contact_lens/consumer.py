"""Text that Contact Lens recognised goes the way of all text: redacted, joined, settled, shown, guided on.

Records of a contact come in order, at least once. What is settled already is known by its time, so a repeated record
changes nothing. What one turn needs of the turn before it (what kind of number was begun, an open question about
recording) travels with the checkpoint, because another process may hear the next record.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from sotto.call.contact import Contact
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.consent.at_start import ConsentLog
from sotto.consent.gate import ConsentGate, ConsentWithdrawn, SpokenDecision, is_final_refusal, standing
from sotto.consent.rules import record_of
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.recognition.dedupe_replay import dedupe_redacted
from sotto.redaction.languages import spoken_in
from sotto.redaction.redactor import Redacted, Redactor
from sotto.redaction.withheld import MASK, STEPPED_OVER, Alarm, log_failure, no_alarm
from sotto.sources.contact_lens.segment_event import EventType, SegmentEvent, SegmentResult
from sotto.tenants.consent_rule import ConsentRule
from sotto.transcription.consented import StoredText
from sotto.transcription.lease.lease import CONTACT_LENS, Lease, Leases, Takeover
from sotto.transcription.ports import CallTime, TranscriptSink
from sotto.transcription.segmentation.segmenter import CommittedSoFar, UtteranceSegmenter

GENERATION = 1
MOST_CALLS = 1_000
MOST_PIECES = 200


class EarlierRecordFailed(Retryable):
    """A record of this contact must be repeated first, or its words would lie before what is settled."""


class Tenants(Protocol):
    def tenant_of(self, instance_arn: str) -> str | None: ...


class ContactStore(Protocol):
    def contact(self, tenant: str, contact_id: str) -> Contact | None: ...

    def record(self, contact: Contact) -> bool: ...


class ConsentRules(Protocol):
    def refusal(self, contact: Contact, *, caller: str | None) -> str | None: ...


@dataclass(frozen=True, slots=True)
class SegmentPorts:
    tenants: Tenants
    contacts: ContactStore
    consent: ConsentRules
    consent_rule: Callable[[str], ConsentRule]
    consent_log: ConsentLog
    kept: StoredText
    redactor: Callable[[Contact], Redactor]
    leases: Leases
    listeners: TranscriptSink
    clock: Clock
    transcript_completed: Callable[[Contact], None] = lambda contact: None
    """Told when a call was heard to its end; may block, and must not raise."""
    redaction_alarm: Callable[[str], Alarm] = lambda tenant: no_alarm
    """Of a tenant; told when a text is withheld because its handling failed."""


@dataclass(slots=True)
class _Call:
    contact: Contact
    redactor: ConsentGate
    language: str
    pieces: OrderedDict[str, list[SegmentResult]] = field(default_factory=OrderedDict)


class SegmentConsumer:
    """Hears the calls of one process. Raises Retryable when a record must come again."""

    def __init__(self, ports: SegmentPorts) -> None:
        self._ports = ports
        self._calls: OrderedDict[tuple[str, str], _Call] = OrderedDict()
        self._failed: set[str] = set()

    def begin_batch(self) -> None:
        """The records of a batch that failed come again, with all that follow them."""
        self._failed.clear()

    def hear(self, event: SegmentEvent, *, arrived_at_ms: int) -> None:
        """``arrived_at_ms``: Unix epoch ms at which the stream took the record."""
        if event.contact_id in self._failed:
            raise EarlierRecordFailed("an earlier record of this contact failed")
        try:
            self._hear(event, arrived_at_ms)
        except Exception:
            self._failed.add(event.contact_id)
            raise

    def _hear(self, event: SegmentEvent, arrived_at_ms: int) -> None:
        tenant = self._ports.tenants.tenant_of(event.instance)
        if tenant is None:
            return
        self._forget_other_language(tenant, event)
        is_new = (tenant, event.contact_id) not in self._calls
        call = self._call(tenant, event, arrived_at_ms)
        lease = self._lease(call.contact) if call else None
        if call is None or lease is None:
            return
        if is_new:
            self._carry_on(call, lease)
        try:
            for said in event.said:
                lease = self._say(call, said, lease)
        except ConsentWithdrawn as withdrawn:
            return self._stop(call.contact, withdrawn.spoken)
        if event.said:
            self._tick(call.contact, event, lease)
        if event.kind in (EventType.COMPLETED, EventType.FAILED):
            self._ports.leases.release(lease)
            self._ports.transcript_completed(call.contact)
            self._forget(call.contact)

    def _call(self, tenant: str, event: SegmentEvent, arrived_at_ms: int) -> _Call | None:
        """None for a call that may not be listened to."""
        key = (tenant, event.contact_id)
        if key not in self._calls:
            contact = spoken_in(event.language, self._contact(tenant, event, arrived_at_ms))
            rule = self._ports.consent_rule(tenant)
            decision, allowed_from_ms = standing(self._ports.consent_log.latest(*key), rule)
            if is_final_refusal(decision):
                return None
            redactor = ConsentGate(
                self._ports.redactor(contact),
                rule,
                decision,
                allowed_from_ms=allowed_from_ms,
                on_consent=lambda spoken: self._record(contact, spoken),
                alarm=self._ports.redaction_alarm(tenant),
            )
            self._calls[key] = _Call(contact, redactor, event.language)
            if len(self._calls) > MOST_CALLS:
                self._calls.popitem(last=False)
        self._calls.move_to_end(key)
        return self._calls[key]

    def _contact(self, tenant: str, event: SegmentEvent, arrived_at_ms: int) -> Contact:
        """A call that no contact flow announced is recorded here, after the tenant's rule was asked. Its attributes and
        the caller are unknown then. Call time begins with the analysis."""
        known = self._ports.contacts.contact(tenant, event.contact_id)
        if known is not None:
            return known
        began_ms = arrived_at_ms - max((said.end_ms for said in event.said), default=0)
        contact = Contact(tenant, event.contact_id, event.instance, "", began_ms, language=event.language)
        self._ports.consent.refusal(contact, caller=None)
        self._ports.contacts.record(contact)
        return contact

    def _carry_on(self, call: _Call, lease: Lease) -> None:
        """Where another process stopped, perhaps before it had told what it stored."""
        if lease.checkpoint.expected:
            call.redactor.remember(lease.checkpoint.expected)
        for utterance in self._ports.leases.settled_after(lease, lease.checkpoint.told):
            self._tell(utterance, {})

    def _lease(self, contact: Contact) -> Lease | None:
        """Ours, or None when an audio worker hears this contact: one source of text is enough."""
        held = self._ports.leases.current(contact.tenant, contact.contact_id)
        if held is not None:
            return held if held.owner == CONTACT_LENS and not held.is_released else None
        wanted = Takeover(CONTACT_LENS, GENERATION)
        return self._ports.leases.take(contact.tenant, contact.contact_id, wanted, now_ms=self._ports.clock.now_ms())

    def _say(self, call: _Call, said: SegmentResult, lease: Lease) -> Lease:
        stamps = {"received": self._ports.clock.now_ms()}
        views = self._views_or_mask(call, said, lease)
        stamps["redacted"] = self._ports.clock.now_ms()
        for utterance in views:
            if utterance.is_final:
                lease = self._settle(utterance, lease, call.redactor.memory())
                self._tell(utterance, stamps | {"stored": self._ports.clock.now_ms()})
            else:
                self._ports.listeners.publish(utterance)
        return lease

    def _views_or_mask(self, call: _Call, said: SegmentResult, lease: Lease) -> list[Utterance]:
        """A record that fails comes again, and would fail again: its text is withheld instead. Nothing is stored before
        its views are made, so there is nothing to undo."""
        try:
            return self._views(call, said, lease)
        except (ConsentWithdrawn, Retryable):
            raise
        except Exception as error:
            log_failure(STEPPED_OVER, error)
            self._ports.redaction_alarm(call.contact.tenant)(STEPPED_OVER)
            return self._views(call, replace(said, text=MASK), lease) if said.is_final else []

    def _views(self, call: _Call, said: SegmentResult, lease: Lease) -> list[Utterance]:
        redacted = self._redacted(call, said)
        fresh = dedupe_redacted(redacted, lease.checkpoint.settled_ms.get(said.speaker, 0))
        if fresh is None:
            return []
        so_far = CommittedSoFar(lease.checkpoint.utterances, lease.checkpoint.settled_ms)
        return UtteranceSegmenter(call.contact.tenant, call.contact.contact_id, resume=so_far).heard(fresh)

    def _redacted(self, call: _Call, said: SegmentResult) -> Redacted:
        """A partial is all pieces of its turn so far."""
        pieces = call.pieces.setdefault(said.turn, [])
        if said.is_final:
            del call.pieces[said.turn]
            pieces = [said]
        elif said not in pieces:
            pieces.append(said)
        while len(call.pieces) > MOST_PIECES:
            call.pieces.popitem(last=False)
        return call.redactor.redact(
            TranscriptResult(
                speaker=said.speaker,
                result_id=said.turn,
                start_ms=pieces[0].start_ms,
                end_ms=max(piece.end_ms for piece in pieces),
                text=" ".join(piece.text for piece in pieces),
                is_final=said.is_final,
                stability=1.0,
                ends_speech=said.is_final,
            )
        )

    def _settle(self, utterance: Utterance, lease: Lease, memory: str) -> Lease:
        before = lease.checkpoint
        settled = {**before.settled_ms, utterance.speaker: utterance.end_ms}
        after = replace(
            before,
            settled_ms=settled,
            utterances=utterance.seq,
            told=before.utterances,
            heard_ms=utterance.end_ms,
            expected=memory,
        )
        return self._ports.leases.settle(lease, utterance, after)

    def _tell(self, utterance: Utterance, stamps: dict[str, float]) -> None:
        self._ports.listeners.ask_guidance(utterance, stamps)
        self._ports.listeners.publish(utterance)

    def _tick(self, contact: Contact, event: SegmentEvent, lease: Lease) -> None:
        call_ms = max(said.end_ms for said in event.said)
        self._ports.listeners.tick(contact, CallTime(call_ms, call_ms, lease.checkpoint.utterances))

    def _stop(self, contact: Contact, spoken: SpokenDecision) -> None:
        """What Contact Lens itself keeps is the instance's affair; of ours nothing more is kept."""
        self._record(contact, spoken)
        if spoken.decision.drop_kept:
            self._ports.kept.drop(contact.tenant, contact.contact_id)
        self._forget(contact)

    def _record(self, contact: Contact, spoken: SpokenDecision) -> None:
        self._ports.consent_log.record(
            record_of(
                spoken.decision,
                tenant=contact.tenant,
                contact_id=contact.contact_id,
                decided_at_ms=int(self._ports.clock.now_ms()),
                speaker=spoken.speaker,
                call_time_ms=spoken.call_ms,
            )
        )

    def _forget_other_language(self, tenant: str, event: SegmentEvent) -> None:
        """Then the call begins anew, with that language's redaction and with what the lease remembers."""
        known = self._calls.get((tenant, event.contact_id))
        if known is not None and known.language != event.language:
            self._forget(known.contact)

    def _forget(self, contact: Contact) -> None:
        self._calls.pop((contact.tenant, contact.contact_id), None)
