"""Unit: how long a tenant keeps which kind of data, and by which attributes people are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.core.subject_data import DataKind
from sotto.tenants.adapters.published_books import BookRetention
from sotto.wiring.publishing import book_from, load_tenant
from tests.fakes.clock import ClockByHand
from tests.unit.tenants.tenant_files import TENANT, write_tenant

DAY_S = 86_400


def mistakes(folder: Path) -> list[str]:
    return [str(each) for each in load_tenant(folder).mistakes]


def test_a_kind_of_data_is_kept_for_its_own_time(tmp_path: Path) -> None:
    written = "retention_days: 60\nretention: {transcripts: 7, facts: 700}\nidentities: {email: mail}\n"
    settings = book_from(write_tenant(tmp_path, tenant=TENANT + written)).settings
    kept = {kind: settings.days_of(kind) for kind in (DataKind.TRANSCRIPTS, DataKind.SUMMARIES, DataKind.FACTS, None)}
    assert kept == {DataKind.TRANSCRIPTS: 7, DataKind.SUMMARIES: 60, DataKind.FACTS: 700, None: 60}
    assert settings.identities == {"email": "mail"}
    retention = BookRetention(lambda tenant, kind: settings.days_of(kind), ClockByHand(0))
    assert retention.expires_at("shop", DataKind.TRANSCRIPTS) == 7 * DAY_S
    assert retention.expires_at("shop") == 60 * DAY_S


def test_what_is_found_by_way_of_a_contact_cannot_outlive_it(tmp_path: Path) -> None:
    (mistake,) = mistakes(write_tenant(tmp_path, tenant=TENANT + "retention: {summaries: 31}\n"))
    assert "summaries cannot be kept for 31 days when the contact goes after 30" in mistake


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("retention: {transcript: 7}\n", "unknown field 'transcript'; did you mean 'transcripts'"),
        ("retention: {transcripts: soon}\n", "expected a number from 1 to 3650"),
        ("retention: {transcripts: 0}\n", "0 is out of range"),
        ("retention: 7\n", "expected fields"),
        ("identities: {phone: number}\n", "unknown field 'phone'"),
    ],
)
def test_a_mistake_is_refused_at_publish_with_its_place(tmp_path: Path, written: str, says: str) -> None:
    assert any(says in mistake for mistake in mistakes(write_tenant(tmp_path, tenant=TENANT + written)))
