"""Leads of the past as a table (CSV): one row a lead, in the order of time, a column for what became of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sotto.core.errors import Rejected
from sotto.leads.features import BadLead

DELIMITERS = ",;\t|"
LONGEST_FIELD = 100_000


class BadTable(Rejected):
    """The file cannot be read as leads; the message says which line, never what is in it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``yes``: the value of ``column`` of a lead that bought."""

    column: str
    yes: str

    @classmethod
    def written(cls, text: str) -> Outcome:
        """``column=yes``. Raises BadTable."""
        column, equals, yes = text.partition("=")
        if not (column and equals and yes):
            raise BadTable(f"--outcome {text!r}: write column=value, such as y=yes")
        return cls(column, yes)


def leads_of(path: Path, outcome: Outcome) -> Iterator[tuple[int, Mapping[str, str], bool]]:
    """Line of the file, what was known, and whether the lead bought. Raises BadTable."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline()
        file.seek(0)
        delimiter = max(DELIMITERS, key=header.count)
        csv.field_size_limit(LONGEST_FIELD)
        rows = csv.DictReader(file, delimiter=delimiter, strict=True)
        if outcome.column not in (rows.fieldnames or ()):
            raise BadTable(
                f"{path}: there is no column '{outcome.column}'; there are {', '.join(rows.fieldnames or ())}"
            )
        try:
            for row in rows:
                if None in row or None in row.values():
                    raise BadTable(f"{path}, line {rows.line_num}: not as many fields as the first line has")
                bought = row.pop(outcome.column) == outcome.yes
                yield rows.line_num, row, bought
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadTable(f"{path}, line {rows.line_num + 1}: not readable as CSV in UTF-8") from error


def at_line(path: Path, line: int, error: BadLead) -> BadTable:
    return BadTable(f"{path}, line {line}: {error}")
