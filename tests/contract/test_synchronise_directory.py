"""Contract: synchronise_directory as it is deployed, on the embedded AWS, acting as the tenant whose instance it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.specs import everything
from local.aws.connect_directory.instance import EmulatedInstance, queue_id, user_id
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.function_host import FunctionHost
from local.options import REPOSITORY
from local.records import records_environment
from sotto.api.admission import SEEN_WITHIN_MS
from sotto.aws.table import Table
from sotto.contacts.adapters.dynamodb_directory import DynamoDirectory
from sotto.contacts.directory import Condition
from sotto.core.clock import SystemClock
from sotto.core.resources import Resources
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.retention import KeptUntil

BANK_ARN = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
GARAGE_ARN = "arn:aws:connect:us-east-1:111122223333:instance/66666666-7777-8888-9999-000000000000"
BANK, GARAGE = BANK_ARN.rpartition("/")[2], GARAGE_ARN.rpartition("/")[2]
DEPLOYED = everything()


class Account:
    """Two tenants with an instance each."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.aws = aws
        spec = next(each for each in DEPLOYED.functions if each.name == "synchronise_directory")
        resources = Resources(tables=DEPLOYED.tables, buckets=DEPLOYED.buckets, functions=(spec,))
        known = {
            "SOTTO_CONNECT_INSTANCES": json.dumps({BANK: "bank", GARAGE: "garage"}),
            "SOTTO_GRAPHQL_URL": "http://127.0.0.1:9/graphql",
        }
        self.paused_ms: list[float] = []
        books = BooksInMemory(any_book("bank", BANK_ARN), any_book("garage", GARAGE_ARN))
        host = FunctionHost(
            aws.environment() | records_environment() | known,
            aws.session,
            pause=self.paused_ms.append,
            books=books,
        )
        create(resources, aws.functions, aws.engineer, REPOSITORY, host.load)
        self.bank, self.garage = EmulatedInstance(BANK_ARN), EmulatedInstance(GARAGE_ARN)
        aws.directory.instances = {BANK: self.bank, GARAGE: self.garage}
        table = Table(aws.engineer("dynamodb"), "sotto-directory")
        self.directory = DynamoDirectory(table, KeptUntil(), SystemClock())

    def synchronise(self, event: dict[str, Any] | None = None) -> None:
        answer = self.aws.functions.invoke("synchronise_directory", json.dumps(event or {}).encode())
        assert answer.error is None, answer.payload

    def conditions(self, tenant: str) -> list[Condition]:
        return [each.condition for each in self.directory.states(tenant)]


@pytest.fixture
def account() -> Iterator[Account]:
    with EmbeddedAws(tenants=lambda: ["bank", "garage"]) as aws:
        yield Account(aws)


def test_every_instance_of_the_cell_is_synchronised_for_its_tenant(account: Account) -> None:
    account.bank.add_user("emma", groups=("Bank", "Loans"))
    account.bank.add_queue("Loans")
    account.garage.add_user("ava")
    account.synchronise()
    emma = account.directory.agent("bank", f"{BANK_ARN}/agent/{user_id(BANK, 'emma')}")
    assert emma is not None
    assert (emma.username, emma.groups, emma.routing_profile) == ("emma", ("Bank", "Loans"), "Basic Routing Profile")
    assert account.directory.queue_name("bank", f"{BANK_ARN}/queue/{queue_id('Loans')}") == "Loans"
    assert account.directory.agent_called("garage", "ava") is not None
    assert account.directory.agent_called("garage", "emma") is None


def test_one_instance_can_be_asked_for(account: Account) -> None:
    account.bank.add_user("emma")
    account.garage.add_user("ava")
    account.synchronise({"tenant": "bank", "instance": BANK})
    assert account.directory.agent_called("bank", "emma") is not None
    assert account.conditions("garage") == []


def test_who_is_gone_is_found_out_by_the_next_run(account: Account) -> None:
    account.bank.add_user("emma")
    account.synchronise({"tenant": "bank", "instance": BANK})
    account.bank.remove_user("emma")
    account.synchronise({"tenant": "bank", "instance": BANK})
    emma = account.directory.agent_called("bank", "emma")
    assert emma is not None
    assert emma.left_at_ms is not None
    assert account.paused_ms == [SEEN_WITHIN_MS + 1_000]


def test_an_instance_whose_user_list_is_forbidden_is_a_state_and_no_failure(account: Account) -> None:
    account.bank.add_queue("Loans")
    account.aws.directory.forbidden = {"SearchUsers"}
    account.synchronise()
    assert account.conditions("bank") == account.conditions("garage") == [Condition.FORBIDDEN]
    assert account.directory.states("bank")[0].refused == ("SearchUsers",)
    assert account.directory.queue_name("bank", queue_id("Loans")) == "Loans"


def test_an_instance_that_connect_does_not_know_is_a_state_too(account: Account) -> None:
    del account.aws.directory.instances[GARAGE]
    account.bank.add_user("emma")
    account.synchronise()
    assert account.conditions("garage") == [Condition.UNKNOWN]
    assert account.conditions("bank") == [Condition.FINE]


def test_an_order_that_is_none_is_refused(account: Account) -> None:
    answer = account.aws.functions.invoke("synchronise_directory", b'{"tenant": "bank"}')
    assert answer.error is not None
    assert account.conditions("bank") == []
