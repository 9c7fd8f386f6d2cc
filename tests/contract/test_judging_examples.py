"""Contract tests: the queue of examples in the manager's app. AppSync is emulated, the rest of the path is real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from sotto.core.audit import AuditAction
from sotto.learning.example import ExampleState, Vote
from sotto.tenants.book import ModelUse
from tests.contract.delivery_stack import Stack, served
from tests.contract.ports.learning_contract import NOW_MS, accepted, any_example
from tests.fakes.books import BooksInMemory, any_book

QUEUE = "{ exampleQueue(limit: 10) { contactId utteranceId text proposed source state label warnings } }"
JUDGE = """mutation Judge($contact: ID!, $label: String) {
  judgeExample(contactId: $contact, utteranceId: "u1", label: $label) { state label }
}"""
INTENT = ModelUse(task="intent", package="bank/intent", labels=("card_lost", "card_arrival"))


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with served(Stack()) as stack:
        book = any_book("bank", learning={"consent": "always"}).model_copy(update={"models": {"intent": INTENT}})
        stack.desk.books = BooksInMemory(book)
        stack.desk.examples.put(any_example())
        stack.desk.examples.put(any_example(tenant="garage", contact_id="g1"))
        yield stack


def token(stack: Stack, agent: str = "sue", role: str = "quality", tenant: str = "bank") -> str:
    return stack.issuer.issue(agent=agent, tenant=tenant, role=role)


async def judged(stack: Stack, who: str, label: str | None, contact: str = "c1") -> Any:
    return (await stack.ask(who, JUDGE, contact=contact, label=label)).json()


async def test_a_quality_manager_sees_what_waits_and_settles_it_with_one_answer(stack: Stack) -> None:
    sue = token(stack)
    [shown] = (await stack.ask(sue, QUEUE)).json()["data"]["exampleQueue"]
    assert shown == {
        "contactId": "c1", "utteranceId": "u1", "text": "my card is gone", "proposed": "card_lost",
        "source": "CORRECTION", "state": "OPEN", "label": None, "warnings": [],
    }  # fmt: skip
    labels = (await stack.ask(sue, "{ exampleLabels }")).json()["data"]["exampleLabels"]
    assert labels == ["card_lost", "card_arrival", "none_of_these"]
    answer = await judged(stack, sue, "card_arrival")
    assert answer["data"]["judgeExample"] == {"state": "ACCEPTED", "label": "card_arrival"}
    assert (await stack.ask(sue, QUEUE)).json()["data"]["exampleQueue"] == []
    done = [(each.who, each.action) for each in stack.desk.audit.all]
    assert done == [("sue", AuditAction.LOOKED_INTO), ("sue", AuditAction.EXAMPLE_JUDGED)]


async def test_nobody_else_sees_or_judges_examples(stack: Stack) -> None:
    for role in ("agent", "supervisor", "author", "admin", "analyst"):
        refused = (await stack.ask(token(stack, role=role), QUEUE)).json()
        assert refused["errors"][0]["errorType"] == "Unauthorized", role
        assert (await judged(stack, token(stack, role=role), "card_lost"))["errors"][0]["errorType"] == "Unauthorized"
    assert stack.desk.examples.all["bank", "c1", "u1"].votes == ()


async def test_an_unknown_label_a_foreign_example_and_ones_own_proposal_are_refused_with_the_reason(
    stack: Stack,
) -> None:
    sue, emma = token(stack), token(stack, agent="emma")
    for who, label, contact, says in (
        (sue, "no_such", "c1", "know no such label"),
        (sue, "card_lost", "g1", "there is none"),
        (emma, "card_lost", "c1", "whoever proposed"),
    ):
        refused = await judged(stack, who, label, contact)
        assert says in refused["errors"][0]["message"]


async def test_who_always_says_yes_stops_counting_and_what_rests_on_them_waits_again(stack: Stack) -> None:
    """Gold questions come through the same field, and nothing tells them from the others."""
    examples = stack.desk.examples
    examples.all.clear()
    agreed = (Vote("tom", "card_lost", NOW_MS), Vote("ann", "card_lost", NOW_MS))
    for place in range(12):
        examples.put(accepted(contact_id=f"gold-{place}", votes=agreed))
    for place in range(60):
        examples.put(any_example(contact_id=f"c{place}", proposed="card_arrival"))
    yes_sayer, asked = token(stack), 0
    while asked < 200:
        queue = (await stack.ask(yes_sayer, QUEUE)).json()["data"]["exampleQueue"]
        if not queue or not stack.desk.example_reviewers.reviewer("bank", "sue").is_trusted:
            break
        for each in queue:
            asked += 1
            answer = await judged(stack, yes_sayer, each["proposed"], each["contactId"])
            assert "errors" not in answer
    assert not stack.desk.example_reviewers.reviewer("bank", "sue").is_trusted
    theirs = [each for each in examples.all.values() if any(vote.reviewer == "sue" for vote in each.votes)]
    assert theirs and all(each.state is ExampleState.OPEN for each in theirs)
    untouched = [each for each in examples.all.values() if each.contact_id.startswith("gold-")]
    assert all(each == replace(each, label="card_lost", votes=agreed) for each in untouched)


STANDS = "{ reviewing { waiting needed compared agreed } }"
WITHDRAW = """mutation Withdraw($contact: ID!) {
  withdrawJudgement(contactId: $contact, utteranceId: "u1") { state label answers needed }
}"""


async def test_a_wrong_key_is_taken_back_and_of_a_gold_question_nothing_is_seen_by_it(stack: Stack) -> None:
    sue, gold = token(stack), accepted(contact_id="gold")
    stack.desk.examples.put(gold)
    assert (await judged(stack, sue, "card_arrival"))["data"]["judgeExample"]["state"] == "ACCEPTED"
    open_again = {"state": "OPEN", "label": None, "answers": 0, "needed": 1}
    for contact in ("c1", "gold"):
        answer = (await stack.ask(sue, WITHDRAW, contact=contact)).json()
        assert answer["data"]["withdrawJudgement"] == open_again
    found = stack.desk.examples.example("bank", "c1", "u1")
    assert found is not None and (found.state, found.votes) == (ExampleState.OPEN, ())
    assert stack.desk.examples.example("bank", "gold", "u1") == gold
    missing = (await stack.ask(sue, WITHDRAW, contact="c9")).json()
    assert "there is none" in missing["errors"][0]["message"]


async def test_reviewers_see_how_often_they_agree_with_others_and_gold_questions_are_in_no_figure(stack: Stack) -> None:
    mine, other = Vote("sue", "card_lost", NOW_MS), Vote("tom", "card_lost", NOW_MS)
    wrong = replace(mine, label="card_arrival")
    for place, votes in enumerate(((mine, other), (wrong, other, other), (mine,), (other,))):
        stack.desk.examples.put(accepted(contact_id=f"k{place}", votes=votes))
    stack.desk.example_reviewers.answered_gold("bank", "sue", "g1", False, NOW_MS)
    stands = (await stack.ask(token(stack), STANDS)).json()["data"]["reviewing"]
    assert stands == {"waiting": 1, "needed": 1, "compared": 2, "agreed": 1}
