"""Text that Contact Lens recognised, or read in a chat, goes the way of all text: through a transcript session.

A call's records come in order, at least once. What is committed already is known by its time, so a repeated record
changes nothing. A chat's may come in any order: its messages are known by their ids. What one turn needs of the turn
before it (what kind of number was begun, an open question about recording) travels with the checkpoint, because another
process may take the next record.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from sotto.call.contact import Channel, Contact
from sotto.call.transcript_result import TranscriptResult
from sotto.consent.gate import RecordingRefused
from sotto.core.errors import Retryable
from sotto.redaction.languages import spoken_in
from sotto.redaction.withheld import STEPPED_OVER, log_failure
from sotto.sources.contact_lens.chat_event import ChatEvent, ChatMessage
from sotto.sources.contact_lens.segment_event import EventType, SegmentEvent, SegmentResult
from sotto.transcription.lease.lease import CONTACT_LENS, Lease, LeaseLost, Takeover
from sotto.transcription.messages.session import MessageSession
from sotto.transcription.outbox import DirectOutbox
from sotto.transcription.ports import SessionPorts, TranscriptSink, WorkerAssignment
from sotto.transcription.session import TranscriptSession, open_session

ORDER = WorkerAssignment(CONTACT_LENS, generation=1)
MOST_CALLS = 1_000
MOST_PIECES = 200
CLOCKS_DIFFER_MS = 60_000


class EarlierRecordFailed(Retryable):
    """A record of this contact must be repeated first, or its words would lie before what is committed."""


class AnotherHasIt(Retryable):
    """Another process took the contact's lease in this moment: the record comes again."""


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
    session: SessionPorts
    sink: TranscriptSink


@dataclass(slots=True)
class _Call:
    session: TranscriptSession
    language: str
    lease: Lease
    pieces: OrderedDict[str, list[SegmentResult]] = field(default_factory=OrderedDict)


class SegmentConsumer:
    """Takes the records of one process, one at a time."""

    def __init__(self, ports: SegmentPorts) -> None:
        self._ports = ports
        self._calls: OrderedDict[tuple[str, str], _Call] = OrderedDict()
        self._failed: set[str] = set()

    def begin_batch(self) -> None:
        """The records of a batch that failed come again, with all that follow them."""
        self._failed.clear()

    async def accept(self, event: SegmentEvent | ChatEvent, *, arrived_at_ms: int) -> None:
        """``arrived_at_ms``: Unix epoch ms at which the stream took the record. Raises Retryable when the record must
        come again."""
        if event.contact_id in self._failed:
            raise EarlierRecordFailed("an earlier record of this contact failed")
        try:
            await self._accept(event, arrived_at_ms)
        except Exception:
            self._failed.add(event.contact_id)
            raise

    async def _accept(self, event: SegmentEvent | ChatEvent, arrived_at_ms: int) -> None:
        tenant = self._ports.tenants.tenant_of(event.instance)
        if tenant is None:
            return
        call = await self._call(tenant, event, arrived_at_ms)
        if call is None:
            return
        session = call.session
        try:
            for result in _results(call, event, arrived_at_ms):
                await self._put(call, result)
        except RecordingRefused as withdrawn:
            # What Contact Lens itself keeps is the instance's affair; of ours nothing more is kept.
            self._ports.session.consent.record(session.contact, withdrawn.spoken)
            return self._forget(session.contact)
        except LeaseLost as lost:
            self._forget(session.contact)
            raise AnotherHasIt(str(lost)) from lost
        except Exception:
            self._forget(session.contact)  # the record comes again, to a session that has not seen it
            raise
        if (passed_ms := _passed_ms(session.contact, event, arrived_at_ms)) is not None:
            session.tick(passed_ms)
        if event.kind in (EventType.COMPLETED, EventType.FAILED):
            await session.lease.release()
            self._forget(session.contact)

    async def _call(self, tenant: str, event: SegmentEvent | ChatEvent, arrived_at_ms: int) -> _Call | None:
        """The call's session, as its lease stands now; None for a call that may not be transcribed here."""
        key = (tenant, event.contact_id)
        call = self._calls.get(key)
        if call is not None and call.language == event.language:
            lease = self._lease(call.session.contact)
            if lease == call.lease:
                self._calls.move_to_end(key)
                return call
        self._calls.pop(key, None)
        call = await self._opened(spoken_in(event.language, self._contact(tenant, event, arrived_at_ms)), event)
        if call is not None:
            self._calls[key] = call
            if len(self._calls) > MOST_CALLS:
                self._calls.popitem(last=False)
        return call

    async def _opened(self, contact: Contact, event: SegmentEvent | ChatEvent) -> _Call | None:
        """A session that goes on where another process, or another language, left off. Of a chat no order of records is
        promised: it takes the lease from the other process, which may be at work on the same contact."""
        kind = MessageSession if contact.is_written else None
        session = await open_session(contact, ORDER, self._ports.session, DirectOutbox(self._ports.sink), kind)
        lease = self._lease(contact) if session is not None else None
        if lease is not None and contact.is_written:
            lease = self._taken(contact)
        if session is None or lease is None:
            return None
        session.lease.adopt(lease)
        session.begin_with(lease.checkpoint)
        await session.resume()
        return _Call(session, event.language, lease)

    def _contact(self, tenant: str, event: SegmentEvent | ChatEvent, arrived_at_ms: int) -> Contact:
        """A contact that no flow announced is recorded here, after the tenant's rule was asked. Its attributes and the
        caller are unknown then. Call time begins with the analysis, or with the first message that is known."""
        known = self._ports.contacts.contact(tenant, event.contact_id)
        if known is not None:
            return known
        contact = Contact(
            tenant, event.contact_id, event.instance, "", _began_ms(event, arrived_at_ms), language=event.language
        )
        if isinstance(event, ChatEvent):
            contact = replace(contact, channel=Channel.CHAT)
        self._ports.consent.refusal(contact, caller=None)
        self._ports.contacts.record(contact)
        return contact

    def _lease(self, contact: Contact) -> Lease | None:
        """Ours, or None when an audio worker transcribes this contact: one source of text is enough."""
        held = self._ports.session.leases.current(contact.tenant, contact.contact_id)
        if held is not None:
            return held if held.owner == CONTACT_LENS and not held.is_released else None
        return self._taken(contact)

    def _taken(self, contact: Contact) -> Lease | None:
        now_ms = self._ports.session.clock.now_ms()
        wanted = Takeover(ORDER.worker, ORDER.generation)
        return self._ports.session.leases.take(contact.tenant, contact.contact_id, wanted, now_ms=now_ms)

    async def _put(self, call: _Call, result: TranscriptResult) -> None:
        """A record that fails comes again, and would fail again: its text is withheld instead. Nothing is stored before
        its utterance is made, so there is nothing to undo."""
        try:
            await call.session.accept(result)
        except (RecordingRefused, Retryable, LeaseLost):
            raise
        except Exception as error:
            log_failure(STEPPED_OVER, error)
            if result.is_final:
                await call.session.accept(result)  # which the session steps over now, withholding it
            else:
                self._ports.session.redaction_alarm(call.session.contact.tenant)(STEPPED_OVER)
        call.lease = call.session.lease.stored

    def _forget(self, contact: Contact) -> None:
        self._calls.pop((contact.tenant, contact.contact_id), None)


