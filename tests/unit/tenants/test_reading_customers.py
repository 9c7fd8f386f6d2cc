"""Unit: what may be read of who calls is an allow-list, checked when it is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.tenants.customer_fields import CustomerTreatment
from sotto.wiring.publishing import book_from, load_tenant
from tests.unit.tenants.tenant_files import POLICIES, TENANT, write_tenant

FIELDS = """\
customer:
  profile_id: sotto_profile_id
  fields:
    tier: {profile: Attributes.tier, title: Customer tier}
    segment: {attribute: segment, treat: use}
    phone: {profile: PhoneNumber, treat: present}
"""


def with_fields(field: str) -> str:
    return TENANT + f"customer:\n  fields:\n    x: {field}\n"


def mistakes(tmp_path: Path, tenant: str, policies: str = POLICIES) -> list[str]:
    return [str(each) for each in load_tenant(write_tenant(tmp_path, tenant=tenant, policies=policies)).mistakes]


def test_fields_are_read_with_how_each_is_treated(tmp_path: Path) -> None:
    customer = book_from(write_tenant(tmp_path, tenant=TENANT + FIELDS)).settings.customer
    assert customer.profile_id == "sotto_profile_id"
    assert [(name, each.title, each.treat) for name, each in customer.fields.items()] == [
        ("tier", "Customer tier", CustomerTreatment.SHOW),
        ("segment", "Segment", CustomerTreatment.USE),
        ("phone", "Phone", CustomerTreatment.PRESENT),
    ]
    assert customer.profile_paths == {"Attributes.tier", "PhoneNumber"}


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("{title: Tier}", "say where the value is"),
        ("{profile: Attributes.a, attribute: a}", "one of them"),
        ("{profile: FirstNmae}", "FirstName"),
        ("{profile: Attributes.}", "your own are Attributes.NAME"),
        ("{profile: Attributes.a, treat: loud}", "unknown treatment"),
        ("{profile: PhoneNumber}", "which your redaction hides; write 'treat: present'"),
        ("{profile: BirthDate, treat: use}", "is a date_of_birth"),
    ],
)
def test_what_cannot_be_read_or_may_not_be_shown_is_refused(tmp_path: Path, field: str, message: str) -> None:
    (mistake,) = mistakes(tmp_path, with_fields(field))
    assert message in mistake


def test_what_the_tenants_redaction_leaves_may_be_shown(tmp_path: Path) -> None:
    assert mistakes(tmp_path, with_fields("{profile: FirstName}")) == []


def test_a_policy_names_only_fields_that_are_listed(tmp_path: Path) -> None:
    policies = POLICIES + "  - name: gold\n    when: {customer: {teir: Gold}}\n    playbooks: [basics]\n"
    (mistake,) = mistakes(tmp_path, TENANT + FIELDS, policies)
    assert "unknown field 'teir' of a customer" in mistake and "tier" in mistake
    fine = policies.replace("teir", "tier")
    (tmp_path / "fine").mkdir()
    assert mistakes(tmp_path / "fine", TENANT + FIELDS, fine) == []
