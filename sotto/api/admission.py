"""Whom a token's claims admit: the claim ``agent`` is a username of the tenant's Connect instances, or the id or ARN of
one, and whoever has left is nobody any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sotto.api.caller import Caller, Unauthorised, caller_of
from sotto.contacts.directory import Directory, DirectoryAgent, is_id

SEEN_WITHIN_MS = 5_000
"""Who has left is refused after so long: requests are many, so each process asks the directory so often."""


def admitted(claims: Mapping[str, Any], directory: Directory) -> Caller:
    """The caller, by username. Whom the directory does not know is who the claims say: supervisors need be no users of
    an instance. Raises Unauthorised, and StorageUnavailable."""
    caller = caller_of(claims)
    known = find_agent(caller.tenant, caller.agent, directory)
    if known is None:
        return caller
    if known.left_at_ms is not None:
        raise Unauthorised("agent: works at none of the tenant's Connect instances any more")
    return replace(caller, agent=known.username)


def find_agent(tenant: str, name: str, directory: Directory) -> DirectoryAgent | None:
    """``name``: a username, an id or an ARN."""
    if is_id(name):
        return directory.agent(tenant, name.lower())
    return directory.agent_called(tenant, name)
