"""What a call leaves behind, for the agent who had it: how far the work after it is, and how the call ended."""

from __future__ import annotations

from sotto.after_call.disposition.choose import UnknownCode, choose_disposition
from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts, allowed, readable
from sotto.api.panel.request_models import About, AboutCode, BadRequest
from sotto.realtime.shapes import Shape, after_call_shape


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
