"""Who may see which figures: one place, asked by every use case; what a role reaches is in the table of roles."""

from __future__ import annotations

from dataclasses import replace

from sotto.analytics.query.form import Filter, Form
from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import TABLE, Action, Reach


def scoped(form: Form, caller: Caller) -> Form:
    """Beside whatever the form filters by, only what the caller may see: both hold, so that no form gets around it.
    Raises Unauthorised where that is nothing."""
    return replace(form, filters=(*form.filters, *scope(caller)))


def scope(caller: Caller, action: Action = Action.READ_FIGURES) -> tuple[Filter, ...]:
    """Whoever reaches a team sees the team's figures, their own among them where they are of it. Empty for who
    sees all. Raises Unauthorised."""
    reach = TABLE[action][caller.role]
    if Reach.ANY in reach:
        return ()
    if Reach.TEAM in reach:
        if not caller.teams:
            raise Unauthorised("teams: you supervise none, so there are no figures to see")
        return (Filter("team", tuple(sorted(caller.teams))),)
    if Reach.OWN in reach:
        return (Filter("agent", (caller.agent,)),)
    raise Unauthorised("role: this role sees no figures")
