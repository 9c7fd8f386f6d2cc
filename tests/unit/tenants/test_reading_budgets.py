"""Unit: what a tenant writes about what language models may cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.tenants.budgets import Budget, Then
from sotto.wiring.publishing import book_from, load_tenant
from tests.unit.tenants.tenant_files import TENANT, write_tenant


def test_budgets_are_read_and_silence_means_none(tmp_path: Path) -> None:
    written = (
        "budgets: [{usd: 400}, {usd: 0.5, feature: summary, model: bedrock, agent: follow_up, then: extractive}]\n"
    )
    found = book_from(write_tenant(tmp_path, name="one", tenant=TENANT + written)).settings.budgets
    summary = Budget(usd=0.5, feature="summary", model="bedrock", agent="follow_up", then=Then.EXTRACTIVE)
    assert found == (Budget(usd=400, then=Then.SMALLER), summary)
    assert (found[0].micros, found[1].micros) == (400_000_000, 500_000)
    assert book_from(write_tenant(tmp_path, name="two", tenant=TENANT)).settings.budgets == ()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("budgets: [{feature: summary}]\n", "usd"),
        ("budgets: [{usd: 0}]\n", "0 is out of range"),
        ("budgets: [{usd: much}]\n", "expected a number"),
        ("budgets: [{usd: 5, then: panic}]\n", "unknown choice 'panic'"),
        ("budgets: [{usd: 5, feature: 'A|b'}]\n", "is no name"),
        ("budgets: [{usd: 5}, {usd: 6}]\n", "already"),
        (f"budgets: [{', '.join(f'{{usd: 5, feature: f{n}}}' for n in range(11))}]\n", "more than 10"),
    ],
)
def test_a_mistake_is_named_with_its_fix(tmp_path: Path, written: str, says: str) -> None:
    found = [str(each) for each in load_tenant(write_tenant(tmp_path, tenant=TENANT + written)).mistakes]
    assert any(says in each for each in found), found
