"""Connect says where a contact's recording is: in the contact record, which comes late and more than once, or when it
is asked."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from sotto.call.contact import Contact, ContactReader
from sotto.call.events import RecordingAvailable, RecordingMissing
from sotto.contacts.start import TenantDirectory
from sotto.core.clock import Clock
from sotto.recordings.record import Recording, RecordingChanged, RecordingStore, Source
from sotto.sources.connect.contact_record import ContactRecord


@dataclass(frozen=True, slots=True)
class IntakePorts:
    tenants: TenantDirectory
    contacts: ContactReader
    store: RecordingStore
    clock: Clock


def take_recordings(record: ContactRecord, ports: IntakePorts) -> int:
    """How many recordings are new. A contact that was never guided is nobody's business here; one that is erased, a
    chat, or unknown to Connect has none. Raises StorageUnavailable."""
    tenant = ports.tenants.tenant_of(record.instance_arn)
    contact = ports.contacts.contact(tenant, record.contact_id) if tenant is not None else None
    if contact is None or contact.erased or not contact.is_recorded:
        return 0
    sources = [Source(each.bucket, each.key, each.started_at_ms) for each in record.audio_recordings]
    if not sources and not ports.store.recordings(contact.tenant, contact.contact_id):
        missing = Recording.missing(contact.tenant, contact.contact_id, int(ports.clock.now_ms()))
        event = RecordingMissing.of(
            contact.tenant, contact.contact_id, recording=missing.id, version=1, at_ms=missing.known_at_ms
        )
        with suppress(RecordingChanged):
            ports.store.store(missing, event=event)
    return note_sources(contact, sources, ports.store, ports.clock)


def note_sources(contact: Contact, sources: Iterable[Source], store: RecordingStore, clock: Clock) -> int:
    """Each with its event, once; how many were new. Raises StorageUnavailable."""
    new = 0
    for source in sources:
        known = Recording.available(contact.tenant, contact.contact_id, source, int(clock.now_ms()))
        event = RecordingAvailable.of(
            contact.tenant, contact.contact_id, recording=known.id, version=1, at_ms=known.known_at_ms
        )
        with suppress(RecordingChanged):  # as known already
            store.store(known, event=event)
            new += 1
    return new
