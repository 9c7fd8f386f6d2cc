"""Contract tests: what a Connect instance says of contacts, in memory and by Connect's API as it is emulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.config import Config

from local.aws.connect import ConnectContact, ConnectContacts, queue_arn
from local.aws.web_server import WebServer
from sotto.aws.connect_api import ConnectApi, ConnectUnavailable
from sotto.contacts.adapters.connect_contacts import ConnectInstanceContacts
from sotto.contacts.instance import InstanceContacts
from sotto.sources.connect.contact_event import ContactEvent
from tests.contract.ports.instance_contacts_contract import (
    FIRST,
    INSTANCE,
    LIAM,
    STARTED_MS,
    InstanceContactsContract,
)
from tests.fakes.instance_contacts import InstanceContactsInMemory

INSTANCE_ID = INSTANCE.rpartition("/")[2]


class TestInstanceContactsInMemory(InstanceContactsContract):
    @pytest.fixture
    def instance(self) -> InstanceContacts:
        first = ContactEvent(
            "DISCONNECTED",
            "c1",
            INSTANCE,
            agent=LIAM,
            queue_arn=queue_arn(INSTANCE_ID, "cards"),
            enqueued_at_ms=STARTED_MS + 1_000.0,
            connected_at_ms=STARTED_MS + 2_000.0,
            disconnected_at_ms=STARTED_MS + 9_000.0,
        )
        second = ContactEvent("DESCRIBED", "c2", INSTANCE, initial_contact_id="c1", previous_contact_id="c1")
        return InstanceContactsInMemory(
            {"c1": first, "c2": second}, {"c1": {"segment": "premier"}}, {"c1": "+12025550188"}
        )

    @pytest.fixture
    def refuse(self, instance: InstanceContactsInMemory) -> Callable[[], object]:
        return lambda: setattr(instance, "refuses", True)


class TestConnectInstanceContacts(InstanceContactsContract):
    @pytest.fixture
    def contacts(self) -> ConnectContacts:
        made = ConnectContacts()
        made.add(
            ConnectContact(
                "c1",
                INSTANCE_ID,
                "INBOUND",
                STARTED_MS,
                "c1",
                queue="cards",
                enqueued_at_ms=STARTED_MS + 1_000,
                agent="liam",
                connected_at_ms=STARTED_MS + 2_000,
                disconnected_at_ms=STARTED_MS + 9_000,
                caller="+12025550188",
            )
        )
        made.add(ConnectContact("c2", INSTANCE_ID, "TRANSFER", STARTED_MS + 8_000, "c1", "c1"))
        made.set_attributes("c2", {"segment": "premier"})
        return made

    @pytest.fixture
    def server(self, contacts: ConnectContacts) -> Iterator[WebServer]:
        with WebServer(contacts.app, name="connect") as running:
            yield running

    @pytest.fixture
    def refused(self) -> list[str]:
        return []

    @pytest.fixture
    def instance(self, server: WebServer, refused: list[str]) -> InstanceContacts:
        return ConnectInstanceContacts(ConnectApi(client_of(server.url), refused.append))

    @pytest.fixture
    def refuse(self, contacts: ConnectContacts) -> Callable[[], object]:
        return lambda: contacts.refused.add(INSTANCE_ID)

    def test_which_operations_the_role_may_not_do_is_said(
        self, instance: InstanceContacts, refuse: Callable[[], object], refused: list[str]
    ) -> None:
        refuse()
        instance.described(FIRST)
        instance.attributes(FIRST)
        assert refused == ["DescribeContact", "GetContactAttributes"]

    def test_a_connect_that_cannot_be_reached_may_be_asked_again(self) -> None:
        with pytest.raises(ConnectUnavailable):
            ConnectInstanceContacts(ConnectApi(client_of("http://127.0.0.1:9"))).described(FIRST)


def client_of(url: str) -> object:
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=1, inject_host_prefix=False)
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    return session.client("connect", endpoint_url=url, config=config)
