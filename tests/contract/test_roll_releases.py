"""Contract tests: the function that judges versions on trial, as EventBridge calls it, on moto's tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from functions.roll_releases.handler import handler
from local.aws.keys import create_keys
from local.records import records_environment
from sotto.call.contact import Contact
from sotto.call.envelope import Envelope
from sotto.call.events import FeedbackGiven
from sotto.learning.rollout.roll import SHADOW_FOR_MS
from sotto.learning.rollout.tally import Tally
from sotto.learning.run import Run, Stage
from sotto.models.releases import Because
from sotto.tenants.adapters.published_books import NothingPublished
from sotto.wiring.sotto import Sotto
from tests.contract.published_account import unpublished
from tests.fakes.books import any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.routing import any_version

TENANT = "harbour_bank"
NOW_MS = 1_790_000_000_000


@pytest.fixture
def sotto() -> Iterator[Sotto]:
    with mock_aws():
        account, clock = unpublished(), ClockByHand(NOW_MS)
        environment = records_environment() | create_keys((TENANT,), account.client("kms"))
        environment |= {"AWS_REGION": "us-east-1", "SOTTO_CONNECT_INSTANCES": json.dumps({"i1": TENANT, "i2": "gone"})}
        made = Sotto.of(environment, session=account.session, clock=clock)
        made.books.publish(any_book(TENANT).sealed())
        for version in ("v1", "v2"):
            made.model_registry.publish(any_version(version), in_shadow=version == "v2")
        made.training_runs.save(Run(TENANT, 1, "intent", Stage.SHADOW, NOW_MS, NOW_MS, "v2", "v1"))
        made.training_runs.save(Run("gone", 1, "intent", Stage.SHADOW, NOW_MS, NOW_MS, "v2", "v1"))
        yield made


def minute(sotto: Sotto) -> None:
    handler.within(sotto)({}, None)


def answered(sotto: Sotto, contact_id: str) -> None:
    event = FeedbackGiven(TENANT, contact_id, "n1", 5, NOW_MS)
    delivered: Any = {"source": "sotto", "detail-type": event.TYPE, "detail": Envelope.of(event).model_dump()}
    handler.within(sotto)(delivered, None)


def stands(sotto: Sotto) -> tuple[Stage, int, dict[str, int]]:
    run = sotto.training_runs.run(TENANT, 1)
    assert run is not None
    return run.stage, run.percent, dict(sotto.model_registry.find(TENANT, "intent").shares)


def test_a_bad_version_is_taken_back_at_the_next_answer_without_anybody(sotto: Sotto) -> None:
    clock = sotto.clock
    assert isinstance(clock, ClockByHand)
    minute(sotto)
    assert stands(sotto) == (Stage.SHADOW, 0, {})
    clock.advance(SHADOW_FOR_MS)
    with pytest.raises(NothingPublished):  # the other tenant's trouble, when all were looked at
        minute(sotto)
    assert stands(sotto) == (Stage.TRIAL, 10, {"v2": 10})
    for agent in range(20):
        for place in range(10):
            tally = Tally(f"{agent}-{place}", f"a{agent}", place == 0, 20, 4 if place == 0 else 16)
            sotto.trial_tallies.put(TENANT, 1, 10, tally)
    assert stands(sotto)[0] is Stage.TRIAL
    sotto.contacts.record(Contact(TENANT, "c1", "i1", "s", int(clock.now_ms()) + 1, agent="emma"))
    answered(sotto, "c1")
    assert stands(sotto) == (Stage.TAKEN_BACK, 0, {})
    assert sotto.model_registry.find(TENANT, "intent").chain[0].version == "v1"
    whys = [each.because for each in sotto.model_registry.releases(TENANT, "intent")]
    assert Because("sotto/learn", "taken back: used", int(clock.now_ms())) in whys
    assert len(list(sotto.trial_tallies.tallies(TENANT, 1, 10))) == 201
    answered(sotto, "c1")
    assert stands(sotto) == (Stage.TAKEN_BACK, 0, {})
