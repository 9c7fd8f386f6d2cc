"""What of the history a caller may see, by the table of sotto.api.roles."""

from __future__ import annotations

from sotto.api.caller import Caller
from sotto.api.roles import Action, Reach
from sotto.history.conversation import Leg
from sotto.history.listing import Sight
from sotto.history.store import ListedBy, RowList


def sight_of(caller: Caller, action: Action = Action.LIST_HISTORY) -> Sight:
    reach = caller.reach(action)
    lists = [RowList()] if Reach.ANY in reach else [RowList(ListedBy.AGENT, caller.agent)]
    if Reach.TEAM in reach and Reach.ANY not in reach:
        lists += [RowList(ListedBy.TEAM, team) for team in sorted(caller.teams)]

    def sees(leg: Leg) -> bool:
        return caller.reaches(action, agent=leg.agent, team=leg.team)

    return Sight(tuple(lists), sees, f"{caller.agent}|{caller.role}|{sorted(caller.teams)}")
