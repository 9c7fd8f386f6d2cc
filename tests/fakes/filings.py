"""The outbox of filings and what became of calls, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sotto.call.events import CallNoted, Event, OutcomeKnown
from sotto.filing.notes import MOST_NOTES, CallNote
from sotto.filing.outbox import DueRow, FilingRow, RowChanged
from sotto.filing.outcomes import Outcome


@dataclass
class FilingRowsInMemory:
    """FilingRows. ``step``: called before and after each write, and may raise."""

    kept: dict[tuple[str, str, str], FilingRow] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    step: Callable[[], None] = lambda: None

    def row(self, tenant: str, contact_id: str, system: str) -> FilingRow | None:
        return self.kept.get((tenant, contact_id, system))

    def rows(self, tenant: str, contact_id: str) -> Sequence[FilingRow]:
        return [row for key, row in sorted(self.kept.items()) if key[:2] == (tenant, contact_id)]

    def replace(self, row: FilingRow, *, event: Event | None = None) -> FilingRow:
        self.step()
        key = (row.tenant, row.contact_id, row.system)
        known = self.kept.get(key)
        if (known.version if known else 0) != row.version:
            raise RowChanged
        self.kept[key] = replace(row, version=row.version + 1)
        if event is not None:
            self.events.append(event)
        self.step()
        return self.kept[key]

    def due(self, tenant: str, now_ms: int, limit: int) -> Sequence[DueRow]:
        rows = [row for row in self.kept.values() if row.tenant == tenant and 0 < row.due_at_ms <= now_ms]
        rows.sort(key=lambda row: (row.due_at_ms, row.contact_id, row.system))
        return [DueRow(row.contact_id, row.system, row.due_at_ms) for row in rows[:limit]]


@dataclass
class OutcomesInMemory:
    """An OutcomeStore."""

    kept: list[Outcome] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    cursors: dict[tuple[str, str], str] = field(default_factory=dict)

    def latest(self, tenant: str, contact_id: str, system: str, subject: str) -> Outcome | None:
        wanted = (tenant, contact_id, system, subject)
        found = [each for each in self.kept if (each.tenant, each.contact_id, each.system, each.subject) == wanted]
        return max(found, key=lambda each: each.at_ms, default=None)

    def add(self, outcome: Outcome) -> bool:
        place = (outcome.tenant, outcome.contact_id, outcome.system, outcome.subject, outcome.at_ms)
        if any((o.tenant, o.contact_id, o.system, o.subject, o.at_ms) == place for o in self.kept):
            return False
        self.kept.append(outcome)
        self.events.append(OutcomeKnown.of(outcome.tenant, outcome.contact_id, outcome.kind.value, outcome.at_ms))
        return True

    def cursor(self, tenant: str, system: str) -> str:
        return self.cursors.get((tenant, system), "")

    def move_cursor(self, tenant: str, system: str, cursor: str) -> None:
        self.cursors[tenant, system] = cursor


@dataclass
class CallNotesInMemory:
    """CallNotes. ``step``: called before and after each write, and may raise."""

    kept: dict[tuple[str, str, str], CallNote] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    step: Callable[[], None] = lambda: None

    def notes(self, tenant: str, contact_id: str) -> Sequence[CallNote]:
        found = [note for key, note in self.kept.items() if key[:2] == (tenant, contact_id)]
        return sorted(found, key=lambda each: (each.at_ms, each.key))[:MOST_NOTES]

    def add(self, note: CallNote) -> bool:
        self.step()
        key = (note.tenant, note.contact_id, note.key)
        if key in self.kept:
            return False
        self.kept[key] = note
        self.events.append(CallNoted.of(note.tenant, note.contact_id, note=note.key, at_ms=note.at_ms))
        self.step()
        return True
