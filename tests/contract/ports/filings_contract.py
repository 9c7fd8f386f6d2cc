"""What every outbox of filings, and every store of outcomes, must do, as classes of tests to inherit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.call.events import CrmFiled
from sotto.call.filing import FilingState
from sotto.filing.crm import OutcomeKind
from sotto.filing.notes import MOST_NOTES, CallNote, CallNotes
from sotto.filing.outbox import DueRow, FilingRow, FilingRows, RowChanged
from sotto.filing.outcomes import Outcome, OutcomeStore

TENANT = "harbour_bank"
ROW = FilingRow(TENANT, "c1", "crm", record="00T1", person="003A", due_at_ms=1_000)
OUTCOME = Outcome(TENANT, "c1", "crm", OutcomeKind.CASE_CLOSED, "500A", 1_790_000_000_000)


class FilingRowsContract:
    """``rows``: a fixture."""

    def test_a_row_is_kept_with_its_version(self, rows: FilingRows) -> None:
        assert rows.row(TENANT, "c1", "crm") is None
        stored = rows.replace(ROW)
        assert stored == replace(ROW, version=1) == rows.row(TENANT, "c1", "crm")
        assert rows.replace(replace(stored, state=FilingState.FILED)).version == 2

    def test_who_read_another_version_changes_nothing(self, rows: FilingRows) -> None:
        stored = rows.replace(ROW)
        rows.replace(replace(stored, digest="a"))
        with pytest.raises(RowChanged):
            rows.replace(replace(stored, digest="b"))
        with pytest.raises(RowChanged):
            rows.replace(ROW)
        row = rows.row(TENANT, "c1", "crm")
        assert row is not None
        assert row.digest == "a"

    def test_rows_of_a_call_are_those_of_its_systems(self, rows: FilingRows) -> None:
        for system in ("cases", "crm"):
            rows.replace(replace(ROW, system=system))
        rows.replace(replace(ROW, contact_id="c2"))
        assert [row.system for row in rows.rows(TENANT, "c1")] == ["cases", "crm"]
        assert rows.rows("torque_garage", "c1") == []

    def test_what_is_due_is_listed_once_and_in_order(self, rows: FilingRows) -> None:
        stored = rows.replace(ROW)
        rows.replace(replace(ROW, contact_id="c2", due_at_ms=500))
        rows.replace(replace(ROW, contact_id="c3", due_at_ms=5_000))
        assert rows.due(TENANT, 1_000, 10) == [DueRow("c2", "crm", 500), DueRow("c1", "crm", 1_000)]
        assert rows.due(TENANT, 1_000, 1) == [DueRow("c2", "crm", 500)]
        rows.replace(replace(stored, due_at_ms=2_000))
        assert [each.contact_id for each in rows.due(TENANT, 1_000, 10)] == ["c2"]
        assert [each.due_at_ms for each in rows.due(TENANT, 2_000, 10)] == [500, 2_000]

    def test_what_is_due_no_more_is_not_listed(self, rows: FilingRows) -> None:
        stored = rows.replace(ROW)
        rows.replace(replace(stored, due_at_ms=0), event=CrmFiled.of(TENANT, "c1", "crm", 2, 1.0))
        assert rows.due(TENANT, 9_000, 10) == []
        assert rows.due("torque_garage", 9_000, 10) == []


class OutcomeStoreContract:
    """``outcomes``: a fixture."""

    def test_an_outcome_is_stored_once(self, outcomes: OutcomeStore) -> None:
        assert outcomes.latest(TENANT, "c1", "crm", "500A") is None
        assert outcomes.add(OUTCOME)
        assert not outcomes.add(OUTCOME)
        assert outcomes.latest(TENANT, "c1", "crm", "500A") == OUTCOME

    def test_the_latest_is_by_the_systems_time_and_of_one_subject(self, outcomes: OutcomeStore) -> None:
        later = replace(OUTCOME, kind=OutcomeKind.CASE_REOPENED, at_ms=OUTCOME.at_ms + 1)
        outcomes.add(later)
        outcomes.add(OUTCOME)
        outcomes.add(replace(OUTCOME, subject="500B", at_ms=OUTCOME.at_ms + 9))
        assert outcomes.latest(TENANT, "c1", "crm", "500A") == later

    def test_a_cursor_is_of_one_system(self, outcomes: OutcomeStore) -> None:
        assert outcomes.cursor(TENANT, "crm") == ""
        outcomes.move_cursor(TENANT, "crm", "2026-11-30T00:00:00Z")
        assert outcomes.cursor(TENANT, "crm") == "2026-11-30T00:00:00Z"
        assert outcomes.cursor(TENANT, "cases") == ""


class CallNotesContract:
    """``notes``: a fixture."""

    def test_a_note_is_added_once_however_often_it_is_tried(self, notes: CallNotes) -> None:
        note = CallNote(TENANT, "c1", "wf_1/kept", "The promise was kept.", 2_000)
        assert notes.add(note) and not notes.add(replace(note, at_ms=3_000))
        assert notes.notes(TENANT, "c1") == [note]
        assert not notes.notes(TENANT, "c2") and not notes.notes("torque_garage", "c1")

    def test_notes_come_in_order_and_not_more_than_anybody_reads(self, notes: CallNotes) -> None:
        for n in range(MOST_NOTES + 2):
            notes.add(CallNote(TENANT, "c1", f"k{n:02d}", f"note {n}", 9_000 - n))
        found = notes.notes(TENANT, "c1")
        assert len(found) == MOST_NOTES and found[0].at_ms < found[-1].at_ms
