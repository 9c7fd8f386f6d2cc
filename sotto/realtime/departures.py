"""Closes what somebody who has left follows on panels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from sotto.call.contact import Contact
from sotto.contacts.directory import DirectoryAgent
from sotto.realtime.channel import AgentAssignment, AssignmentState
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.tenants.book import BookReader

MOST_OF_A_TEAM = 1_000


class CallsUnderWay(Protocol):
    """Raises StorageUnavailable."""

    def contacts_of(self, tenant: str, agent: str) -> Sequence[Contact]: ...

    def live_of_team(self, tenant: str, team: str, limit: int) -> Sequence[Contact]: ...


class PanelDepartures:
    """A Departures. Whoever serves a contact loses it; and what supervisors follow ends for all of them, because
    nothing says which of those who left supervised whom: panels of the others subscribe anew and are judged anew.

    ``wait_until_seen`` returns once no process admits anybody who has left.
    """

    def __init__(
        self, calls: CallsUnderWay, books: BookReader, panel: PanelPublisher, wait_until_seen: Callable[[], None]
    ) -> None:
        self._calls = calls
        self._books = books
        self._panel = panel
        self._wait_until_seen = wait_until_seen

    def left(self, tenant: str, agents: Sequence[DirectoryAgent]) -> None:
        self._wait_until_seen()
        for agent in agents:
            self._release(agent, self._calls.contacts_of(tenant, agent.username))
        self._release(agents[0], self._followed(tenant))

    def _followed(self, tenant: str) -> Iterator[Contact]:
        for team in self._books.current(tenant).settings.teams:
            yield from self._calls.live_of_team(tenant, team, MOST_OF_A_TEAM)

    def _release(self, agent: DirectoryAgent, contacts: Sequence[Contact] | Iterator[Contact]) -> None:
        for contact in contacts:
            self._panel.assign([AgentAssignment(agent.username, AssignmentState.RELEASED, contact)])
