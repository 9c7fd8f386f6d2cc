"""Unit: what a tenant writes about learning, and that silence means no."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.tenants.learning import LearnFrom, LearningSettings, Updates
from sotto.wiring.publishing import book_from, load_tenant
from tests.unit.tenants.tenant_files import TENANT, write_tenant


def settings_of(folder: Path, written: str) -> LearningSettings:
    return book_from(write_tenant(folder, tenant=TENANT + written)).settings.learning


def test_consent_to_listen_is_no_consent_to_learn(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "")
    assert settings.consent is LearnFrom.NEVER
    assert not settings.allows({"may_learn": "yes"})


def test_a_customer_agrees_by_a_contact_attribute(tmp_path: Path) -> None:
    written = "learning: {consent: 'attribute:may_learn', updates: auto, reviewers: 2, silent_sample: 500}\n"
    settings = settings_of(tmp_path, written)
    assert (settings.updates, settings.reviewers, settings.silent_sample) == (Updates.AUTO, 2, 500)
    assert settings.allows({"may_learn": "YES"})
    assert not settings.allows({"may_learn": "no"})
    assert not settings.allows({})


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("learning: {updates: auto}\n", "consent"),
        ("learning: {consent: sometimes}\n", "unknown consent to learn 'sometimes'"),
        ("learning: {consent: always, updates: soon}\n", "unknown choice 'soon'"),
        ("learning: {consent: always, values: [ja]}\n", "looks at no value"),
        ("learning: {consent: always, reviewers: 3}\n", "3 is out of range"),
    ],
)
def test_a_mistake_is_named_with_its_fix(tmp_path: Path, written: str, says: str) -> None:
    found = [str(each) for each in load_tenant(write_tenant(tmp_path, tenant=TENANT + written)).mistakes]
    assert any(says in each for each in found), found
