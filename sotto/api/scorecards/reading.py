"""Evaluations of a call, read by its agent and by those who supervise them; and acknowledged by its agent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.api.caller import Caller
from sotto.api.roles import Action
from sotto.api.scorecards.access import ScorecardPorts, allowed, form_of, noted, visible
from sotto.call.contact import Contact
from sotto.core.audit import AuditAction
from sotto.scorecards.evaluation import Acknowledgement, Appeal, Evaluation, NotAllowed, standing
from sotto.tenants.scorecards.form import Form


@dataclass(frozen=True, slots=True)
class Scorecard:
    """``form``: as the tenant has published it now. ``stands``: the evaluation that stands for the call, None before
    the machine has made one. ``acknowledged``: the latest, of whichever version."""

    form: Form
    stands: Evaluation | None
    versions: Sequence[Evaluation]
    appeal: Appeal | None
    acknowledged: Acknowledgement | None = None


def read(contact_id: str, form: str, caller: Caller, ports: ScorecardPorts) -> Scorecard:
    """Raises Unauthorised and NoSuchForm. Of a call that is not one's own it is noted in the audit log."""
    contact = _looked_into(contact_id, caller, ports)
    return _scorecard(contact, form_of(caller.tenant, form, ports), caller, ports)


def read_all(contact_id: str, caller: Caller, ports: ScorecardPorts) -> list[Scorecard]:
    """Those by which the call was evaluated, in the order in which the tenant has its forms. As ``read``."""
    contact = _looked_into(contact_id, caller, ports)
    forms = ports.books.current(caller.tenant).scorecards
    found = [_scorecard(contact, form, caller, ports) for form in forms]
    return [each for each in found if each.stands is not None]


def acknowledge(contact_id: str, form: str, version: int, caller: Caller, ports: ScorecardPorts) -> Scorecard:
    """The agent has seen the evaluation that stands. Twice is as good as once. Raises Unauthorised, NoSuchForm and
    NotAllowed."""
    contact = allowed(caller, Action.ACKNOWLEDGE, contact_id, ports)
    before = _scorecard(contact, form_of(caller.tenant, form, ports), caller, ports)
    if before.stands is None or before.stands.version != version:
        raise NotAllowed("version: another evaluation stands by now; look at it first")
    if before.acknowledged is None or before.acknowledged.version != version:
        at_ms = int(ports.clock.now_ms())
        ports.evaluations.acknowledge(Acknowledgement(caller.tenant, contact_id, form, version, caller.agent, at_ms))
    return _scorecard(contact, before.form, caller, ports)


def _looked_into(contact_id: str, caller: Caller, ports: ScorecardPorts) -> Contact:
    contact = allowed(caller, Action.READ_EVALUATION, contact_id, ports)
    if not caller.serves(contact):
        noted(caller, AuditAction.LOOKED_INTO, contact, ports)
    return contact


def _scorecard(contact: Contact, form: Form, caller: Caller, ports: ScorecardPorts) -> Scorecard:
    key = (contact.tenant, contact.contact_id, form.name)
    versions = ports.evaluations.versions(*key)
    return Scorecard(
        form,
        standing(versions),
        visible(caller, versions),
        ports.evaluations.appeal(*key),
        ports.evaluations.acknowledged(*key),
    )
