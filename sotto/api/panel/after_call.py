"""What a call leaves behind, for the agent who had it: how far the work after it is, its end and its summary."""

from __future__ import annotations

from sotto.after_call.disposition.choose import UnknownCode, choose_disposition
from sotto.after_call.edit import EditedLine, NotEditable, edit_summary
from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts, allowed, readable
from sotto.api.panel.request_models import About, AboutCode, AboutPerson, BadRequest, EditedSummary
from sotto.filing import choose_person as filing
from sotto.realtime.shapes import Shape, after_call_shape, summary_shape


def after_call(asked: About, caller: Caller, ports: AgentPorts) -> Shape | None:
    readable(asked, caller, ports)
    found = ports.work.records.work(caller.tenant, asked.contact_id)
    return after_call_shape(found) if found else None


def choose(asked: AboutCode, caller: Caller, ports: AgentPorts) -> Shape | None:
    contact = allowed(asked, ports, caller, caller.serves)
    try:
        work = choose_disposition(contact, asked.code, caller.agent, ports.books.current(caller.tenant), ports.work)
    except UnknownCode as error:
        raise BadRequest(str(error)) from None
    return after_call_shape(work) if work else None


def choose_person(asked: AboutPerson, caller: Caller, ports: AgentPorts) -> Shape | None:
    """As it stands then; that the call is filed so comes later."""
    contact = allowed(asked, ports, caller, caller.serves)
    try:
        filing.choose_person(contact, asked.system, asked.person, caller.agent, ports.choices)
    except filing.UnknownPerson as error:
        raise BadRequest(str(error)) from None
    found = ports.work.records.work(caller.tenant, asked.contact_id)
    return after_call_shape(found) if found else None


def edit(asked: EditedSummary, caller: Caller, ports: AgentPorts) -> Shape:
    contact = allowed(asked, ports, caller, caller.serves)
    lines = [EditedLine(each.part, each.text, each.from_line) for each in asked.lines]
    try:
        return summary_shape(edit_summary(contact, asked.version, lines, caller.agent, ports.edits))
    except NotEditable as error:
        raise BadRequest(str(error)) from None
