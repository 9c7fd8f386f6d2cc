"""Unit: which workflows a tenant turns on, and what may act alone in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.tenants.workflows import WorkflowUse
from sotto.wiring.publishing import book_from, load_tenant
from tests.unit.tenants.tenant_files import TENANT, write_tenant


def test_those_that_are_named_are_on_and_silence_means_none(tmp_path: Path) -> None:
    written = "workflows:\n  complaint_hand_off:\n  promise_follow_up: {acts_alone: [note_in_crm]}\n"
    found = book_from(write_tenant(tmp_path, name="one", tenant=TENANT + written)).settings.workflows
    assert found == {"complaint_hand_off": WorkflowUse(), "promise_follow_up": WorkflowUse(acts_alone=("note_in_crm",))}
    assert book_from(write_tenant(tmp_path, name="two", tenant=TENANT)).settings.workflows == {}


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("workflows: {complain_hand_off: }\n", "unknown workflow 'complain_hand_off'; did you mean"),
        ("workflows: {churn_rescue: {acts_alone: [find_promises]}}\n", "unknown tool 'find_promises'"),
        ("workflows: {churn_rescue: always}\n", "write nothing behind the name"),
        ("workflows: {churn_rescue: {alone: [note_in_crm]}}\n", "unknown field 'alone'"),
    ],
)
def test_mistakes_are_named_with_their_fix(tmp_path: Path, written: str, says: str) -> None:
    loaded = load_tenant(write_tenant(tmp_path, name="one", tenant=TENANT + written))
    assert any(says in str(each) for each in loaded.mistakes), loaded.mistakes
