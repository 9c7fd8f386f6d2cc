"""What the company knows of who is calling: only what the tenant lists, redacted before anything of ours sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CustomerState(StrEnum):
    """How the look-up ended. Several profiles of one number are nobody's: none is chosen."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    SEVERAL = "several"
    NO_NUMBER = "no_number"
    """The caller withheld it, and no attribute names a profile."""
    NO_DOMAIN = "no_domain"
    """The deployment names none, or Connect knows none of that name: only attributes were read."""
    FORBIDDEN = "forbidden"
    THROTTLED = "throttled"
    LATE = "late"
    """The answer came after the deadline, and was dropped."""
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class CustomerField:
    """``name``: the tenant's own; ``value``: redacted. ``is_shown``: on panels and in written help; else only policies
    compare it."""

    name: str
    title: str
    value: str
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class CustomerContext:
    state: CustomerState
    fields: tuple[CustomerField, ...] = ()

    @property
    def shown(self) -> tuple[CustomerField, ...]:
        return tuple(each for each in self.fields if each.is_shown)

    @property
    def values(self) -> Mapping[str, str]:
        """By name, for conditions."""
        return {each.name: each.value for each in self.fields}
