"""Contract tests: what a system of record knows of a caller, in time or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from sotto.filing.context import CrmContext
from sotto.filing.crm import Found, WhoCalled
from sotto.tenants.filing import ContextField, Filing
from tests.contract.filing.desks import KINDS, Desk, desk_of
from tests.contract.filing.office import PHONE, TENANT
from tests.fakes.books import BooksInMemory, any_book

FIELDS = {"salesforce": "Tier__c", "connect_cases": "Attributes.tier"}


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=2) as found:
        yield found


def context_of(desk: Desk, beside: ThreadPoolExecutor, crm: Any = None) -> CrmContext:
    field = ContextField(field=FIELDS.get(desk.declared.kind, "tier"), title="Tier")
    system = desk.declared.model_copy(update={"context": {"tier": field}})
    book = any_book(TENANT).model_copy(update={"filing": Filing(systems=(system,))})
    return CrmContext(BooksInMemory(book.sealed()), lambda tenant, system: crm or desk.crm, desk.clock, beside)


@pytest.mark.parametrize("kind", KINDS)
def test_one_person_of_the_number_is_known_and_two_are_nobody(kind: str, beside: ThreadPoolExecutor) -> None:
    with desk_of(kind) as desk:
        context = context_of(desk, beside)
        assert context.values(TENANT, PHONE, until_ms=desk.clock.monotonic_ms() + 5_000) == {}
        desk.add_person("Ada Love", phone=PHONE, tier="gold")
        desk.clock.pass_ms(120_000)
        assert context.values(TENANT, PHONE, until_ms=desk.clock.monotonic_ms() + 5_000) == {"tier": "gold"}
        desk.add_person("Grace Hop", phone=PHONE, tier="silver")
        desk.clock.pass_ms(120_000)
        assert context.values(TENANT, PHONE, until_ms=desk.clock.monotonic_ms() + 5_000) == {}
        desk.be_down(True)
        assert context.values(TENANT, PHONE, until_ms=desk.clock.monotonic_ms() + 5_000) == {}


def test_a_system_that_hangs_holds_up_nobody(beside: ThreadPoolExecutor) -> None:
    answers = Event()

    class Hanging:
        def find_person(self, who: WhoCalled) -> Found:
            answers.wait(10)
            return Found()

    with desk_of("hubspot") as desk:
        context = context_of(desk, beside, Hanging())
        assert context.values(TENANT, PHONE, until_ms=desk.clock.monotonic_ms() + 30) == {}
        assert not answers.is_set()
        answers.set()
