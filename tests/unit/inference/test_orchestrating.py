"""Unit: who runs an utterance's graph, and which interims are worth a round."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from sotto.call.contact import Contact, Speaker
from sotto.call.live import GuidanceRequest
from sotto.call.utterance import Utterance
from sotto.graph.compiled_policies import Runner
from sotto.inference.orchestrate import STALE_INTERIM_MS, GuidanceRun, OrchestratePorts, orchestrate_utterance
from sotto.tenants.book import TenantBook
from sotto.tenants.compile import PolicyCache
from sotto.wiring.publishing import book_from
from tests.fakes.books import BooksInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory

BOOK = book_from(Path("tenants/harbour_bank"))
NOW_MS = 1_795_000_000_000.0
PREMIER = Contact(BOOK.tenant, "c1", "", "", 0, team="service", agent="emma", attributes={"segment": "premier"})
FINAL = Utterance(BOOK.tenant, "c1", "customer-1", 1, Speaker.CUSTOMER, 0, 2_000, "I want to close my account")
INTERIM = replace(FINAL, seq=0, is_final=False)


@dataclass
class Runs:
    started: list[GuidanceRun] = field(default_factory=list)

    def start(self, name: str, run: GuidanceRun) -> None:
        self.started.append(run)


@dataclass
class House:
    book: TenantBook = BOOK
    contact: Contact = PREMIER
    superseded: bool = False
    runs: dict[Runner, Runs] = field(default_factory=lambda: {runner: Runs() for runner in Runner})

    def asks(self, utterance: Utterance, *, age_ms: float = 20) -> GuidanceRun | None:
        ports = OrchestratePorts(
            ContactsInMemory(self.contact), BooksInMemory(self.book), PolicyCache(), self.runs, ClockByHand(NOW_MS),
            lambda _: self.superseded,
        )  # fmt: skip
        stamps = {"received": NOW_MS - age_ms}
        return orchestrate_utterance(GuidanceRequest(BOOK.tenant, "c1", utterance, stamps), ports)

    def ran(self) -> list[Runner]:
        return [runner for runner, runs in self.runs.items() for _ in runs.started]


def with_guidance(**settings: object) -> TenantBook:
    guidance = BOOK.settings.guidance.model_copy(update=settings)
    return BOOK.model_copy(update={"settings": BOOK.settings.model_copy(update={"guidance": guidance}), "version": "2"})


def test_a_tenant_that_says_nothing_has_its_graphs_run_directly() -> None:
    house = House()
    house.asks(FINAL)
    assert house.ran() == [Runner.DIRECT]


def test_a_tenant_can_have_all_its_graphs_run_by_the_state_machine() -> None:
    house = House(with_guidance(runner=Runner.STEP_FUNCTIONS))
    house.asks(FINAL)
    assert house.ran() == [Runner.STEP_FUNCTIONS]


def test_calls_of_an_audited_policy_go_through_the_state_machine() -> None:
    audited = tuple(
        policy.model_copy(update={"audited": policy.name == "premier customers"}) for policy in BOOK.policies
    )
    book = BOOK.model_copy(update={"policies": audited, "version": "3"})
    ordinary, premier = House(book, replace(PREMIER, attributes={})), House(book)
    ordinary.asks(FINAL)
    premier.asks(FINAL)
    assert (ordinary.ran(), premier.ran()) == ([Runner.DIRECT], [Runner.STEP_FUNCTIONS])


def test_graphs_that_are_slow_throughout_are_not_begun_directly() -> None:
    slow = tuple(
        policy.model_copy(update={"run": tuple(rule.model_copy(update={"deadline_ms": 8_000}) for rule in policy.run)})
        for policy in BOOK.policies
    )
    house = House(BOOK.model_copy(update={"policies": slow, "version": "4"}))
    house.asks(FINAL)
    assert house.ran() == [Runner.STEP_FUNCTIONS]


@pytest.mark.parametrize(
    ("house", "age_ms", "runs"),
    [
        (House(), 20, 1),
        (House(superseded=True), 20, 0),
        (House(), STALE_INTERIM_MS + 1, 0),
        (House(contact=replace(PREMIER, attributes={})), 20, 0),
    ],
    ids=["fresh", "its final was considered", "older than what has followed", "no model wants it"],
)
def test_an_interim_that_is_worth_nothing_asks_no_model(house: House, age_ms: float, runs: int) -> None:
    house.asks(INTERIM, age_ms=age_ms)
    assert len(house.ran()) == runs


def test_a_final_is_never_too_late() -> None:
    house = House(superseded=True)
    house.asks(FINAL, age_ms=60_000)
    assert house.ran() == [Runner.DIRECT]