def _results(call: _Call, event: SegmentEvent | ChatEvent, arrived_at_ms: int) -> Iterator[TranscriptResult]:
    if isinstance(event, ChatEvent):
        contact = call.session.contact
        yield from (_message(contact, each, arrived_at_ms) for each in event.messages)
    else:
        yield from (_result(call, each) for each in event.results)


def _message(contact: Contact, message: ChatMessage, arrived_at_ms: int) -> TranscriptResult:
    """A message without a time, or from the future, is as old as its record; one from before the contact, its first."""
    at_ms = arrived_at_ms if message.at_ms is None else min(message.at_ms, arrived_at_ms + CLOCKS_DIFFER_MS)
    start_ms = max(0.0, at_ms - contact.media_started_at_ms)
    end_ms = start_ms + 1
    return TranscriptResult(message.speaker, message.id, start_ms, end_ms, message.text, (), True, 1.0, True)


def _began_ms(event: SegmentEvent | ChatEvent, arrived_at_ms: int) -> int:
    if isinstance(event, ChatEvent):
        return int(min((each.at_ms for each in event.messages if each.at_ms is not None), default=arrived_at_ms))
    return arrived_at_ms - max((segment.end_ms for segment in event.results), default=0)


def _passed_ms(contact: Contact, event: SegmentEvent | ChatEvent, arrived_at_ms: int) -> int | None:
    """How far the contact is; None where the event does not say."""
    if isinstance(event, ChatEvent):
        return max(0, arrived_at_ms - contact.media_started_at_ms)
    return max((segment.end_ms for segment in event.results), default=None)


def _result(call: _Call, segment: SegmentResult) -> TranscriptResult:
    """An interim is all pieces of its turn so far."""
    pieces = call.pieces.setdefault(segment.turn, [])
    if segment.is_final:
        del call.pieces[segment.turn]
        pieces = [segment]
    elif segment not in pieces:
        pieces.append(segment)
    while len(call.pieces) > MOST_PIECES:
        call.pieces.popitem(last=False)
    return TranscriptResult(
        speaker=segment.speaker,
        result_id=segment.turn,
        start_ms=pieces[0].start_ms,
        end_ms=max(piece.end_ms for piece in pieces),
        text=" ".join(piece.text for piece in pieces),
        is_final=segment.is_final,
        stability=1.0,
        ends_speech=segment.is_final,
    )
