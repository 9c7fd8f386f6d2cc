"""The tenant's quality forms, how well raters agree on each question, and what the gate says of the machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Reach
from sotto.api.scorecards.access import ScorecardPorts, form_of
from sotto.core.audit import AuditAction, AuditEntry
from sotto.scorecards.evaluation import MACHINE, Kind, Rating
from sotto.scorecards.gate import FEWEST_CALLS, Agreement, Decision, agreement
from sotto.tenants.scorecards.form import Form

MOST_EVALUATIONS = 2_000
"""The latest of the form: agreement of long ago says little of raters now."""
RESAMPLES = 300
"""Fewer than the gate's own: ends of an interval are shown to two places."""
FEWEST_SHOWN = 5
"""Calls: of fewer, resampling gives intervals that look certain."""
MOST_CALLS = 50
"""Shown beside each other."""


@dataclass(frozen=True, slots=True)
class RatedCall:
    """``ratings``: rater -> question -> value; the machine is one of them, by its name."""

    contact_id: str
    ratings: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class FormAgreement:
    """``questions``: of those that can be chosen or counted, in the order of the form. ``calls``: those that the caller
    has rated: of others nobody sees who answered what before they have answered."""

    form: Form
    questions: Sequence[Agreement]
    calls: Sequence[RatedCall]


def forms(caller: Caller, ports: ScorecardPorts) -> Sequence[Form]:
    """As they are published now. Raises Unauthorised."""
    _may_read(caller)
    return ports.books.current(caller.tenant).scorecards


def form_agreement(name: str, caller: Caller, ports: ScorecardPorts) -> FormAgreement:
    """Over ratings by the form as it is now: to those of other versions other questions were put. Raises Unauthorised,
    NoSuchForm and Retryable."""
    _may_read(caller)
    form = form_of(caller.tenant, name, ports)
    known = ports.evaluations.ratings(caller.tenant, name, limit=MOST_EVALUATIONS)
    ratings = [each for each in known if each.form_version == form.version]
    questions = [_agreement(each.ref, ratings) for each in form.questions if each.is_scored]
    calls = _calls(ratings, caller, ports)
    at_ms = int(ports.clock.now_ms())
    record = f"agreement/{name}/{len(calls)}"
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, AuditAction.FIGURE_OPENED, record, at_ms))
    return FormAgreement(form, questions, calls)


def _may_read(caller: Caller) -> None:
    if Reach.ANY not in caller.reach(Action.READ_FORMS):
        raise Unauthorised("role: you may not read the forms by which calls are judged")


def _agreement(question: str, ratings: Sequence[Rating]) -> Agreement:
    """Of few calls too, with the interval that says how little they say; released by them is nothing."""
    found = agreement(question, ratings, fewest=FEWEST_SHOWN, resamples=RESAMPLES)
    return found if found.calls >= FEWEST_CALLS else replace(found, decision=Decision.TOO_FEW)


def _calls(ratings: Sequence[Rating], caller: Caller, ports: ScorecardPorts) -> list[RatedCall]:
    """The latest first. Of each rater the latest answers; of people those of calibrations alone."""
    found: defaultdict[str, defaultdict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for each in ratings:
        if each.kind in (Kind.MACHINE, Kind.CALIBRATION):
            by = MACHINE if each.kind is Kind.MACHINE else each.by
            found[each.contact_id][by].setdefault(each.question, each.value)
    shown: list[RatedCall] = []
    for contact_id, by_rater in found.items():
        if caller.agent not in by_rater or len(shown) == MOST_CALLS:
            continue
        contact = ports.contacts.contact(caller.tenant, contact_id)
        if contact is not None and not contact.erased and caller.may(Action.CALIBRATE, contact):
            shown.append(RatedCall(contact_id, by_rater))
    return shown
