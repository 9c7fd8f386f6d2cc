"""Who asks, by the claims of a verified token and by nothing else, and what they may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sotto.contact.contact import Contact
from sotto.errors import Rejected


class Unauthorised(Rejected):
    """The caller may not do this. Says the same for what does not exist and for what is someone else's."""


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Caller:
    """``teams`` are those that a supervisor supervises."""

    tenant: str
    agent: str
    role: Role
    teams: frozenset[str] = frozenset()

    def serves(self, contact: Contact) -> bool:
        return contact.tenant == self.tenant and contact.agent == self.agent

    def may_read(self, contact: Contact) -> bool:
        supervised = self.role is Role.SUPERVISOR and contact.tenant == self.tenant and contact.team in self.teams
        return supervised or self.serves(contact)

    def supervises(self) -> frozenset[str]:
        """The teams whose calls may be listed. Raises Unauthorised for anyone but a supervisor."""
        if self.role is not Role.SUPERVISOR:
            raise Unauthorised("role: only supervisors may list live calls")
        return self.teams


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """Read the claims ``tenant``, ``agent``, ``role`` (agent when absent) and ``teams``. Raises Unauthorised."""
    return Caller(
        tenant=_named(claims, "tenant"), agent=_named(claims, "agent"), role=_role(claims), teams=_teams(claims)
    )


def _named(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise Unauthorised(f"token: the claim {name!r} is missing; map it in the identity provider")
    return value


def _role(claims: Mapping[str, Any]) -> Role:
    try:
        return Role(claims.get("role", Role.AGENT))
    except ValueError:
        raise Unauthorised("token: the claim 'role' must be agent or supervisor") from None


def _teams(claims: Mapping[str, Any]) -> frozenset[str]:
    teams = claims.get("teams") or ()
    if not isinstance(teams, list | tuple) or not all(isinstance(team, str) for team in teams):
        raise Unauthorised("token: the claim 'teams' must be a list of names")
    return frozenset(teams)
