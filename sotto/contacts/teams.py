"""Whose team an agent is in, and where in the hierarchy: by what the tenant published and what the directory knows.

A call keeps what was true when the agent answered: somebody who is moved to another group in mid-call takes the next
one there, and no supervisor loses or gains a call while it is on.
"""

from __future__ import annotations

from dataclasses import replace

from sotto.call.contact import Contact
from sotto.contacts.directory import Directory, DirectoryAgent, is_id
from sotto.sources.connect.contact_event import ContactEvent
from sotto.tenants.book import BookReader


class EmptyDirectory:
    """A Directory that knows nobody: agents stay ids."""

    def queue_name(self, tenant: str, queue_arn: str) -> str | None:
        return None

    def agent(self, tenant: str, agent_id: str) -> DirectoryAgent | None:
        return None

    def agent_called(self, tenant: str, username: str) -> DirectoryAgent | None:
        return None


class DirectoryTeams:
    """A Teams."""

    def __init__(self, books: BookReader, directory: Directory) -> None:
        self._books = books
        self._directory = directory

    def team_of(self, tenant: str, agent: str) -> str | None:
        """``agent``: a username. One whom the directory does not know is in a team that lists the username, or in
        none."""
        known = self._directory.agent_called(tenant, agent)
        settings = self._books.current(tenant).settings
        return settings.team_of(agent, known.groups, known.routing_profile) if known else settings.team_of(agent)


def named(event: ContactEvent, tenant: str, directory: Directory) -> ContactEvent:
    """The event with its agent by username. Who is not in the directory yet stays an id."""
    known = directory.agent(tenant, event.agent) if event.agent else None
    return replace(event, agent=known.username) if known else event


def renamed(contact: Contact, directory: Directory) -> Contact:
    """The contact with its agent by username, where the directory has learnt it since an earlier event."""
    known = directory.agent(contact.tenant, contact.agent) if contact.agent and is_id(contact.agent) else None
    return replace(contact, agent=known.username) if known else contact


def placed(contact: Contact, directory: Directory) -> Contact:
    """The contact with its agent's name, and where they are in the hierarchy now."""
    known = directory.agent_called(contact.tenant, contact.agent) if contact.agent else None
    if known is None:
        return replace(contact, groups=(), routing_profile=None, agent_name=None)
    return replace(contact, groups=known.groups, routing_profile=known.routing_profile, agent_name=known.title)
