"""Unit: who is calling, beside the live path: what is read of them, how it is treated, and when there is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from sotto.call.contact import Contact, ContactStatus
from sotto.call.customer import CustomerState
from sotto.call.live import CustomerOrder
from sotto.contacts.customer.look_up import DEADLINE_MS, CustomerPorts, look_up_customer
from sotto.contacts.customer.profiles import (
    NoProfileDomain,
    ProfilesForbidden,
    ProfilesThrottled,
    ProfilesUnavailable,
    SeveralProfiles,
)
from sotto.contacts.transfers import following
from sotto.core.errors import Retryable
from sotto.realtime.shapes import contact_shape
from sotto.redaction.typed import redact_typed
from sotto.tenants.customer_fields import CustomerFieldRule, CustomerSettings, CustomerTreatment
from sotto.tenants.filing import ContextField, Filing, FilingSystem
from sotto.tenants.redaction_rules import RedactionRules
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.customer_profiles import CustomerProfilesInMemory
from tests.fakes.instance_contacts import InstanceContactsInMemory

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
NUMBER = "+12025550188"
VALUES = {
    "FirstName": "John",
    "PhoneNumber": NUMBER,
    "Attributes.tier": "Gold",
    "Attributes.note": "card 4111 1111 1111 1111",
    "Attributes.unlisted": "nobody reads this",
}
CONTACT = Contact("bank", "c1", INSTANCE, "stream", 0, attributes={"segment": "premier", "iban": "x"})
FIELDS: Mapping[str, dict[str, str]] = {
    "tier": {"profile": "Attributes.tier", "title": "Tier"},
    "note": {"profile": "Attributes.note"},
    "segment": {"attribute": "segment", "treat": "use"},
    "phone": {"profile": "PhoneNumber", "treat": "present"},
}


@dataclass
class Office:
    contacts: ContactsInMemory = field(default_factory=ContactsInMemory)
    callers: InstanceContactsInMemory = field(default_factory=lambda: InstanceContactsInMemory(callers={"c1": NUMBER}))
    profiles: CustomerProfilesInMemory = field(
        default_factory=lambda: CustomerProfilesInMemory({INSTANCE.rpartition("/")[2]: [("p1", NUMBER, VALUES)]})
    )
    clock: ClockByHand = field(default_factory=lambda: ClockByHand(0))
    withdrawn: bool = False
    shown: list[Contact] = field(default_factory=list)
    outcomes: list[CustomerState] = field(default_factory=list)
    filing: Filing = Filing()
    in_crm: dict[str, str] = field(default_factory=dict)
    """What a system of record knows of the caller, by the tenant's names."""
    settings: CustomerSettings = field(
        default_factory=lambda: CustomerSettings(
            profile_id="profile", fields={name: CustomerFieldRule(**rule) for name, rule in FIELDS.items()}
        )
    )

    def is_withdrawn(self, contact: Contact) -> bool:
        return self.withdrawn

    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        self.shown.append(contact)

    def values(self, tenant: str, phone: str, *, until_ms: float) -> Mapping[str, str]:
        assert (tenant, phone, until_ms) == ("bank", NUMBER, self.clock.monotonic_ms() + 800)
        return self.in_crm

    def look_up(self, contact: Contact | None = CONTACT) -> Contact | None:
        if contact is not None:
            self.contacts.record(contact)
        book = any_book("bank")
        settings = book.settings.model_copy(update={"customer": self.settings})
        books = BooksInMemory(book.model_copy(update={"settings": settings, "filing": self.filing}))
        ports = CustomerPorts(
            self.contacts,
            books,
            self.callers,
            self.profiles,
            self,
            self,
            self,
            lambda tenant, text: redact_typed(text, RedactionRules.of({})),
            self.clock,
            self.outcomes.append,
        )
        return look_up_customer(CustomerOrder("bank", "c1"), ports)


@pytest.fixture
def office() -> Office:
    return Office()


def found(contact: Contact | None) -> dict[str, str]:
    assert contact is not None and contact.customer is not None
    return dict(contact.customer.values)


def test_only_what_is_listed_is_read_and_each_field_is_treated_as_it_says(office: Office) -> None:
    contact = office.look_up()
    assert found(contact) == {
        "tier": "Gold", "note": "card [card number]", "segment": "premier", "phone": "yes",
    }  # fmt: skip
    assert contact is not None
    assert contact_shape(contact)["customer"] == {
        "state": "FOUND",
        "fields": [
            {"name": "tier", "title": "Tier", "value": "Gold"},
            {"name": "note", "title": "note", "value": "card [card number]"},
        ],
    }
    assert office.shown == [contact] == [office.contacts.contact("bank", "c1")]
    assert (contact.version, office.outcomes) == (1, [CustomerState.FOUND])


def test_what_a_system_of_record_knows_stands_beside_the_profile_and_is_redacted(office: Office) -> None:
    listed = {
        "open_cases": ContextField(field="Open_Cases__c", title="Open cases"),
        "remark": ContextField(field="Description", title="Remark"),
        "vip": ContextField(field="Vip__c", title="Vip", treat=CustomerTreatment.PRESENT),
    }
    office.filing = Filing(systems=(FilingSystem(name="crm", kind="salesforce", title="Salesforce", context=listed),))
    office.in_crm = {"open_cases": "2", "remark": "card 4111 1111 1111 1111", "vip": "level 3", "unlisted": "x"}
    known = found(office.look_up())
    assert (known["tier"], known["open_cases"], known["vip"]) == ("Gold", "2", "yes")
    assert known["remark"] == "card [card number]"
    assert "unlisted" not in known
    office.in_crm = {}  # late, this time
    assert office.look_up(None) is None


