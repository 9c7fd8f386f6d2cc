"""Who may play the recording of a call: its agent, and the supervisors of its team. Only the redacted one is played.

A link opens for a few minutes, and each one that is given out is in the audit log before it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.api.caller import Caller, Unauthorised
from sotto.call.contact import Contact, ContactReader
from sotto.core.audit import AuditAction, AuditEntry, AuditLog, contact_record
from sotto.core.clock import Clock
from sotto.recordings.record import Published, Recording, RecordingState, RecordingStore

LINK_S = 300
"""As long as it takes to begin to listen: who goes on listening holds a connection already, or asks again."""


class PlayableFiles(Protocol):
    def url(self, tenant: str, published: Published, *, expires_s: int) -> str:
        """Opens this very version, for whoever has it, for so long at most. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class PlayPorts:
    contacts: ContactReader
    recordings: RecordingStore
    files: PlayableFiles
    audit: AuditLog
    clock: Clock


@dataclass(frozen=True, slots=True)
class Playable:
    """``url``: None for what is not published. ``expires_at_ms``: Unix epoch."""

    recording: Recording
    url: str | None = None
    expires_at_ms: int | None = None


def recordings_of(caller: Caller, contact_id: str, ports: PlayPorts) -> Sequence[Recording]:
    """What is known of them. Raises Unauthorised, with the same words for what does not exist, and Retryable."""
    contact = _allowed(caller, contact_id, ports)
    found = ports.recordings.recordings(caller.tenant, contact.contact_id)
    return sorted(found, key=lambda each: (each.source.started_at_ms or 0 if each.source else 0, each.id))


def play(caller: Caller, contact_id: str, ports: PlayPorts) -> Sequence[Playable]:
    """The same, with a link to each that is published. Raises Unauthorised and Retryable."""
    found = recordings_of(caller, contact_id, ports)
    playable = [each for each in found if each.state is RecordingState.REDACTED and each.published is not None]
    if not playable:
        return [Playable(each) for each in found]
    now_ms = int(ports.clock.now_ms())
    record = contact_record(contact_id)
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, AuditAction.RECORDING_PLAYED, record, now_ms))
    return [_linked(each, caller, now_ms, ports) if each in playable else Playable(each) for each in found]


def _linked(recording: Recording, caller: Caller, now_ms: int, ports: PlayPorts) -> Playable:
    assert recording.published is not None
    url = ports.files.url(caller.tenant, recording.published, expires_s=LINK_S)
    return Playable(recording, url, now_ms + LINK_S * 1000)


def _allowed(caller: Caller, contact_id: str, ports: PlayPorts) -> Contact:
    contact = ports.contacts.contact(caller.tenant, contact_id)
    if contact is None or contact.erased or not caller.may_read(contact):
        raise Unauthorised("contactId: you may not play the recording of this call")
    return contact
