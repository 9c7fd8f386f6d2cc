"""What stands between a call and a system: a row for each, which outlives whatever happens to whoever files it.

A row is due at a time: when its lease ends, when the system wants to be asked again, or never. The sweep takes what is
due, so that nothing is lost while a system is down, whoever dies meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.events import Event
from sotto.call.filing import FilingState

LEASE_MS = 120_000
"""Longer than one filing takes with all its requests: until then nobody else files the row."""
GIVE_UP_MS = 7 * 86_400_000
REFUSED_WAIT_MS = 3_600_000
"""Somebody has to change something first."""
_WAITS_MS = (60_000, 300_000, 900_000, 1_800_000, 3_600_000)


class RowChanged(Exception):
    """The row has another version than the one that was read."""


@dataclass(frozen=True, slots=True)
class FilingRow:
    """One call in one system. ``digest``: of what the system has of it, empty while it has nothing. ``person``: whose
    call it is, empty for nobody's, None until it was looked for. ``looked_at_ms``: when a person was looked for last,
    0: never. ``due_at_ms``: Unix epoch, 0: not until something changes. ``leased_until_ms``: somebody is filing it.
    ``attempts``: since it was last filed. ``is_gone``: erased, and the system says that it has nothing more. It holds
    ids and no text."""

    tenant: str
    contact_id: str
    system: str
    state: FilingState = FilingState.PENDING
    digest: str = ""
    record: str = ""
    address: str = ""
    person: str | None = None
    chosen_by: str = ""
    looked_at_ms: int = 0
    case_is_missing: bool = False
    is_gone: bool = False
    attempts: int = 0
    waits_since_ms: int = 0
    due_at_ms: int = 0
    leased_until_ms: int = 0
    version: int = 0

    def leased(self, now_ms: int) -> FilingRow:
        """What the system has is not known until this attempt has ended."""
        until = now_ms + LEASE_MS
        since = self.waits_since_ms or now_ms
        return replace(
            self, digest="", attempts=self.attempts + 1, waits_since_ms=since, leased_until_ms=until, due_at_ms=until
        )

    def put_off(self, now_ms: int, after_ms: float | None) -> FilingRow:
        """Asked again later, and less often the longer it lasts; after a week not any more."""
        if now_ms - self.waits_since_ms > GIVE_UP_MS:
            return replace(self, state=FilingState.FAILED, leased_until_ms=0, due_at_ms=0)
        wait = max(_WAITS_MS[min(self.attempts, len(_WAITS_MS)) - 1], int(after_ms or 0))
        return replace(self, state=FilingState.PENDING, leased_until_ms=0, due_at_ms=now_ms + wait)

    def refused(self, now_ms: int) -> FilingRow:
        """Shown as failed; tried again all the same, because somebody may put it right."""
        is_over = now_ms - self.waits_since_ms > GIVE_UP_MS
        due = 0 if is_over else now_ms + REFUSED_WAIT_MS
        return replace(self, state=FilingState.FAILED, leased_until_ms=0, due_at_ms=due)

    def concluded(self, state: FilingState, *, due_at_ms: int = 0) -> FilingRow:
        return replace(self, state=state, attempts=0, waits_since_ms=0, leased_until_ms=0, due_at_ms=due_at_ms)


@dataclass(frozen=True, slots=True)
class DueRow:
    contact_id: str
    system: str
    due_at_ms: int


class FilingRows(Protocol):
    """Raises StorageUnavailable."""

    def row(self, tenant: str, contact_id: str, system: str) -> FilingRow | None: ...

    def rows(self, tenant: str, contact_id: str) -> Sequence[FilingRow]:
        """Of all systems."""
        ...

    def replace(self, row: FilingRow, *, event: Event | None = None) -> FilingRow:
        """As it is stored, one version later; 0 was none. The event is written with it. Raises RowChanged."""
        ...

    def due(self, tenant: str, now_ms: int, limit: int) -> Sequence[DueRow]:
        """The earliest first."""
        ...
