"""What a tenant lets be read of who calls: an allow-list. A field that is not in it is read by nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sotto.tenants.redaction_rules import PrivateKind

ADDRESSES = ("Address", "ShippingAddress", "MailingAddress", "BillingAddress")
_LINES = ("Address1", "Address2", "Address3", "Address4", "City", "County", "State", "Province", "Country")
_PHONES = ("PhoneNumber", "MobilePhoneNumber", "HomePhoneNumber", "BusinessPhoneNumber")
_EMAILS = ("EmailAddress", "PersonalEmailAddress", "BusinessEmailAddress")

STANDARD: Mapping[str, PrivateKind | None] = {
    "AccountNumber": PrivateKind.ACCOUNT_NUMBER,
    "AdditionalInformation": None,
    "PartyTypeString": None,
    "BusinessName": PrivateKind.NAME,
    **dict.fromkeys(("FirstName", "MiddleName", "LastName"), PrivateKind.NAME),
    "BirthDate": PrivateKind.DATE_OF_BIRTH,
    "GenderString": None,
    **dict.fromkeys(_PHONES, PrivateKind.PHONE),
    **dict.fromkeys(_EMAILS, PrivateKind.EMAIL),
    **{f"{address}.{line}": PrivateKind.ADDRESS for address in ADDRESSES for line in _LINES},
    **{f"{address}.PostalCode": PrivateKind.POSTCODE for address in ADDRESSES},
}
"""Fields of a customer profile by what they hold: https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_Profile.html
Others are the domain's own, ``Attributes.<name>``."""


class CustomerTreatment(StrEnum):
    """``show``: on panels, in written help and in conditions; ``use``: in conditions alone; ``present``: in conditions
    alone, and of the value only that there is one (``yes``)."""

    SHOW = "show"
    USE = "use"
    PRESENT = "present"


class CustomerFieldRule(BaseModel):
    """Either ``profile`` (``Attributes.tier``, ``FirstName``) or ``attribute``, of the contact, says where it comes
    from."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    title: str = ""
    profile: str = ""
    attribute: str = ""
    treat: CustomerTreatment = CustomerTreatment.SHOW

    @property
    def kind(self) -> PrivateKind | None:
        return STANDARD.get(self.profile)


class CustomerSettings(BaseModel):
    """``profile_id``: the contact attribute that holds the profile's id, where a flow has found it already; without it,
    or where it is empty, the caller's number is looked up."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    profile_id: str = ""
    fields: Mapping[str, CustomerFieldRule] = {}

    @property
    def profile_paths(self) -> frozenset[str]:
        return frozenset(rule.profile for rule in self.fields.values() if rule.profile)
