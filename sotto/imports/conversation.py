"""One conversation of the past is recorded, transcribed, guided on and settled; then the ordinary work after a
conversation finds it by its events.

What is done is there: a run that dies anywhere is repeated, and does only what is missing. The contact is recorded as
one that is over, so that no panel and no list of live calls ever has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain
from typing import Protocol

from sotto.call.contact import Channel, Contact, ContactStatus, HoldChange
from sotto.call.events import ConversationEnded, Event
from sotto.consent.gate import RecordingRefused
from sotto.contacts.directory import Directory
from sotto.contacts.languages import ContactLanguages
from sotto.contacts.named_agent import named_agent
from sotto.contacts.start import Teams
from sotto.contacts.teams import placed
from sotto.imports.audio.audio_file import AudioDecoder, AudioFile
from sotto.imports.guide import GuidePorts, guide
from sotto.imports.item import ImportItem, ItemMistaken, Reason, Recorded, contact_id_of
from sotto.imports.run import ItemState
from sotto.imports.source import ImportSource, Objects
from sotto.imports.transcribe import TranscribePorts, Transcript, open_transcript, read_recording, read_text

METHOD = "IMPORT"
"""How such a contact was initiated, where Connect says INBOUND."""
NOT_RECOGNISED = "transcript"
"""Of what is unavailable in a contact's language (sotto.contacts.languages)."""


class ContactRegister(Protocol):
    def contact(self, tenant: str, contact_id: str) -> Contact | None: ...

    def record(self, contact: Contact) -> bool: ...

    def replace(self, contact: Contact, *, expected_version: int, events: Sequence[Event]) -> None:
        """Raises ContactChanged."""
        ...


class ConsentRules(Protocol):
    def refusal(self, contact: Contact, *, caller: str | None) -> str | None: ...


