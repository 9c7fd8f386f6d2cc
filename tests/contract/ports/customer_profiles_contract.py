"""What everything that knows customers must do, as a class of tests to inherit. A subclass gives ``profiles``, which
knows of INSTANCE the PROFILES (fixture)."""

from __future__ import annotations

from typing import Any

import pytest

from sotto.contacts.customer.profiles import CustomerProfiles, NoProfileDomain, SeveralProfiles

INSTANCE, ELSEWHERE = "11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"
PROFILES: list[dict[str, Any]] = [
    {
        "ProfileId": "a" * 32,
        "PhoneNumber": "+12025550188",
        "FirstName": "John",
        "Attributes": {"tier": "Gold", "secret": "x"},
    },
    {"ProfileId": "b" * 32, "PhoneNumber": "+12025550199", "FirstName": "Ann"},
    {"ProfileId": "c" * 32, "PhoneNumber": "+12025550199", "FirstName": "Tom"},
]
PATHS = ("FirstName", "Attributes.tier", "Attributes.none")


class CustomerProfilesContract:
    def test_of_the_one_who_has_the_number_only_what_was_asked_for_is_said(self, profiles: CustomerProfiles) -> None:
        assert profiles.by_phone(INSTANCE, "+12025550188", PATHS) == {"FirstName": "John", "Attributes.tier": "Gold"}

    def test_an_id_finds_its_profile(self, profiles: CustomerProfiles) -> None:
        assert profiles.by_id(INSTANCE, "b" * 32, PATHS) == {"FirstName": "Ann"}

    def test_of_several_with_one_number_none_is_chosen(self, profiles: CustomerProfiles) -> None:
        with pytest.raises(SeveralProfiles) as raised:
            profiles.by_phone(INSTANCE, "+12025550199", PATHS)
        assert "2025550199" not in str(raised.value)

    def test_whom_nobody_knows_is_none(self, profiles: CustomerProfiles) -> None:
        assert profiles.by_phone(INSTANCE, "+12025550100", PATHS) is None
        assert profiles.by_id(INSTANCE, "d" * 32, PATHS) is None

    def test_an_instance_without_a_domain_says_so(self, profiles: CustomerProfiles) -> None:
        with pytest.raises(NoProfileDomain):
            profiles.by_phone(ELSEWHERE, "+12025550188", PATHS)
