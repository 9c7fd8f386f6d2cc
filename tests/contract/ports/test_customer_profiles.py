"""Contract tests: who a number belongs to, in memory and by the API of Customer Profiles as it is emulated."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config

from local.aws.customer_profiles import CustomerProfilesApi
from local.aws.web_server import WebServer
from sotto.contacts.adapters.customer_profiles import ConnectCustomerProfiles
from sotto.contacts.customer.profiles import (
    CustomerProfiles,
    NoProfileDomain,
    ProfilesForbidden,
    ProfilesThrottled,
    ProfilesUnavailable,
)
from tests.contract.ports.customer_profiles_contract import INSTANCE, PATHS, PROFILES, CustomerProfilesContract
from tests.fakes.clock import ClockByHand
from tests.fakes.customer_profiles import CustomerProfilesInMemory

NUMBER = "+12025550188"


class TestCustomerProfilesInMemory(CustomerProfilesContract):
    @pytest.fixture
    def profiles(self) -> CustomerProfiles:
        known = [
            (
                each["ProfileId"],
                each["PhoneNumber"],
                {"FirstName": each["FirstName"]}
                | {f"Attributes.{name}": value for name, value in each.get("Attributes", {}).items()},
            )
            for each in PROFILES
        ]
        return CustomerProfilesInMemory({INSTANCE: known})


class TestConnectCustomerProfiles(CustomerProfilesContract):
    @pytest.fixture
    def api(self) -> CustomerProfilesApi:
        made = CustomerProfilesApi(clock=ClockByHand(0), burst=5)
        made.add("bank-customers", PROFILES)
        return made

    @pytest.fixture
    def server(self, api: CustomerProfilesApi) -> Iterator[WebServer]:
        with WebServer(api.app, name="customer-profiles") as running:
            yield running

    @pytest.fixture
    def profiles(self, server: WebServer) -> CustomerProfiles:
        return ConnectCustomerProfiles(client_of(server.url), {INSTANCE: "bank-customers"})

    def test_an_empty_page_with_a_next_one_is_read_on(
        self, api: CustomerProfilesApi, profiles: CustomerProfiles
    ) -> None:
        api.empty_first = True
        assert profiles.by_phone(INSTANCE, NUMBER, PATHS) == {"FirstName": "John", "Attributes.tier": "Gold"}
        assert api.asked == 2

    def test_a_role_that_may_not_search_is_said_to_be_refused(
        self, api: CustomerProfilesApi, profiles: CustomerProfiles
    ) -> None:
        api.forbidden = True
        with pytest.raises(ProfilesForbidden):
            profiles.by_phone(INSTANCE, NUMBER, PATHS)

    def test_a_domain_that_is_asked_too_often_is_not_asked_again(
        self, api: CustomerProfilesApi, profiles: CustomerProfiles
    ) -> None:
        for _ in range(5):
            profiles.by_phone(INSTANCE, NUMBER, PATHS)
        with pytest.raises(ProfilesThrottled):
            profiles.by_phone(INSTANCE, NUMBER, PATHS)
        assert api.asked == 6

    def test_a_domain_that_is_not_there_is_none(self, server: WebServer) -> None:
        with pytest.raises(NoProfileDomain):
            ConnectCustomerProfiles(client_of(server.url), {INSTANCE: "other"}).by_id(INSTANCE, "a" * 32, PATHS)

    def test_a_service_that_cannot_be_reached_is_unavailable(self) -> None:
        profiles = ConnectCustomerProfiles(client_of("http://127.0.0.1:9"), {INSTANCE: "bank-customers"})
        with pytest.raises(ProfilesUnavailable) as raised:
            profiles.by_phone(INSTANCE, NUMBER, PATHS)
        assert "2025550188" not in str(raised.value)


def client_of(url: str) -> object:
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    return session.client("customer-profiles", endpoint_url=url, config=config)