class Identities(Protocol):
    def note(self, contact: Contact, customer: str | None) -> None:
        """By what the conversation's customer is known, so that it is found when they ask for erasure. Raises
        Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class ConversationPorts:
    contacts: ContactRegister
    consent: ConsentRules
    identities: Identities
    directory: Directory
    teams: Teams
    languages: ContactLanguages
    objects: Objects
    decoder: AudioDecoder
    transcribe: TranscribePorts
    guide: GuidePorts


@dataclass(frozen=True, slots=True)
class Imported:
    """``seconds``: of the conversation. ``reason``: what is missing of it, where something is."""

    state: ItemState
    contact_id: str
    seconds: float = 0.0
    reason: Reason | None = None


def import_conversation(
    item: ImportItem, source: ImportSource, ports: ConversationPorts, *, goes_on: Callable[[], bool]
) -> Imported:
    """Imported twice it is one conversation. ``goes_on``: whether there is time. Raises ItemMistaken, OutOfTime and
    Retryable."""
    contact_id = contact_id_of(source.tenant, source.name, item.external_id)
    known = ports.contacts.contact(source.tenant, contact_id)
    if known is not None and known.erased:
        raise ItemMistaken(Reason.ERASED)
    if known is not None and _is_complete(known, ports):
        return Imported(ItemState.KNOWN, contact_id, _seconds(known))
    contact = known or _contact(item, contact_id, source, ports)
    remark = Reason.AGENT_UNKNOWN if item.agent is not None and contact.agent is None else None
    try:
        contact, missing = _imported(contact, known, item, source, ports, goes_on)
    except RecordingRefused as refused:
        ports.transcribe.session.consent.record(contact, refused.spoken)
        raise ItemMistaken(Reason.REFUSED) from refused
    return Imported(ItemState.DONE, contact_id, _seconds(contact), missing or remark)


def _is_complete(contact: Contact, ports: ConversationPorts) -> bool:
    lease = ports.transcribe.session.leases.current(contact.tenant, contact.contact_id)
    return lease is not None and lease.is_released


def _contact(item: ImportItem, contact_id: str, source: ImportSource, ports: ConversationPorts) -> Contact:
    """As it was then."""
    tenant = source.tenant
    agent = named_agent(tenant, item.agent, ports.directory, ports.teams) if item.agent else None
    bare = Contact(
        tenant,
        contact_id,
        instance_arn="",
        stream_arn="",
        media_started_at_ms=item.started_at_ms,
        initiation_method=METHOD,
        language=item.language or ports.guide.books.current(tenant).settings.language,
        queue=item.queue,
        agent=agent,
        team=ports.teams.team_of(tenant, agent) if agent else None,
        status=ContactStatus.ENDED,
        attributes={**({"language": item.language} if item.language else {}), **item.attributes},
        connected_at_ms=float(item.started_at_ms),
        ended_at_ms=float(item.ended_at_ms) if item.ended_at_ms is not None else None,
        hold_changes=(HoldChange(float(item.started_at_ms), on_hold=False),),
        channel=item.channel,
        imported=source.name,
    )
    return ports.languages.in_its_language(placed(bare, ports.directory))


def _imported(
    contact: Contact,
    known: Contact | None,
    item: ImportItem,
    source: ImportSource,
    ports: ConversationPorts,
    goes_on: Callable[[], bool],
) -> tuple[Contact, Reason | None]:
    """The contact as it is then, and what of it is missing. Nothing is recorded before it is known that it can be
    read."""
    if item.recorded is None:
        if not any(each.text.strip() for each in item.spoken):
            raise ItemMistaken(Reason.NO_WORDS)
        transcript = _begun(contact, known, item, ports)
        read_text(transcript, item.spoken)
        return _completed(contact, transcript, ports)
    if NOT_RECOGNISED in contact.unavailable:
        raise ItemMistaken(Reason.LANGUAGE_UNKNOWN)
    with _opened(item.recorded, source, ports) as audio:
        blocks = audio.blocks()
        first = next(blocks)
        transcript = _begun(contact, known, item, ports)
        read_recording(transcript, chain((first,), blocks), ports.transcribe, goes_on=goes_on)
        completed, missing = _completed(contact, transcript, ports)
        return completed, Reason.CUT_OFF if audio.is_cut_off else missing


@contextmanager
def _opened(recorded: Recorded, source: ImportSource, ports: ConversationPorts) -> Iterator[AudioFile]:
    key = source.key_of(recorded.key)
    held = nullcontext(BytesIO(recorded.content)) if recorded.content else ports.objects.open(source, key).file()
    with held as file, ports.decoder.open(file, agent_channel=recorded.agent_channel) as audio:
        yield audio


def _begun(contact: Contact, known: Contact | None, item: ImportItem, ports: ConversationPorts) -> Transcript:
    """It can be read, so it is recorded; nothing of one that may not be kept is."""
    if known is None:
        if ports.consent.refusal(contact, caller=item.customer) is not None:
            raise ItemMistaken(Reason.NO_CONSENT)
        ports.contacts.record(contact)
    ports.identities.note(contact, item.customer)
    return open_transcript(contact, ports.transcribe.session)


def _completed(contact: Contact, transcript: Transcript, ports: ConversationPorts) -> tuple[Contact, Reason | None]:
    """The transcript is complete when all that the live path leaves is there, and when the end is known."""
    transcript.finish()
    answered = guide(contact, transcript.ended_ms, ports.guide)
    now = ports.contacts.contact(contact.tenant, contact.contact_id) or contact
    if now.erased:
        raise ItemMistaken(Reason.ERASED)
    ended_at_ms = now.ended_at_ms if now.ended_at_ms is not None else now.media_started_at_ms + transcript.ended_ms
    ended = replace(now, ended_at_ms=float(ended_at_ms), version=now.version + 1)
    event = ConversationEnded.of(ended, at_ms=ended_at_ms)
    ports.contacts.replace(ended, expected_version=now.version, events=[event])
    transcript.release()
    return ended, None if answered else Reason.MODELS_SILENT


def _seconds(contact: Contact) -> float:
    if contact.ended_at_ms is None or contact.channel is Channel.CHAT:
        return 0.0
    return round((contact.ended_at_ms - contact.media_started_at_ms) / 1000, 1)
