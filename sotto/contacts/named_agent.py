"""Whom another system names as a call's agent."""

from __future__ import annotations

from sotto.contacts.directory import Directory
from sotto.contacts.start import Teams


def named_agent(tenant: str, name: str, directory: Directory, teams: Teams) -> str | None:
    """The username of the tenant's agent whom ``name`` means, by username or id; None for anybody else, as the name may
    be anybody's."""
    known = directory.agent_called(tenant, name) or directory.agent(tenant, name)
    if known is not None:
        return known.username
    return name if teams.team_of(tenant, name) is not None else None