@pytest.mark.parametrize(
    ("title", "value", "shown"),
    [
        ("Customer since", "2016", "2016"),
        ("Reference", "83 71 22 90 14", "[number]"),
        ("PIN", "4821", "[pin]"),
        ("Tier", "4111 1111 1111 1111", "[card number]"),
        ("", "Gold", "Gold"),
    ],
)
def test_a_value_is_redacted_as_it_is_read_after_its_title(office: Office, title: str, value: str, shown: str) -> None:
    office.profiles.known[INSTANCE.rpartition("/")[2]] = [("p1", NUMBER, {"Attributes.x": value})]
    office.settings = CustomerSettings(fields={"x": CustomerFieldRule(profile="Attributes.x", title=title)})
    assert found(office.look_up()) == {"x": shown}


def test_what_is_private_by_its_place_is_hidden_whole_whatever_an_old_book_says(office: Office) -> None:
    office.settings = CustomerSettings(fields={"phone": CustomerFieldRule(profile="PhoneNumber")})
    assert found(office.look_up()) == {"phone": "[phone]"}


def test_an_id_that_the_flow_gives_is_looked_up_and_no_number_asked_for(office: Office) -> None:
    contact = office.look_up(replace(CONTACT, attributes={"profile": "p1"}))
    assert found(contact)["tier"] == "Gold"
    assert (office.profiles.asked, office.callers.asked) == (["p1"], [])


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (SeveralProfiles("two"), CustomerState.SEVERAL),
        (NoProfileDomain("none"), CustomerState.NO_DOMAIN),
        (ProfilesForbidden("no"), CustomerState.FORBIDDEN),
        (ProfilesThrottled("slow"), CustomerState.THROTTLED),
        (ProfilesUnavailable("down"), CustomerState.UNAVAILABLE),
        (Retryable("down"), CustomerState.UNAVAILABLE),
    ],
)
def test_what_goes_wrong_is_a_state_and_attributes_are_there_all_the_same(
    office: Office, failure: Exception, state: CustomerState
) -> None:
    office.profiles.failure = failure
    contact = office.look_up()
    assert found(contact) == {"segment": "premier"}
    assert contact is not None and contact.customer is not None and contact.customer.state is state
    assert office.outcomes == [state]


def test_a_withheld_number_is_another_state_than_an_unknown_one(office: Office) -> None:
    office.callers.callers = {}
    contact = office.look_up()
    assert contact is not None and contact.customer is not None
    assert (contact.customer.state, office.profiles.asked) == (CustomerState.NO_NUMBER, [])
    office.callers.callers = {"c1": "+12025550100"}
    contact = office.look_up(None)
    assert contact is not None and contact.customer is not None and contact.customer.state is CustomerState.NOT_FOUND


@pytest.mark.parametrize(
    ("takes_ms", "state"), [(DEADLINE_MS, CustomerState.FOUND), (DEADLINE_MS + 1, CustomerState.LATE)]
)
def test_an_answer_after_the_deadline_is_dropped(office: Office, takes_ms: float, state: CustomerState) -> None:
    office.profiles.before_answer = lambda: office.clock.advance(takes_ms)
    contact = office.look_up()
    assert contact is not None and contact.customer is not None and contact.customer.state is state
    assert ("tier" in contact.customer.values) is (state is CustomerState.FOUND)


def test_where_nothing_is_listed_nothing_is_asked(office: Office) -> None:
    office.settings = CustomerSettings()
    assert office.look_up() is None
    assert (office.profiles.asked, office.callers.asked, office.shown) == ([], [], [])
    office.settings = CustomerSettings(fields={"segment": CustomerFieldRule(attribute="segment")})
    assert found(office.look_up(None)) == {"segment": "premier"}
    assert (office.profiles.asked, office.callers.asked) == ([], [])


def test_a_call_that_is_over_or_erased_gets_no_customer(office: Office) -> None:
    office.withdrawn = True
    assert office.look_up() is None
    office.withdrawn = False
    over = replace(CONTACT, status=ContactStatus.ENDED, version=1)
    office.contacts.replace(over, expected_version=0, events=())
    assert office.look_up(None) is None
    assert office.shown == []


def test_the_same_order_again_changes_nothing(office: Office) -> None:
    office.look_up()
    assert office.look_up(None) is None
    assert len(office.shown) == 1


def test_a_later_failure_takes_nothing_of_the_profile_away_and_attributes_are_new(office: Office) -> None:
    known = office.look_up()
    assert known is not None
    later = replace(known, attributes={"segment": "basic"}, version=known.version + 1)
    office.contacts.replace(later, expected_version=known.version, events=())
    office.profiles.failure = ProfilesThrottled("slow")
    contact = office.look_up(None)
    assert found(contact) == {"tier": "Gold", "note": "card [card number]", "segment": "basic", "phone": "yes"}


def test_who_takes_a_call_over_sees_the_customer_at_once(office: Office) -> None:
    known = office.look_up()
    assert known is not None
    assert following(replace(CONTACT, contact_id="c2"), known).customer == known.customer
