"""Who may see which figures: one place, asked by every use case.

agent         figures of his own conversations
supervisor    figures of the conversations of his teams
"""

from __future__ import annotations

from dataclasses import replace

from sotto.analytics.query.form import Filter, Form
from sotto.api.caller import Caller, Role, Unauthorised


def scoped(form: Form, caller: Caller) -> Form:
    """Beside whatever the form filters by, only what the caller may see: both hold, so that no form gets around it.
    Raises Unauthorised where that is nothing."""
    match caller.role:
        case Role.AGENT:
            own = Filter("agent", (caller.agent,))
        case Role.SUPERVISOR:
            if not caller.teams:
                raise Unauthorised("teams: you supervise none, so there are no figures to see")
            own = Filter("team", tuple(sorted(caller.teams)))
        case _:
            raise Unauthorised("role: this role sees no figures")
    return replace(form, filters=(*form.filters, own))
