"""Where a call is filed, as it is shown to the agent whose call it was."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FilingState(StrEnum):
    """``PENDING``: the system has not taken it yet, and is asked again by a schedule. ``AMBIGUOUS``: it waits until the
    agent says whose call it was. ``FAILED``: it is not asked again before something changes. ``ERASED``: what it held
    of the call is deleted."""

    PENDING = "pending"
    FILED = "filed"
    AMBIGUOUS = "ambiguous"
    FAILED = "failed"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class PersonOption:
    """Somebody whose call it may have been. ``label``: as much of the name as the tenant's redaction leaves."""

    id: str
    label: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class FiledCall:
    """One call in one system. ``address``: of its record there, empty until there is one. ``persons``: among whom the
    agent chooses, empty where nobody has to; ``has_more``: there are more than these. ``person``: whose call it is, by
    the system's id; empty: nobody's, None: not settled."""

    system: str
    title: str
    state: FilingState
    address: str = ""
    persons: tuple[PersonOption, ...] = ()
    has_more: bool = False
    person: str | None = None
