"""Who may see and write which rules and alerts: by the table of roles, and by the teams that they look at."""

from __future__ import annotations

from collections.abc import Collection

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Reach


def reaches(caller: Caller, action: Action, teams: Collection[str]) -> bool:
    """``teams``: whose calls a rule or an alert looks at; empty: the whole tenant's, which nobody has as their team."""
    reach = caller.reach(action)
    if Reach.ANY in reach:
        return True
    return Reach.TEAM in reach and bool(teams) and set(teams) <= caller.teams


def check(caller: Caller, action: Action) -> None:
    """Raises Unauthorised where the role may do it of nobody."""
    if not caller.reach(action) & (Reach.ANY | Reach.TEAM):
        raise Unauthorised("role: this role has no part in alerts")
