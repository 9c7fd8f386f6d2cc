"""Who works at a tenant's Connect instances, by name. Contact events name agents and queues by ARNs that end in UUIDs.

The directory is a copy of what the instances said last (sotto.contacts.synchronisation): it may be older than they are,
and what it does not know is None, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

_ID = re.compile(r"(?:arn:aws[a-z-]*:connect:\S+/)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
OLD_AFTER_MS = 86_400_000
"""A directory that was not synchronised for a day is old: its names are still used, and somebody is called."""


@dataclass(frozen=True, slots=True)
class DirectoryAgent:
    """A user of an instance. ``id`` ends the agent's ARN. ``groups``: names of the hierarchy groups that the user is
    in, from level 1 down. ``left_at_ms`` (Unix epoch): when the directory found that the user is gone; None: works
    there."""

    id: str
    username: str
    first_name: str = ""
    last_name: str = ""
    groups: tuple[str, ...] = ()
    routing_profile: str | None = None
    left_at_ms: int | None = None

    @property
    def title(self) -> str:
        """As people call the agent; the username where the instance has no name."""
        return f"{self.first_name} {self.last_name}".strip() or self.username


def resource_id(arn: str) -> str:
    """``arn:aws:connect:...:instance/<instance>/agent/<id>`` -> ``<id>``; an id stays one."""
    return arn.rsplit("/", 1)[-1]


def is_id(name: str) -> bool:
    """Whether it is an agent's id or ARN, and no username."""
    return _ID.fullmatch(name) is not None


class Directory(Protocol):
    """Raises StorageUnavailable."""

    def queue_name(self, tenant: str, queue_arn: str) -> str | None:
        """None for a queue that the last synchronisation did not list; agents' own queues have no names."""
        ...

    def agent(self, tenant: str, agent_id: str) -> DirectoryAgent | None:
        """By id or ARN, also one who has left."""
        ...

    def agent_called(self, tenant: str, username: str) -> DirectoryAgent | None:
        """By username, whatever its case, also one who has left."""
        ...


class Kind(StrEnum):
    """Of what an instance names besides users."""

    QUEUE = "queue"
    GROUP = "group"
    ROUTING_PROFILE = "routing-profile"


@dataclass(frozen=True, slots=True)
class Named:
    """``path``: of a hierarchy group, the names from level 1 down to its own."""

    id: str
    name: str
    path: tuple[str, ...] = ()


class Condition(StrEnum):
    """Of the directory of an instance. ``FORBIDDEN``: Connect refuses a listing to the function's role; ``UNKNOWN``: it
    knows no such instance; ``BEHIND``: throttled or out of time, and goes on."""

    FINE = "fine"
    BEHIND = "behind"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown-instance"


@dataclass(frozen=True, slots=True)
class InstanceState:
    """``synchronised_at_ms``: when everything was last listed to the end, 0 for never; ``attempted_at_ms``: the last
    try. ``refused``: the operations of Connect's API that were forbidden."""

    instance: str
    condition: Condition
    synchronised_at_ms: int = 0
    attempted_at_ms: int = 0
    users: int = 0
    refused: tuple[str, ...] = ()
    first_attempt_at_ms: int = 0
    busy_until_ms: int = 0
    """Somebody is synchronising it, who is given up after that."""
    renewed_at_ms: int = 0
    """When every row was last written, changed or not: rows expire by themselves."""

    def age_ms(self, now_ms: float) -> float:
        """Since the last time, or since we first tried."""
        return max(0.0, now_ms - (self.synchronised_at_ms or self.first_attempt_at_ms))

    def is_old(self, now_ms: float) -> bool:
        return self.age_ms(now_ms) > OLD_AFTER_MS


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a listing of users came. ``token``: of the next page; None once every page was read. ``seen``: ids of
    the users that were on those before."""

    began_at_ms: int
    token: str | None
    seen: frozenset[str] = field(default=frozenset(), repr=False)


class DirectoryStore(Directory, Protocol):
    """What synchronising reads and writes. Raises StorageUnavailable."""

    def agents_of(self, tenant: str, instance: str) -> Iterator[DirectoryAgent]:
        """All, also those who have left."""
        ...

    def put_agents(self, tenant: str, instance: str, agents: Sequence[DirectoryAgent]) -> None: ...

    def named(self, tenant: str, instance: str, kind: Kind) -> Mapping[str, Named]:
        """By id."""
        ...

    def put_named(
        self, tenant: str, instance: str, kind: Kind, changed: Sequence[Named], gone: Sequence[str] = ()
    ) -> None:
        """``gone``: ids that the instance names no more."""
        ...

    def states(self, tenant: str) -> Sequence[InstanceState]: ...

    def put_state(self, tenant: str, state: InstanceState) -> None: ...

    def progress(self, tenant: str, instance: str) -> Progress | None: ...

    def put_progress(self, tenant: str, instance: str, progress: Progress | None) -> None:
        """None: nothing is under way."""
        ...
