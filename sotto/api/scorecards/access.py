"""Who may do what with the evaluation of a call, by the table of sotto.api.roles.

Whoever has the call cannot judge it, supervisor or not; and who reviewed does not decide the appeal against it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action
from sotto.call.contact import Contact, ContactReader
from sotto.core.audit import AuditAction, AuditEntry, AuditLog, contact_record
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.scorecards.evaluation import Evaluation, Evaluations, Kind, NotAllowed
from sotto.tenants.book import BookReader
from sotto.tenants.scorecards.form import Form

_WORDS = {
    Action.READ_EVALUATION: "read",
    Action.REVIEW: "review",
    Action.CALIBRATE: "calibrate",
    Action.ACKNOWLEDGE: "acknowledge",
    Action.APPEAL: "appeal against",
    Action.DECIDE: "decide an appeal against",
}


class NoSuchForm(Rejected):
    """The tenant has published no form of this name."""


@dataclass(frozen=True, slots=True)
class ScorecardPorts:
    """``redact(tenant, text)``: what somebody typed, without what the tenant hides."""

    contacts: ContactReader
    books: BookReader
    evaluations: Evaluations
    audit: AuditLog
    clock: Clock
    redact: Callable[[str, str], str]


def allowed(caller: Caller, action: Action, contact_id: str, ports: ScorecardPorts) -> Contact:
    """Raises Unauthorised, with the same words for what does not exist."""
    contact = ports.contacts.contact(caller.tenant, contact_id)
    if contact is None or not caller.may(action, contact):
        raise Unauthorised(f"contactId: you may not {_WORDS[action]} the evaluation of this call")
    return contact


def form_of(tenant: str, name: str, ports: ScorecardPorts) -> Form:
    forms = ports.books.current(tenant).scorecards
    found = next((each for each in forms if each.name == name), None)
    if found is None:
        raise NoSuchForm(f"form: there is none of this name; choose one of {', '.join(each.name for each in forms)}")
    return found


def decider(caller: Caller, evaluation: Evaluation) -> None:
    """Raises NotAllowed where the appeal is against what the caller did."""
    if evaluation.by == caller.agent:
        raise NotAllowed("appeal: it is against your own review; somebody else decides it")


def last_version(versions: Sequence[Evaluation]) -> int:
    return versions[-1].version if versions else 0


def noted(caller: Caller, action: AuditAction, contact: Contact, ports: ScorecardPorts) -> None:
    at_ms = int(ports.clock.now_ms())
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, action, contact_record(contact.contact_id), at_ms))


def visible(caller: Caller, versions: Sequence[Evaluation]) -> list[Evaluation]:
    """Raters are blind to each other: calibrations are shown to those who have given theirs, and to no agent."""
    has_rated = any(each.kind is Kind.CALIBRATION and each.by == caller.agent for each in versions)
    return [each for each in versions if each.kind is not Kind.CALIBRATION or has_rated]
