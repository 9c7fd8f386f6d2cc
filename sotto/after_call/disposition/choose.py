"""The agent says how the call ended: the suggested code, or another of the tenant's."""

from __future__ import annotations

from dataclasses import replace

from sotto.after_call.workflow.records import WorkPorts, changed
from sotto.call.after_call_work import AfterCallWork, Choice, Disposition
from sotto.call.contact import Contact
from sotto.call.events import DispositionChosen
from sotto.core.errors import Rejected
from sotto.tenants.book import TenantBook


class UnknownCode(Rejected):
    """The tenant has no such code, or has it no more."""


def choose_disposition(
    contact: Contact, code: str, agent: str, book: TenantBook, ports: WorkPorts
) -> AfterCallWork | None:
    """The work as it is then. The same code again changes nothing, another one takes its place. None where nothing of
    the contact may be kept. Raises UnknownCode and Retryable."""
    known = book.dispositions.known(code)
    if known is None:
        raise UnknownCode("code: the tenant has no such code; reload the panel and choose another")

    def change(work: AfterCallWork, at_ms: int) -> AfterCallWork:
        disposition = work.disposition or Disposition((), "", book.version)
        if disposition.choice is not None and disposition.choice.code == code:
            return work
        return replace(work, disposition=replace(disposition, choice=Choice(code, known.title, agent, at_ms)))

    return changed(contact, change, ports, event=DispositionChosen.of)
