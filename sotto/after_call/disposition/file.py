"""A chosen code is written to Amazon Connect, where reports and other systems find it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from sotto.after_call.workflow.records import WorkPorts, changed
from sotto.call.after_call_work import AfterCallWork, Written
from sotto.call.contact import Contact, ContactReader
from sotto.call.events import DispositionChosen


class DispositionTarget(Protocol):
    def write(self, contact: Contact, code: str) -> bool:
        """The same again changes nothing. False where Connect will never take it. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class FilePorts:
    contacts: ContactReader
    target: DispositionTarget
    work: WorkPorts


def file_disposition(chosen: DispositionChosen, ports: FilePorts) -> Written | None:
    """What stands now is written, not what the event was about: of two choices the later one stays, in whichever order
    their events come. None where there is nothing to write any more. Raises Retryable."""
    contact = ports.contacts.contact(chosen.tenant, chosen.contact_id)
    work = ports.work.records.work(chosen.tenant, chosen.contact_id)
    choice = work.disposition.choice if work is not None and work.disposition is not None else None
    if contact is None or choice is None:
        return None
    written = Written.DONE if ports.target.write(contact, choice.code) else Written.REFUSED

    def change(known: AfterCallWork, at_ms: int) -> AfterCallWork:
        disposition = known.disposition
        if disposition is None or disposition.choice is None or disposition.choice.code != choice.code:
            return known  # another was chosen meanwhile, and its own event comes
        return replace(known, disposition=replace(disposition, choice=replace(disposition.choice, written=written)))

    changed(contact, change, ports.work)
    return written
