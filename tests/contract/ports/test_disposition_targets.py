"""Contract tests: a chosen code, in memory and by Connect's API as it is emulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from local.aws.connect import ConnectContact, ConnectContacts
from local.aws.web_server import WebServer
from sotto.after_call.adapters.connect_dispositions import NAME, ConnectDispositions
from sotto.after_call.disposition.file import DispositionTarget
from sotto.aws.connect_api import ConnectApi, ConnectUnavailable
from tests.contract.ports.disposition_target_contract import FIRST, INSTANCE, DispositionTargetContract, Written
from tests.contract.ports.test_instance_contacts import client_of
from tests.fakes.dispositions import DispositionsInMemory

INSTANCE_ID = INSTANCE.rpartition("/")[2]


class TestDispositionsInMemory(DispositionTargetContract):
    @pytest.fixture
    def target(self) -> DispositionTarget:
        return DispositionsInMemory()

    @pytest.fixture
    def written(self, target: DispositionsInMemory) -> Written:
        return target.codes.get

    @pytest.fixture
    def refuse(self, target: DispositionsInMemory) -> Callable[[], object]:
        return lambda: setattr(target, "refuses", True)


class TestConnectDispositions(DispositionTargetContract):
    @pytest.fixture
    def contacts(self) -> ConnectContacts:
        made = ConnectContacts()
        made.add(ConnectContact("c1", INSTANCE_ID, "INBOUND", 0, "c1"))
        made.add(ConnectContact("c2", INSTANCE_ID, "TRANSFER", 8_000, "c1", "c1"))
        return made

    @pytest.fixture
    def server(self, contacts: ConnectContacts) -> Iterator[WebServer]:
        with WebServer(contacts.app, name="connect") as running:
            yield running

    @pytest.fixture
    def refused(self) -> list[str]:
        return []

    @pytest.fixture
    def target(self, server: WebServer, refused: list[str]) -> DispositionTarget:
        return ConnectDispositions(ConnectApi(client_of(server.url), refused.append))

    @pytest.fixture
    def written(self, contacts: ConnectContacts) -> Written:
        return lambda contact_id: contacts[contact_id].tags.get(NAME)

    @pytest.fixture
    def refuse(self, contacts: ConnectContacts) -> Callable[[], object]:
        return lambda: contacts.refused.add(INSTANCE_ID)

    def test_flows_and_contact_records_find_it_among_the_attributes(
        self, target: DispositionTarget, contacts: ConnectContacts
    ) -> None:
        contacts.set_attributes("c1", {"segment": "premier"})
        target.write(FIRST, "card_replaced")
        assert contacts["c1"].attributes == {"segment": "premier", NAME: "card_replaced"}

    def test_a_contact_that_has_six_tags_already_takes_no_other(
        self, target: DispositionTarget, contacts: ConnectContacts
    ) -> None:
        contacts.change("c1", tags={f"tag_{letter}": "x" for letter in "abcdef"})
        assert not target.write(FIRST, "card_replaced")

    def test_which_operations_the_role_may_not_do_is_reported(
        self, target: DispositionTarget, refuse: Callable[[], object], refused: list[str]
    ) -> None:
        refuse()
        target.write(FIRST, "card_replaced")
        assert refused == ["UpdateContactAttributes", "TagContact"]

    def test_a_connect_that_cannot_be_reached_may_be_asked_again(self) -> None:
        with pytest.raises(ConnectUnavailable):
            ConnectDispositions(ConnectApi(client_of("http://127.0.0.1:9"))).write(FIRST, "card_replaced")
