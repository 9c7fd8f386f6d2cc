"""Unit: dispositions.yaml is read, and its mistakes are named with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.tenants.reading.dispositions import DispositionFile, read_dispositions
from sotto.tenants.reading.parsing import parse_yaml
from sotto.tenants.reading.places import Mistakes
from sotto.wiring.publishing import load_tenant

TENANTS = Path(__file__).parents[3] / "tenants"
GOOD = """version: 1
codes:
  saved:
    title: Customer stays
    when: {moments: [may_leave], without: [left]}
    phrases: [one thing, two things, three things, four things]
  closed:
    title: Account closed
    phrases: [five things, six things, seven things, eight things]
"""


def read(text: str) -> tuple[DispositionFile, list[str]]:
    mistakes = Mistakes()
    root = parse_yaml(text, "bank/dispositions.yaml", mistakes)
    assert root is not None
    found = read_dispositions(root, {"may_leave", "left"})
    return found, [str(each) for each in mistakes.in_order()]


def test_codes_have_titles_moments_and_phrases() -> None:
    found, mistakes = read(GOOD)
    assert mistakes == []
    saved, closed = found.codes
    assert (saved.code, saved.title, saved.moments, saved.without) == (
        "saved",
        "Customer stays",
        ("may_leave",),
        ("left",),
    )
    assert saved.has_phrases and closed.has_phrases and set(found.phrases) == {"saved", "closed"}


@pytest.mark.parametrize(
    ("written", "instead", "line", "message"),
    [
        ("  saved:", "  Saved One:", 3, "'Saved One' is no code"),
        ("title: Account closed", "title: customer STAYS", 7, "another code has the title"),
        ("moments: [may_leave]", "moments: [may_leaf]", 5, "may_leaf"),
        ("[five things, six things, seven things, eight things]", "[one]", 7, "fewer than 4 phrases"),
        ("    phrases: [five things, six things, seven things, eight things]\n", "", 7, "nothing suggests 'closed'"),
        ("title: Account closed", f"title: {'x' * 81}", 8, "at most 80 characters"),
        ("title: Account closed", "name: Account closed", 8, "title"),
    ],
)
def test_each_mistake_is_named_with_its_line(written: str, instead: str, line: int, message: str) -> None:
    assert written in GOOD
    _, mistakes = read(GOOD.replace(written, instead))
    assert any(f":{line}:" in each and message in each for each in mistakes), mistakes


def test_phrases_of_one_code_alone_are_refused() -> None:
    _, mistakes = read(GOOD[: GOOD.index("  closed:")])
    assert any("at least two codes" in each for each in mistakes)


@pytest.mark.parametrize("tenant", ["harbour_bank", "torque_garage", "nordlicht_energie"])
def test_the_tenants_that_come_with_it_have_codes(tenant: str) -> None:
    loaded = load_tenant(TENANTS / tenant)
    assert loaded.mistakes == [] and loaded.book is not None
    assert len(loaded.book.dispositions.codes) >= 5
