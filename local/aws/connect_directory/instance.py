"""What an emulated Connect instance knows: users, hierarchy groups, queues and routing profiles, each with an id that
says nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sotto.tenants.book import TenantBook

QUEUES = ("BasicQueue",)
ROUTING_PROFILE = "Basic Routing Profile"
_LAST_NAMES = ("Baker", "Clarke", "Evans", "Fletcher", "Harris", "Mason", "Parker", "Turner", "Walker", "Wright")


def user_id(instance: str, username: str) -> str:
    """As the end of the agent's ARN has it."""
    return _id(instance, f"user:{username}")


def queue_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def _id(instance: str, what: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{instance}/{what}"))


@dataclass(frozen=True, slots=True)
class Group:
    """``path``: ids from level 1 down to its own."""

    id: str
    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User:
    id: str
    username: str
    first_name: str
    last_name: str
    group_id: str | None = None
    routing_profile_id: str | None = None


@dataclass(slots=True)
class EmulatedInstance:
    """By id each. ``hidden``: ids of users that SearchUsers does not list yet, or any more, though DescribeUser has
    them: its index lags."""

    arn: str
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)
    routing_profiles: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return self.arn.rpartition("/")[2]

    def add_group(self, *names: str) -> str:
        """The group at the end of this path of names; those above it are made where they are not there."""
        path: list[str] = []
        for level in range(1, len(names) + 1):
            path.append(_id(self.id, f"group:{'/'.join(names[:level])}"))
            self.groups.setdefault(path[-1], Group(path[-1], names[level - 1], tuple(path)))
        return path[-1]

    def add_routing_profile(self, name: str) -> str:
        id = _id(self.id, f"routing-profile:{name}")
        self.routing_profiles[id] = name
        return id

    def add_queue(self, name: str) -> str:
        self.queues[queue_id(name)] = name
        return queue_id(name)

    def add_user(self, username: str, *, groups: Sequence[str] = (), routing_profile: str = ROUTING_PROFILE) -> str:
        first = username.partition("@")[0].partition(".")[0].title()
        last = _LAST_NAMES[sum(username.encode()) % len(_LAST_NAMES)]
        id = user_id(self.id, username)
        profile = self.add_routing_profile(routing_profile)
        self.users[id] = User(id, username, first, last, self.add_group(*groups) if groups else None, profile)
        return id

    def remove_user(self, username: str) -> None:
        del self.users[user_id(self.id, username)]


def instances_of(book: TenantBook, *, region: str, account: str) -> Mapping[str, EmulatedInstance]:
    """The instances that a tenant's book names, each with the agents of its teams and the queues of its policies."""
    found = {}
    for id in book.settings.instances:
        instance = EmulatedInstance(f"arn:aws:connect:{region}:{account}:instance/{id}")
        for name in (*QUEUES, *(queue for policy in book.policies for queue in policy.when.queues)):
            instance.add_queue(name)
        for team in book.settings.teams.values():
            for username in team.agents:
                instance.add_user(username, groups=(book.settings.title, team.title))
        found[id] = instance
    return found
