"""What an Amazon Connect instance lists of itself, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sotto.contacts.directory import Kind, Named
from sotto.core.errors import Rejected, Retryable


class ListingForbidden(Rejected):
    """Connect refuses ``operation`` to our role."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"Connect refuses {operation}: let the role of synchronise_directory call it on the instance")
        self.operation = operation


class InstanceUnknown(Rejected):
    """There is no such instance in this account and region."""


class ListingUnavailable(Retryable):
    """Connect throttled us again and again, or could not be reached."""


class PageLost(Retryable):
    """Connect takes the token of the next page no more: the listing begins again."""


@dataclass(frozen=True, slots=True)
class ListedUser:
    """As Connect has it: groups and profiles by id."""

    id: str
    username: str
    first_name: str = ""
    last_name: str = ""
    group_id: str | None = None
    routing_profile_id: str | None = None


@dataclass(frozen=True, slots=True)
class UserPage:
    """``token``: of the next page; None after the last one."""

    users: tuple[ListedUser, ...]
    token: str | None = None


class InstanceListing(Protocol):
    """``instance``: its id. Raises ListingForbidden, InstanceUnknown and ListingUnavailable."""

    def users(self, instance: str, token: str | None) -> UserPage:
        """At most 500. May lag behind changes by some seconds. Raises PageLost."""
        ...

    def user(self, instance: str, user_id: str) -> ListedUser | None:
        """As the user is now; None for one who is gone."""
        ...

    def named(self, instance: str, kind: Kind) -> Iterator[Named]: ...
