"""Unit: the past that the demo makes up says everywhere that it is made up, and never lies in the future."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

from local.demo_history.make_days import LISTED, make
from local.demo_history.plan import filed_conversations, folder_of, is_file_day, started_ms
from local.demo_history.records import made_up
from sotto.analytics.facts.of_conversation import facts_of
from sotto.analytics.facts.records import ContactRecords
from sotto.analytics.history.make import Asked

TODAY = date(2026, 11, 30)
HISTORY = Asked(30, 4, TODAY.isoformat())
NOON_MS = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp() * 1000


def test_conversations_that_are_filed_are_over_and_of_days_that_are_no_files() -> None:
    found = filed_conversations(TODAY, NOON_MS)
    assert found and all(started_ms(each) < NOON_MS for each in found)
    assert {each.day for each in found} == {"2026-11-29", "2026-11-30"}
    assert not any(is_file_day(each.day, TODAY) for each in found)


def test_records_of_a_made_up_conversation_say_so_in_words_and_in_its_facts() -> None:
    made = [each for each in (made_up("bank", "i-1", one) for one in filed_conversations(TODAY, NOON_MS)) if each]
    assert len(made) > 20
    for each in made:
        assert "made up" in str(each.contact.queue) and each.summary.lines[0].text.startswith("[made up]")
        assert each.waiting.agent is None and each.waiting.contact_id == each.contact.contact_id
        assert [one.seq for one in each.utterances] == list(range(1, len(each.utterances) + 1))
        facts = facts_of(each.contact.contact_id, [ContactRecords(each.contact)], lambda contact: None)
        assert facts is not None
        assert all(row["synthetic"] is True for rows in facts.rows.values() for row in rows)


def test_files_of_days_that_are_over_are_made_once_a_day(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, TODAY)
    make(folder, TODAY, HISTORY)
    days = json.loads((folder / LISTED).read_text())
    assert [each["day"] for each in days] == ["2026-11-27", "2026-11-28"]
    assert sum(each["conversations"] for each in days) == sum(each["rows"]["conversation"] for each in days) > 5
    written = (folder / LISTED).stat().st_mtime_ns
    make(folder, TODAY, HISTORY)
    assert (folder / LISTED).stat().st_mtime_ns == written
