"""Unit: every decision record has a status and a subject, and the index names them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.style.decision_index import INDEX, NoRecord, Record, index, records


def test_the_index_is_what_the_records_say() -> None:
    assert INDEX.read_text(encoding="utf-8") == index(records()), "run: python -m tests.style.decision_index"


def test_a_superseded_record_names_one_that_is_there() -> None:
    numbers = {record.file[:4] for record in records()}
    named = {record.status.rsplit(" ", 1)[-1] for record in records() if record.status != "in force"}
    assert named <= numbers


def test_records_stand_under_their_subject_and_say_what_superseded_them() -> None:
    web = Record("0080-a.md", "0080 A", "superseded by 0090", "web")
    media = Record("0030-b.md", "0030 B", "in force", "sotto/media")
    lines = [line for line in index([web, media]).splitlines() if line.startswith(("##", "-"))]
    assert lines == ["## sotto/media", "- [0030 B](0030-b.md)", "## web", "- [0080 A](0080-a.md) (superseded by 0090)"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# 0001 A\n\n**Chosen.**", "Status: in force"),
        ("# 0001 A\n\nStatus: in force. Subject: x.\n", "unknown subject"),
    ],
)
def test_a_record_without_its_second_line_is_named(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "0001-a.md").write_text(text)
    with pytest.raises(NoRecord, match=rf"0001-a\.md: .*{problem}"):
        Record.read(tmp_path / "0001-a.md")
