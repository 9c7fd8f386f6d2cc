"""Where companies keep what they know of their customers: Amazon Connect Customer Profiles, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from sotto.core.errors import Degraded

ProfileValues = Mapping[str, str]
"""Of the paths that were asked for, those that it has: ``FirstName``, ``Address.City``, ``Attributes.tier``."""


class ProfilesUnavailable(Degraded):
    """The service could not be reached, or failed."""


class ProfilesThrottled(ProfilesUnavailable):
    """The domain has answered as often as it does for now."""


class ProfilesForbidden(Degraded):
    """The function's role may not search the domain."""


class NoProfileDomain(Degraded):
    """The deployment names no domain for the instance, or there is none of that name."""


class SeveralProfiles(Degraded):
    """More than one customer has this number: whoever was chosen could be another."""


class CustomerProfiles(Protocol):
    """Raises ProfilesUnavailable, ProfilesForbidden, NoProfileDomain and SeveralProfiles. No error quotes what was
    searched for."""

    def by_id(self, instance: str, profile_id: str, paths: Collection[str]) -> ProfileValues | None:
        """``instance``: the id of the Connect instance. None where there is no such profile."""
        ...

    def by_phone(self, instance: str, number: str, paths: Collection[str]) -> ProfileValues | None:
        """``number``: E.164, as Connect gives it."""
        ...


class NoProfiles:
    """A CustomerProfiles where the deployment names no domain."""

    def by_id(self, instance: str, profile_id: str, paths: Collection[str]) -> ProfileValues | None:
        raise NoProfileDomain("the deployment names no domain")

    def by_phone(self, instance: str, number: str, paths: Collection[str]) -> ProfileValues | None:
        raise NoProfileDomain("the deployment names no domain")
