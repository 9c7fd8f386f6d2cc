"""A supervisor's notes to the agent of a live call, and what the agent makes of them.

A note is stored before anybody is shown it, and panels ask for all notes of their call whenever they catch up: one that
no channel carried is not lost, and one that comes twice has the same id.
"""

from __future__ import annotations

from collections.abc import Sequence

from sotto.api.admission import find_agent
from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.ports import AgentPorts, allowed, readable
from sotto.api.panel.request_models import About, AboutNote, BadRequest, NewNote, NotFound, TooManyRequests
from sotto.call.contact import Contact, ContactStatus
from sotto.call.supervisor_note import NoteState, SupervisorNote
from sotto.core.audit import AuditAction, AuditEntry, contact_record
from sotto.realtime.channel import supervisor_note_message
from sotto.realtime.shapes import Shape, supervisor_note_shape

A_MINUTE_MS = 60_000
MOST_A_MINUTE = 6
MOST_OF_A_CALL = 50
"""Of all supervisors together: more would be a second conversation beside the first."""


class TooManyNotes(TooManyRequests):
    """Wait a minute."""


def notes(asked: About, caller: Caller, ports: AgentPorts) -> list[Shape]:
    """An agent sees those that were written to them, whoever had the contact before."""
    contact = readable(asked, caller, ports)
    found = ports.notes.notes(caller.tenant, contact.contact_id)
    mine = [each for each in found if not caller.serves(contact) or each.agent == caller.agent]
    return [supervisor_note_shape(each) for each in mine]


def send_note(asked: NewNote, caller: Caller, ports: AgentPorts) -> Shape:
    """Raises Unauthorised unless the caller supervises the team of the call, BadRequest for a call that no agent is
    on, and TooManyNotes. The same ``noteId`` again is the note that is there."""
    contact = allowed(asked, ports, caller, caller.may_write_to)
    if contact.status is not ContactStatus.CONNECTED or contact.agent is None:
        raise BadRequest("contactId: no agent is on this call now")
    known = ports.notes.notes(caller.tenant, contact.contact_id)
    same = next((each for each in known if each.id == asked.note_id), None)
    if same is None:
        _check_rate(known, ports)
        same = ports.notes.add(_note(asked, contact, contact.agent, caller, ports))
    if same.sender != caller.agent:
        raise Unauthorised("noteId: is the id of somebody else's note")
    _show(same, contact, ports)
    return supervisor_note_shape(same)


def acknowledge_note(asked: AboutNote, caller: Caller, ports: AgentPorts) -> Shape:
    """By the agent to whom it was written. What was done is not merely seen again."""
    contact = allowed(asked, ports, caller, caller.serves)
    state = NoteState(asked.state.lower())
    known = ports.notes.notes(caller.tenant, contact.contact_id)
    if not any(each.id == asked.note_id and each.agent == caller.agent for each in known):
        raise NotFound("noteId: there is no such note to you on this call")
    now = ports.notes.advance(caller.tenant, contact.contact_id, asked.note_id, state, int(ports.clock.now_ms()))
    _show(now, contact, ports)
    return supervisor_note_shape(now)


def _check_rate(known: Sequence[SupervisorNote], ports: AgentPorts) -> None:
    since_ms = ports.clock.now_ms() - A_MINUTE_MS
    if len(known) >= MOST_OF_A_CALL:
        raise TooManyNotes(f"text: a call has at most {MOST_OF_A_CALL} notes; speak to the agent")
    if sum(each.sent_at_ms > since_ms for each in known) >= MOST_A_MINUTE:
        raise TooManyNotes(f"text: at most {MOST_A_MINUTE} notes a minute to one call; wait a little")


def _note(asked: NewNote, contact: Contact, agent: str, caller: Caller, ports: AgentPorts) -> SupervisorNote:
    text = " ".join(ports.redact(caller.tenant, asked.text).split())
    if not text:
        raise BadRequest("text: without what is private nothing is left of it; write other words")
    now_ms = int(ports.clock.now_ms())
    # Before the note is there: nothing reaches an agent that the trail does not know.
    record = contact_record(contact.contact_id)
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, AuditAction.NOTE_SENT, record, now_ms))
    known = find_agent(caller.tenant, caller.agent, ports.directory)
    name = known.title if known else caller.agent
    about = (caller.tenant, contact.contact_id, asked.note_id)
    return SupervisorNote(*about, caller.agent, name, agent, text, sent_at_ms=now_ms, state_at_ms=now_ms)


def _show(note: SupervisorNote, contact: Contact, ports: AgentPorts) -> None:
    at_ms = max(0, int(ports.clock.now_ms()) - contact.media_started_at_ms)
    ports.panel.publish([supervisor_note_message(note, at_ms=at_ms)], what="note")
