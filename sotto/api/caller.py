"""Who asks, by the claims of a verified token and by nothing else, and what they may see."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sotto.api.roles import NEVER_OWN, TABLE, Action, Reach, Role
from sotto.call.contact import Contact
from sotto.core.errors import Rejected

_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_NAME = re.compile(r"[^#\x00-\x1f\x7f\ud800-\udfff]{1,256}")
"""Of agents and teams: what can be part of a record's key, see sotto.aws.keys."""


class Unauthorised(Rejected):
    """The caller may not do this. Says the same for what does not exist and for what is someone else's."""


@dataclass(frozen=True, slots=True)
class Caller:
    """``teams`` are those whose calls a supervisor or a coach looks after."""

    tenant: str
    agent: str
    role: Role
    teams: frozenset[str] = frozenset()

    def serves(self, contact: Contact) -> bool:
        return contact.tenant == self.tenant and contact.agent == self.agent

    def may(self, action: Action, contact: Contact) -> bool:
        """By the table of sotto.api.roles."""
        return contact.tenant == self.tenant and self.reaches(action, agent=contact.agent, team=contact.team)

    def reaches(self, action: Action, *, agent: str | None, team: str | None) -> bool:
        """The same of a call of the caller's own tenant, of which only its agent and team are known."""
        is_own = agent == self.agent
        stands = Reach.ANY | (Reach.OWN if is_own else Reach.NONE)
        if team is not None and team in self.teams:
            stands |= Reach.TEAM
        return bool(self.reach(action) & stands) and not (is_own and action in NEVER_OWN)

    def reach(self, action: Action) -> Reach:
        return TABLE[action][self.role]

    def may_read(self, contact: Contact) -> bool:
        return self.may(Action.READ_CALL, contact)

    def may_write_to(self, contact: Contact) -> bool:
        """Whether its agent is one whom the caller supervises."""
        return self.may(Action.SEND_NOTE, contact)

    def may_follow(self, contact: Contact) -> bool:
        return self.may(Action.FOLLOW_LIVE, contact)

    def supervises(self) -> frozenset[str]:
        """The teams whose calls may be listed. Raises Unauthorised for anyone but a supervisor."""
        if not self.reach(Action.LIST_LIVE) & Reach.TEAM:
            raise Unauthorised("role: only supervisors may list live calls")
        return self.teams


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """Read the claims ``tenant``, ``agent``, ``role`` (agent when absent) and ``teams``. Raises Unauthorised."""
    return Caller(
        tenant=_named(claims, "tenant", _TENANT),
        agent=_named(claims, "agent", _NAME),
        role=_role(claims),
        teams=_teams(claims),
    )


def signed_for(claims: Mapping[str, Any], tenants: Collection[str]) -> None:
    """``tenants``: those that the issuer of the token is configured for. Raises Unauthorised."""
    if _named(claims, "tenant", _TENANT) not in tenants:
        raise Unauthorised("token: the claim 'tenant' names nobody that its issuer signs for")


def _named(claims: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise Unauthorised(f"token: the claim {name!r} is missing; map it in the identity provider")
    if not pattern.fullmatch(value):
        raise Unauthorised(f"token: the claim {name!r} is no name of ours; correct it in the identity provider")
    return value


def _role(claims: Mapping[str, Any]) -> Role:
    try:
        return Role(claims.get("role", Role.AGENT))
    except ValueError:
        raise Unauthorised(f"token: the claim 'role' must be one of {', '.join(Role)}") from None


def _teams(claims: Mapping[str, Any]) -> frozenset[str]:
    teams = claims.get("teams") or ()
    if not isinstance(teams, list | tuple) or not all(
        isinstance(team, str) and _NAME.fullmatch(team) for team in teams
    ):
        raise Unauthorised("token: the claim 'teams' must be a list of names")
    return frozenset(teams)
