"""Unit: filing.yaml is read, its mistakes are named with their lines, and its hosts are held to the tenant's
residency."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.core.residency import OutsideResidency
from sotto.core.settings import Settings
from sotto.tenants.customer_fields import CustomerTreatment
from sotto.tenants.filing import Filing, WhenSeveral
from sotto.tenants.reading.places import Mistakes
from sotto.tenants.reading.systems import KINDS, read_filing
from sotto.tenants.residency import Serving, filing_refusals
from sotto.wiring.publishing import load_tenant
from sotto.wiring.sotto import Sotto
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.turned_clock import TurnedClock

TENANTS = Path(__file__).parents[3] / "tenants"
GOOD = """version: 1
link: https://sotto.example.com/calls/{contact_id}
systems:
  crm:
    kind: salesforce
    address: https://bank.my.salesforce.com
    client_id: 3MVG9abcdefgh
    user: sotto@bank.example
    secret: sotto/filing/bank/crm
    several: hold
    outcomes: yes
    context:
      tier: {field: Tier__c, title: Customer tier}
      risk: {field: Risk__c, treat: use}
  cases:
    kind: connect_cases
    domain: 5f2c7a1e-0000-4000-8000-00000000d0a1
    template: 5f2c7a1e-0000-4000-8000-0000000e91a7
    profiles_domain: bank-customers
"""


def read(root: Path, text: str) -> tuple[Filing, list[str]]:
    folder = root / "bank"
    folder.mkdir()
    (folder / "filing.yaml").write_text(text)
    mistakes = Mistakes()
    return read_filing(folder, mistakes), [str(each) for each in mistakes.in_order()]


def test_systems_are_read_with_what_may_be_left_out(tmp_path: Path) -> None:
    found, mistakes = read(tmp_path, GOOD)
    assert mistakes == []
    crm, cases = found.systems
    assert (crm.title, crm.several, crm.outcomes) == ("Salesforce", WhenSeveral.HOLD, True)
    assert crm.options["external_id"] == "Sotto_Id__c"
    assert crm.places == ("https://bank.my.salesforce.com", "https://login.salesforce.com")
    assert (cases.address, cases.secret, cases.places) == ("", "", ())
    assert found.context["risk"].treat is CustomerTreatment.USE
    assert found.system("crm") is crm


@pytest.mark.parametrize(
    ("written", "instead", "line", "message"),
    [
        ("kind: salesforce", "kind: salesforse", 5, "did you mean 'salesforce'"),
        ("    kind: salesforce\n", "", 5, "say what it is"),
        ("secret: sotto/filing/bank/crm", "secret: sotto/filing/shop/crm", 9, "begins with sotto/filing/bank/"),
        ("secret: sotto/filing/bank/crm", "secret: hunter2", 9, "begins with sotto/filing/bank/"),
        ("address: https://bank", "address: http://bank", 6, "write https://"),
        ("user: sotto@bank.example", "user: sotto", 8, "'sotto' is no username"),
        ("several: hold", "several: first", 10, "unknown way 'first'"),
        ("outcomes: yes", "outcome: yes", 11, "unknown field 'outcome'"),
        ("field: Tier__c", "field: 'a, b'", 13, "which field of the person"),
        ("{contact_id}", "", 2, "{contact_id}"),
        ("  crm:", "  My CRM:", 4, "no name of a system"),
        ("template: 5f2c7a1e", "template: x", 18, "no id of a template"),
    ],
)
def test_each_mistake_is_named_with_its_line(
    tmp_path: Path, written: str, instead: str, line: int, message: str
) -> None:
    _, mistakes = read(tmp_path, GOOD.replace(written, instead, 1))
    assert any(each.startswith(f"bank/filing.yaml:{line}:") and message in each for each in mistakes), mistakes


def test_a_kind_that_nobody_has_adapted_is_no_kind() -> None:
    assert KINDS == ("connect_cases", "dynamics", "hubspot", "salesforce", "servicenow", "zendesk")


def test_shipped_tenants_file_where_they_say() -> None:
    bank, garage = (load_tenant(TENANTS / name).book for name in ("harbour_bank", "torque_garage"))
    assert bank is not None and garage is not None
    assert [each.kind for each in bank.filing.systems] == ["salesforce"]
    assert [each.several for each in garage.filing.systems] == [WhenSeveral.HOLD]


def test_a_system_outside_the_residency_is_refused_at_publish_and_when_it_is_asked(tmp_path: Path) -> None:
    filing, _ = read(tmp_path, GOOD)
    book = any_book("bank", residency="eu").model_copy(update={"filing": filing}).sealed()
    found = filing_refusals(book, Serving("eu-central-1", "", {}))
    assert len(found) == 2 and all("not known to stay anywhere" in each for each in found)
    hosts = {"bank.my.salesforce.com": "eu", "login.salesforce.com": "eu"}
    assert filing_refusals(book, Serving("eu-central-1", "", hosts)) == []
    known = {"AWS_REGION": "us-east-1"}
    sotto = Sotto(Settings(known), books=BooksInMemory(book), clock=TurnedClock())
    for system in filing.systems:  # the second is in the function's own region
        with pytest.raises(OutsideResidency):
            sotto.crm_of("bank", system)
