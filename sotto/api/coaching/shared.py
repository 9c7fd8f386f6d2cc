"""Where shared moments are kept: with the call, so that they go with it, and listed for coaches and for agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.shared_moment import SharedMoment
from sotto.core.errors import Retryable


class SharedMomentChanged(Retryable):
    """Somebody changed it in the same moment; read it again."""


@dataclass(frozen=True, slots=True)
class SharedRow:
    """Where one is, and for whom: no words. ``place`` orders rows, the oldest first."""

    place: str
    contact_id: str
    id: str
    agent: str
    team: str | None


class SharedMoments(Protocol):
    """Raises Retryable throughout; BadKey for an id that could be part of another key."""

    def add(self, moment: SharedMoment) -> SharedMoment:
        """The one that is there now: of two with one id, the first."""
        ...

    def replace(self, moment: SharedMoment) -> None:
        """Its version is one more than what is stored. Raises SharedMomentChanged."""
        ...

    def moment(self, tenant: str, contact_id: str, share_id: str) -> SharedMoment | None: ...

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[SharedMoment]:
        """The latest shared first."""
        ...

    def rows(self, tenant: str, *, agent: str | None = None, before: str = "", limit: int) -> Sequence[SharedRow]:
        """The latest shared first: those with ``agent``, or all of the tenant; those before the place ``before``. A row
        whose call was erased meanwhile may be among them."""
        ...
