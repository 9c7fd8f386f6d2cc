"""What a call leaves behind, for the agent who had it: how far the work after it is."""

from __future__ import annotations

from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts, readable
from sotto.api.panel.request_models import About
from sotto.realtime.shapes import Shape, after_call_shape


def after_call(asked: About, caller: Caller, ports: AgentPorts) -> Shape | None:
    readable(asked, caller, ports)
    found = ports.after_call.work(caller.tenant, asked.contact_id)
    return after_call_shape(found) if found else None
