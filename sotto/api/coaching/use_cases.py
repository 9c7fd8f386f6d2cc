"""A coach shares a moment of a call with the agent whose call it was; the agent acknowledges it, and may answer once.

Who coaches its team may share it (the table of roles), with nobody but its agent: what a customer said is shown to no
further people. The words stay with the call and are read from there, so that they go when it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sotto.api.admission import find_agent
from sotto.api.caller import Caller, Unauthorised
from sotto.api.coaching.shared import SharedMomentChanged, SharedRow
from sotto.api.panel.ports import AgentPorts, note_look
from sotto.api.panel.request_models import BadRequest, NotFound
from sotto.api.roles import Action, Reach
from sotto.call.contact import Contact
from sotto.call.shared_moment import LONGEST_SPAN_MS, SharedMoment
from sotto.call.utterance import Utterance
from sotto.core.audit import AuditAction, AuditEntry, contact_record
from sotto.realtime.channel import AgentAssignment, AssignmentState

MOST_OF_A_CALL = 50
AT_ONCE = 50
MOST_LOOKED_AT = 500
"""Of the tenant's rows, to find those of a page that the caller may see."""
UTTERANCES_AT_ONCE = 500
ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Span:
    """What is shared: of the call's time, in ms. ``annotation_id``: what was noticed there; empty for none."""

    from_ms: int
    until_ms: int
    annotation_id: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """``words``: none where they are not asked for, or the call is not the agent's any more."""

    moment: SharedMoment
    contact: Contact
    words: tuple[Utterance, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedShares:
    """``goes_on``: the place before which the next page begins; empty after the last."""

    moments: tuple[SharedMoment, ...]
    goes_on: str


def share(caller: Caller, contact_id: str, span: Span, comment: str, ports: AgentPorts) -> Shown:
    """``comment``: as it was typed. The same again, by the same person, is the one that is there. Raises Unauthorised,
    BadRequest, Retryable."""
    contact = _contact(caller, contact_id, ports)
    agent = _agent_of(contact, ports)
    found = _words_between(contact, span, ports)
    text = " ".join(ports.redact(caller.tenant, comment).split())
    if not text:
        raise BadRequest("comment: without what is private nothing is left of it; write other words")
    moment = _moment(caller, contact, agent, span, found, text, ports)
    known = ports.shared.of_contact(caller.tenant, contact_id)
    same = next((each for each in known if each.id == moment.id), None)
    if same is None:
        if len(known) >= MOST_OF_A_CALL:
            raise BadRequest(f"comment: at most {MOST_OF_A_CALL} moments of a call are shared; speak to the agent")
        # Before it is there: nothing reaches an agent that the trail does not know.
        _note(caller, AuditAction.MOMENT_SHARED, contact_id, ports)
        same = ports.shared.add(moment)
    # Again too: the first message may have been lost.
    ports.panel.assign([AgentAssignment(agent, AssignmentState.SHARED, contact)])
    return Shown(same, contact, found)


def shared_of(caller: Caller, contact_id: str, ports: AgentPorts) -> list[Shown]:
    """Of one call, for those who may share it, and what was shared with the caller for the agent. Raises Unauthorised,
    Retryable."""
    contact = ports.conversations.contact(caller.tenant, contact_id)
    if contact is None or not caller.may_read(contact):
        raise Unauthorised("contactId: there is no such contact among yours")
    coaches = caller.may(Action.SHARE_MOMENT, contact)
    found = ports.shared.of_contact(caller.tenant, contact_id)
    seen = [each for each in found if coaches or each.agent == caller.agent]
    if seen:
        note_look(contact, caller, ports)
    return [Shown(each, contact, _words_of(each, contact, ports)) for each in seen]


def shared_with(caller: Caller, ports: AgentPorts, *, limit: int) -> list[Shown]:
    """The caller's own, the latest first. Raises Retryable."""
    found: list[Shown] = []
    for row in ports.shared.rows(caller.tenant, agent=caller.agent, limit=limit):
        moment = ports.shared.moment(caller.tenant, row.contact_id, row.id)
        contact = ports.conversations.contact(caller.tenant, row.contact_id)
        if moment is None or contact is None or contact.erased:
            continue  # erased while it was listed
        words = _words_of(moment, contact, ports) if caller.may_read(contact) else ()
        found.append(Shown(moment, contact, words))
    return found


def list_shared(
    caller: Caller, ports: AgentPorts, *, limit: int, before: str = "", only_waiting: bool = False
) -> ListedShares:
    """Of the teams that the caller coaches, the latest first, without words. ``only_waiting``: those that the agent has
    not acknowledged. Raises Unauthorised, Retryable."""
    if not caller.reach(Action.SHARE_MOMENT) & (Reach.ANY | Reach.TEAM):
        raise Unauthorised("role: this role shares no moments")
    found: list[SharedMoment] = []
    for _ in range(MOST_LOOKED_AT // AT_ONCE):
        page = ports.shared.rows(caller.tenant, before=before, limit=AT_ONCE)
        for row in page:
            before = row.place
            moment = _listed(row, caller, ports)
            if moment is None or (only_waiting and moment.acknowledged_at_ms is not None):
                continue
            found.append(moment)
            if len(found) == limit:
                return ListedShares(tuple(found), before)
        if len(page) < AT_ONCE:
            return ListedShares(tuple(found), "")
    return ListedShares(tuple(found), before)


def acknowledge(caller: Caller, contact_id: str, share_id: str, answer: str, ports: AgentPorts) -> Shown:
    """By the agent with whom it was shared; who acknowledged stays, and an answer is given once: the same again changes
    nothing. ``answer``: as it was typed, empty for none. Raises NotFound, BadRequest, Retryable."""
    text = " ".join(ports.redact(caller.tenant, answer).split()) if answer else ""
    for _ in range(ATTEMPTS):
        known, contact = _mine(caller, contact_id, share_id, ports)
        now = _acknowledged(known, text, int(ports.clock.now_ms()))
        if now is known:
            return Shown(known, contact, _words_of(known, contact, ports))
        try:
            ports.shared.replace(now)
        except SharedMomentChanged:
            continue
        _note(caller, AuditAction.SHARE_ACKNOWLEDGED, contact_id, ports)
        # To the agent's other screens.
        ports.panel.assign([AgentAssignment(caller.agent, AssignmentState.SHARED, contact)])
        return Shown(now, contact, _words_of(now, contact, ports))
    raise SharedMomentChanged("it changes all the time; try again")


def _acknowledged(known: SharedMoment, text: str, now_ms: int) -> SharedMoment:
    if known.acknowledged_at_ms is None:
        return replace(known, acknowledged_at_ms=now_ms, answer=text, version=known.version + 1)
    if not text or text == known.answer:
        return known
    if known.answer:
        raise BadRequest("answer: you have answered already; speak to your coach")
    return replace(known, answer=text, version=known.version + 1)


def _contact(caller: Caller, contact_id: str, ports: AgentPorts) -> Contact:
    contact = ports.conversations.contact(caller.tenant, contact_id)
    if contact is None or not caller.may(Action.SHARE_MOMENT, contact):
        raise Unauthorised("contactId: there is no such contact among those that you may share")
    if contact.erased:
        raise BadRequest("contactId: this call was erased; nothing of it is left to share")
    return contact


def _agent_of(contact: Contact, ports: AgentPorts) -> str:
    if contact.agent is None:
        raise BadRequest("contactId: no agent had this call")
    known = find_agent(contact.tenant, contact.agent, ports.directory)
    if known is not None and known.left_at_ms is not None:
        raise BadRequest("contactId: the agent of this call has left; there is nobody to share it with")
    return contact.agent


def _words_between(contact: Contact, span: Span, ports: AgentPorts) -> tuple[Utterance, ...]:
    if span.until_ms <= span.from_ms:
        raise BadRequest("untilMs: must be after fromMs")
    if span.until_ms - span.from_ms > LONGEST_SPAN_MS:
        raise BadRequest(f"untilMs: at most {LONGEST_SPAN_MS // 60_000} minutes are shared at once")
    found: list[Utterance] = []
    after = 0
    while True:
        page = ports.conversations.utterances(contact.tenant, contact.contact_id, after, UTTERANCES_AT_ONCE)
        found += [each for each in page if each.start_ms < span.until_ms and each.end_ms > span.from_ms]
        if len(page) < UTTERANCES_AT_ONCE:
            break
        after = page[-1].seq
    if not found:
        raise BadRequest("fromMs: nothing was said in that time")
    return tuple(found)


def _moment(
    caller: Caller,
    contact: Contact,
    agent: str,
    span: Span,
    words: Sequence[Utterance],
    text: str,
    ports: AgentPorts,
) -> SharedMoment:
    about = (caller.tenant, contact.contact_id)
    noticed = ports.conversations.annotation(*about, span.annotation_id) if span.annotation_id else None
    if span.annotation_id and noticed is None:
        raise NotFound("annotationId: this call has no such moment")
    known = find_agent(caller.tenant, caller.agent, ports.directory)
    same = "\n".join((caller.agent, str(span.from_ms), str(span.until_ms), span.annotation_id, text))
    return SharedMoment(
        *about,
        id=f"share-{sha256(same.encode()).hexdigest()[:32]}",
        sharer=caller.agent,
        sharer_name=known.title if known else caller.agent,
        agent=agent,
        team=contact.team,
        comment=text,
        from_ms=span.from_ms,
        until_ms=span.until_ms,
        first_seq=words[0].seq,
        last_seq=words[-1].seq,
        shared_at_ms=int(ports.clock.now_ms()),
        annotation_id=span.annotation_id,
        moment=noticed.name if noticed else "",
    )


def _words_of(moment: SharedMoment, contact: Contact, ports: AgentPorts) -> tuple[Utterance, ...]:
    count = moment.last_seq - moment.first_seq + 1
    found = ports.conversations.utterances(contact.tenant, contact.contact_id, moment.first_seq - 1, count)
    return tuple(each for each in found if each.start_ms < moment.until_ms and each.end_ms > moment.from_ms)


def _listed(row: SharedRow, caller: Caller, ports: AgentPorts) -> SharedMoment | None:
    if not caller.reaches(Action.SHARE_MOMENT, agent=row.agent, team=row.team):
        return None
    return ports.shared.moment(caller.tenant, row.contact_id, row.id)


def _mine(caller: Caller, contact_id: str, share_id: str, ports: AgentPorts) -> tuple[SharedMoment, Contact]:
    contact = ports.conversations.contact(caller.tenant, contact_id)
    known = ports.shared.moment(caller.tenant, contact_id, share_id) if contact and not contact.erased else None
    if contact is None or known is None or known.agent != caller.agent:
        raise NotFound("shareId: nothing of this id was shared with you; its call may have been erased")
    return known, contact


def _note(caller: Caller, action: AuditAction, contact_id: str, ports: AgentPorts) -> None:
    at_ms = int(ports.clock.now_ms())
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, action, contact_record(contact_id), at_ms))
