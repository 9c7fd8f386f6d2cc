"""Unit: a tenant that may not leave a boundary, from its file to the providers that it is served by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sotto.core.residency import OutsideResidency
from sotto.core.settings import Settings
from sotto.graph.node import NodeStatus
from sotto.tenants.book import TenantBook
from sotto.tenants.residency import Serving, refusals
from sotto.wiring.publishing import book_from, load_tenant
from sotto.wiring.sotto import Sotto
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.budgets import CountersInMemory
from tests.fakes.generating import ScriptedGenerator, any_generation, wrote
from tests.fakes.turned_clock import TurnedClock
from tests.unit.tenants.tenant_files import TENANT, write_tenant

GLOBAL = "wss://api.deepgram.com/v1/listen"
IN_EUROPE = "wss://api.eu.deepgram.com/v1/listen"
GOOD = wrote("The $12 monthly fee is waived once a year on request [1].", 1)


def european(folder: Path, recognisers: str = "[deepgram]") -> TenantBook:
    written = TENANT.replace("teams:", f"residency: eu\nrecognisers: {recognisers}\nteams:")
    return book_from(write_tenant(folder, tenant=written))


def sotto_in(region: str, book: TenantBook, *, generator: object = None, **environment: str) -> Sotto:
    known = {"AWS_REGION": region, "SOTTO_DEEPGRAM_SECRET": "key", **environment}
    given = {"generator": generator, "conversation_so_far": None} if generator is not None else {}
    counters = CountersInMemory()
    return Sotto(Settings(known), books=BooksInMemory(book), clock=TurnedClock(), budget_counters=counters, **given)


def test_a_book_names_the_boundary_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    assert european(tmp_path).settings.residency == "eu"
    written = TENANT.replace("teams:", "residency: europe\nteams:")
    (mistake,) = load_tenant(write_tenant(tmp_path, tenant=written, name="other")).mistakes
    assert "'europe'" in mistake.message and "eu" in mistake.message


@pytest.mark.parametrize(
    ("serving", "reasons"),
    [
        (Serving("eu-central-1", IN_EUROPE, {}), []),
        (Serving("us-east-1", IN_EUROPE, {}), ["us-east-1 is outside it"]),
        (Serving("eu-central-1", GLOBAL, {}), ["not known to stay anywhere"]),
        (Serving("eu-central-1", GLOBAL, {"api.deepgram.com": "eu"}), []),
        (Serving("ca-central-1", GLOBAL, {}), ["ca-central-1 is outside it", "not known to stay anywhere"]),
    ],
)
def test_what_publishing_refuses(tmp_path: Path, serving: Serving, reasons: list[str]) -> None:
    found = refusals(european(tmp_path).settings, serving)
    assert len(found) == len(reasons) and all(map(str.__contains__, found, reasons))


def test_a_provider_outside_is_passed_over_and_the_next_one_is_asked(tmp_path: Path) -> None:
    book = european(tmp_path, "[deepgram, transcribe]")
    providers = sotto_in("eu-central-1", book)._providers(book.tenant)
    assert [each.name for each in providers] == ["transcribe"]
    both = sotto_in("eu-central-1", book, SOTTO_DEEPGRAM_URL=IN_EUROPE)._providers(book.tenant)
    assert [each.name for each in both] == ["deepgram", "transcribe"]


def test_where_every_provider_is_outside_the_call_is_not_recognised_and_says_why(tmp_path: Path) -> None:
    book = european(tmp_path)
    with pytest.raises(OutsideResidency, match="the tenant may not leave eu"):
        sotto_in("eu-central-1", book)._providers(book.tenant)


def test_what_the_deployment_says_counts_as_much_as_the_book() -> None:
    bound = json.dumps({"bank": "eu"})
    sotto = sotto_in("us-east-1", any_book("bank"), SOTTO_RESIDENCY=bound)
    with pytest.raises(OutsideResidency):
        sotto.refuse_outside("bank", "transcribe", "us-east-1")
    sotto.refuse_outside("bank", "deepgram", IN_EUROPE)


def test_a_text_is_not_sent_to_a_writer_outside_and_the_next_one_writes(tmp_path: Path) -> None:
    clock = TurnedClock()
    outside, inside = ScriptedGenerator(clock, GOOD), ScriptedGenerator(clock, GOOD)
    environment = {
        "SOTTO_GENERATION": "openai,bedrock",
        "SOTTO_OPENAI_URL": "https://llm.example.com/v1",
        "SOTTO_OPENAI_MODEL": "m",
        "SOTTO_OPENAI_SECRET": "key",
        "SOTTO_BEDROCK_MODEL": "eu.amazon.nova-lite-v1:0",
    }
    call = any_generation()
    generators = {"openai": outside, "bedrock": inside}
    sotto = sotto_in(
        "eu-central-1", any_book(call.utterance.tenant, residency="eu"), generator=generators.__getitem__, **environment
    )
    assert sotto.writer.run(call).status is NodeStatus.OK
    assert inside.asked and not outside.asked

    nobody = sotto_in(
        "eu-central-1", any_book(call.utterance.tenant, residency="uk"), generator=generators.__getitem__, **environment
    )
    quoted = nobody.writer.run(call)
    assert quoted.status is NodeStatus.DEGRADED and "the tenant may not leave uk" in quoted.reason
    assert len(inside.asked) == 1 and not outside.asked
