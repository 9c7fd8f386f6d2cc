"""The index of the decision records, by subject. ``python -m tests.style.decision_index`` writes it.

A record's third line is ``Status: STATUS. Subject: SUBJECT.``; STATUS is ``in force`` or ``superseded by NNNN``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

RECORDS = Path(__file__).resolve().parents[2] / "docs" / "decisions"
INDEX = RECORDS / "README.md"
SUBJECTS = (
    "sotto/core", "sotto/call", "sotto/graph", "sotto/aws", "sotto/tenants", "sotto/models", "sotto/knowledge",
    "sotto/redaction", "sotto/consent", "sotto/media", "sotto/recognition", "sotto/transcription", "sotto/sources",
    "sotto/imports",
    "sotto/inference", "sotto/generation", "sotto/guidance", "sotto/contacts", "sotto/realtime", "sotto/after_call",
    "sotto/recordings", "sotto/scorecards", "sotto/erasure", "sotto/filing", "sotto/history", "sotto/search",
    "sotto/workflows", "sotto/analytics", "sotto/alerts", "sotto/playbooks", "sotto/imports",
    "sotto/leads", "sotto/insights",
    "sotto/learning", "sotto/api", "sotto/wiring",
    "functions",
    "model_containers/shard", "model_containers/recogniser", "media_gateway", "training",
    "web", "infra", "local", "tests and benchmarks", "everything",
)  # fmt: skip
_HEAD = re.compile(
    r"# (?P<title>\d{4} .+)\n\nStatus: (?P<status>in force|superseded by \d{4})\. Subject: (?P<subject>.+)\.\n"
)
_BEGINNING = """# Decision records

One page each, for choices that a newcomer would question: what was chosen, what else there was, why, and what would
make us choose again. A record is not rewritten when the words or the code move on; another supersedes it. This index is
made by `python -m tests.style.decision_index`.
"""


class NoRecord(ValueError):
    """A file's first lines are not those of a record; the message says which and what is missing."""


@dataclass(frozen=True, slots=True)
class Record:
    file: str
    title: str
    status: str
    subject: str

    @classmethod
    def read(cls, path: Path) -> Record:
        """Raises NoRecord."""
        head = _HEAD.match(path.read_text(encoding="utf-8"))
        if head is None:
            raise NoRecord(f"{path.name}: begin with '# NNNN Title', an empty line, 'Status: in force. Subject: ....'")
        if head["subject"] not in SUBJECTS:
            raise NoRecord(f"{path.name}: unknown subject {head['subject']!r}; known are {', '.join(SUBJECTS)}")
        return cls(path.name, head["title"], head["status"], head["subject"])


def index(records: Iterable[Record]) -> str:
    ordered = sorted(records, key=lambda record: (SUBJECTS.index(record.subject), record.file))
    return "\n".join([_BEGINNING, *_lines(ordered)]) + "\n"


def _lines(ordered: list[Record]) -> Iterator[str]:
    subject = ""
    for record in ordered:
        if record.subject != subject:
            yield f"{'' if not subject else chr(10)}## {record.subject}\n"
            subject = record.subject
        superseded = "" if record.status == "in force" else f" ({record.status})"
        yield f"- [{record.title}]({record.file}){superseded}"


def records() -> list[Record]:
    """Raises NoRecord."""
    return [Record.read(path) for path in sorted(RECORDS.glob("[0-9]*.md"))]


if __name__ == "__main__":
    INDEX.write_text(index(records()), encoding="utf-8")
