"""When all is made of a conversation its review begins to wait, in an execution of its own that holds nothing up."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.after_call.summarise import Summaries
from sotto.after_call.workflow.start import Workflow, named_after
from sotto.call.after_call_work import StepOrder
from sotto.call.contact import ContactReader
from sotto.consent.kept import Consents, may_keep


@dataclass(frozen=True, slots=True)
class RequestPorts:
    contacts: ContactReader
    consents: Consents
    summaries: Summaries
    machine: Workflow


def request_review(order: StepOrder, ports: RequestPorts) -> bool:
    """False where nothing was made of the conversation, or may be kept. Asked again, it starts no second one. Raises
    Retryable."""
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    if contact is None or not may_keep(contact, ports.consents):
        return False
    if contact.imported:  # its agent has long done what was to be done after it
        return False
    if ports.summaries.summary(order.tenant, order.contact_id) is None:
        return False
    ports.machine.start(named_after(order.contact_id, f"{order.tenant}#{order.contact_id}"), order)
    return True
