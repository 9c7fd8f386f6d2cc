"""Contract tests: new intents and questions without an article, in the manager's app. AppSync is emulated, the rest of
the path is real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sotto.core.audit import AuditAction
from sotto.learning.gaps.gap import GapKind, GroupState
from sotto.tenants.book import ModelUse
from tests.contract.delivery_stack import Stack, served
from tests.contract.ports.gaps_contract import any_gap, any_group
from tests.fakes.books import BooksInMemory, any_book

LIST = "query List($state: GapState) { gapGroups(kind: INTENT, state: $state) { id phrases state version } }"
ONE = """query One($id: ID!) { gapGroup(kind: INTENT, groupId: $id) {
  id calls nearest near examples { contactId id text }
} }"""
ACCEPT = """mutation Accept($name: String!, $version: Int!, $chosen: [GapPlace!]) {
  acceptGaps(kind: INTENT, groupId: "g1", version: $version, name: $name, chosen: $chosen) { state label who version }
}"""
MERGE = """mutation Merge($into: String, $group: ID) {
  mergeGaps(kind: INTENT, groupId: "g1", version: 1, into: $into, intoGroup: $group) { id state label calls }
}"""
IGNORE = 'mutation { ignoreGaps(kind: INTENT, groupId: "g1", version: 1) { state version } }'
REOPEN = 'mutation { reopenGaps(kind: INTENT, groupId: "g1", version: 2) { state version } }'
INTENT = ModelUse(task="intent", package="bank/intent", labels=("card_lost",))


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with served(Stack()) as stack:
        book = any_book("bank", learning={"consent": "always"}).model_copy(update={"models": {"intent": INTENT}})
        stack.desk.books = BooksInMemory(book)
        gaps = stack.desk.gaps
        for call in range(6):
            gaps.put(any_gap(contact_id=f"c{call}", at_ms=call, group="g1"))
        for group in (
            any_group(),
            any_group(id="g2", calls=3),
            any_group(tenant="garage"),
            any_group(id="g3", kind=GapKind.ARTICLE),
        ):
            gaps.save_group(group)
        yield stack


def token(stack: Stack, role: str = "quality", tenant: str = "bank") -> str:
    return stack.issuer.issue(agent="sue", tenant=tenant, role=role)


async def asked(stack: Stack, query: str, role: str = "quality", **variables: Any) -> Any:
    return (await stack.ask(token(stack, role), query, **variables)).json()


async def test_groups_that_wait_are_listed_and_one_shows_its_examples(stack: Stack) -> None:
    found = (await asked(stack, LIST, state="OPEN"))["data"]["gapGroups"]
    assert [(each["id"], each["phrases"]) for each in found] == [("g1", ["going abroad"]), ("g2", ["going abroad"])]
    one = (await asked(stack, ONE, id="g1"))["data"]["gapGroup"]
    assert (one["calls"], one["nearest"], one["near"]) == (6, "card_lost", 0.4)
    assert [each["contactId"] for each in one["examples"]] == [f"c{call}" for call in reversed(range(6))]
    assert {each.action for each in stack.desk.audit.all} == {AuditAction.LOOKED_INTO}
    assert (await asked(stack, ONE, id="gone"))["data"]["gapGroup"] is None


async def test_an_accepted_group_is_an_intent_that_examples_can_be_of(stack: Stack) -> None:
    chosen = [{"contactId": f"c{call}", "id": "u1"} for call in range(5)]
    done = await asked(stack, ACCEPT, name="travel_notice", version=1, chosen=chosen)
    assert done["data"]["acceptGaps"] == {"state": "ACCEPTED", "label": "travel_notice", "who": "sue", "version": 2}
    labels = (await asked(stack, "{ exampleLabels }"))["data"]["exampleLabels"]
    assert labels == ["card_lost", "travel_notice", "none_of_these"]
    assert len(stack.desk.examples.all) == 5
    assert (await asked(stack, LIST, state="OPEN"))["data"]["gapGroups"][0]["id"] == "g2"
    again = await asked(stack, ACCEPT, name="another_name", version=1, chosen=chosen)
    assert "somebody changed it meanwhile" in again["errors"][0]["message"]


async def test_what_the_rules_refuse_is_said_in_words(stack: Stack) -> None:
    for query, says, variables in (
        (ACCEPT, "merge the group into it", {"name": "card_lost", "version": 1}),
        (ACCEPT, "somebody changed it", {"name": "travel_notice", "version": 7}),
        (MERGE, "give one of the two", {}),
        (MERGE, "no such intent", {"into": "nothing"}),
        (MERGE, "choose another group", {"group": "g1"}),
        (MERGE, "there is none", {"group": "g3"}),
    ):
        refused = await asked(stack, query, **variables)
        assert says in refused["errors"][0]["message"], refused
    assert stack.desk.gaps.of_kind["bank", GapKind.INTENT, "g1"] == any_group()


async def test_a_group_is_merged_ignored_and_taken_up_again(stack: Stack) -> None:
    assert (await asked(stack, IGNORE))["data"]["ignoreGaps"] == {"state": "IGNORED", "version": 2}
    assert (await asked(stack, REOPEN))["data"]["reopenGaps"] == {"state": "OPEN", "version": 3}
    gaps = stack.desk.gaps
    gaps.of_kind["bank", GapKind.INTENT, "g1"] = any_group()
    merged = (await asked(stack, MERGE, group="g2"))["data"]["mergeGaps"]
    assert merged == {"id": "g2", "state": "OPEN", "label": None, "calls": 9}
    assert gaps.of_kind["bank", GapKind.INTENT, "g1"].state is GroupState.MERGED
    assert {each.group for each in gaps.all.values()} == {"g2"}


async def test_nobody_else_sees_or_decides_anything_and_each_tenant_its_own(stack: Stack) -> None:
    for role in ("agent", "supervisor", "author", "admin", "analyst"):
        for query, variables in (
            (LIST, {}),
            (ONE, {"id": "g1"}),
            (ACCEPT, {"name": "x1", "version": 1}),
            (IGNORE, {}),
            (REOPEN, {}),
        ):
            refused = await asked(stack, query, role, **variables)
            assert refused["errors"][0]["errorType"] == "Unauthorized", (role, query)
    other = (await stack.ask(token(stack, tenant="garage"), LIST)).json()["data"]["gapGroups"]
    assert [each["id"] for each in other] == ["g1"]
    assert not stack.desk.examples.all
