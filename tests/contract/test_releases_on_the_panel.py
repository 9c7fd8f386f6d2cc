"""Contract tests: what was learned, in the manager's app. AppSync is emulated, the rest of the path is real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from sotto.core.audit import AuditAction
from sotto.learning.rollout.tally import Tally
from sotto.learning.run import Run, Stage
from sotto.models.versions import PublishedVersion, Shelf
from tests.contract.delivery_stack import Stack, served
from tests.fakes.routing import any_version

LIST = "{ releases { number model stage release percent passed } }"
ONE = """query One($number: Int!) { release(number: $number) {
  number stage learned judgedBy why gates { name passed decides says }
  candidate { version accuracy slices { name accuracy examples } } live { version }
  trial { percent shares step why difference live { calls shown used } candidate { calls shown used dismissed failed } }
} }"""
BACK = "mutation Back($number: Int!) { takeReleaseBack(number: $number) { number stage percent why } }"
FIGURES = {
    "examples": 40, "accuracy": 0.9, "calibration_error": 0.02, "none_share": 0.1, "classes": {},
    "slices": {"few words": [0.8, 20]},
}  # fmt: skip
CARD: dict[str, Any] = {
    "passed": True, "phrases": 120, "base": "minilm", "seconds": 3.0,
    "set": {"learned": 3, "regression": 1},
    "candidate": {"version": "v2", "figures": FIGURES, "size_bytes": 10, "latency_ms": 1.5},
    "live": {"version": "v1", "figures": FIGURES | {"accuracy": None}, "size_bytes": 10, "latency_ms": 1.5},
    "gates": [{"name": "accuracy", "passed": True, "says": "right on 90 %", "decides": True}],
}  # fmt: skip
RUN = Run("bank", 2, "intent", Stage.TRIAL, 5, 9, "v2", "v1", 10, card=CARD)


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with served(Stack()) as stack:
        stack.desk.training_runs.save(replace(RUN, number=1, stage=Stage.SET, release="", card={}, percent=0))
        stack.desk.training_runs.save(RUN)
        stack.desk.training_runs.save(replace(RUN, tenant="garage"))
        published = tuple(PublishedVersion(any_version(name)) for name in ("v2", "v1"))
        stack.desk.shelf.of_model = Shelf(published, pinned="v1", shares={"v2": 10})
        for place in range(10):
            tally = Tally(f"c{place}", f"a{place}", place == 0, 5, 4 - 3 * (place == 0), int(place == 0), 5, place // 9)
            stack.desk.tallies.put("bank", 2, 10, tally)
        yield stack


def token(stack: Stack, role: str = "quality", tenant: str = "bank") -> str:
    return stack.issuer.issue(agent="quinn", tenant=tenant, role=role)


async def test_releases_are_listed_and_one_shows_its_card_and_its_trial(stack: Stack) -> None:
    for role in ("quality", "admin"):
        found = (await stack.ask(token(stack, role), LIST)).json()["data"]["releases"]
        assert [(each["number"], each["stage"], each["passed"]) for each in found] == [
            (2, "TRIAL", True),
            (1, "SET", None),
        ]
    one = (await stack.ask(token(stack), ONE, number=2)).json()["data"]["release"]
    assert (one["learned"], one["judgedBy"], one["live"]) == (3, 1, {"version": "v1"})
    assert one["gates"] == [{"name": "accuracy", "passed": True, "decides": True, "says": "right on 90 %"}]
    assert one["candidate"]["slices"] == [{"name": "few words", "accuracy": 0.8, "examples": 20}]
    assert one["trial"] == {
        "percent": 10, "shares": [10, 30, 50], "step": "WAIT", "why": "too little was shown", "difference": None,
        "live": {"calls": 9, "shown": 45, "used": 36},
        "candidate": {"calls": 1, "shown": 5, "used": 1, "dismissed": 1, "failed": 0},
    }  # fmt: skip
    assert (await stack.ask(token(stack), ONE, number=9)).json()["data"]["release"] is None
    young = (await stack.ask(token(stack), ONE, number=1)).json()["data"]["release"]
    assert (young["candidate"], young["gates"], young["trial"]) == (None, [], None)


async def test_a_version_on_trial_is_taken_back_once_and_it_is_known_by_whom(stack: Stack) -> None:
    quinn = token(stack)
    done = (await stack.ask(quinn, BACK, number=2)).json()["data"]["takeReleaseBack"]
    assert done == {"number": 2, "stage": "TAKEN_BACK", "percent": 0, "why": "by quinn"}
    assert (stack.desk.shelf.of_model.shares, stack.desk.shelf.of_model.chain[0].version) == ({}, "v1")
    entries = [(each.who, each.action, each.record) for each in stack.desk.audit.all]
    assert entries == [("quinn", AuditAction.RELEASE_CHANGED, "release/intent/v2")]
    for number in (1, 2, 9):
        again = (await stack.ask(quinn, BACK, number=number)).json()
        assert "in the shadow or on trial" in again["errors"][0]["message"]


async def test_nobody_else_sees_or_takes_anything_back(stack: Stack) -> None:
    for role, queries in (("agent", (LIST, ONE, BACK)), ("supervisor", (BACK,)), ("analyst", (LIST,))):
        for query in queries:
            refused = (await stack.ask(token(stack, role), query, number=2)).json()
            assert "quality managers and administrators" in refused["errors"][0]["message"], (role, query)
    other = (await stack.ask(token(stack, tenant="garage"), LIST)).json()
    assert [each["number"] for each in other["data"]["releases"]] == [2], "its own"
