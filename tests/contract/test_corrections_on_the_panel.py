"""Contract tests: a correction from the panel to its record. AppSync is emulated, the rest of the path is real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sotto.call.correction import CorrectionKind
from sotto.tenants.book import ModelUse
from tests.contract.delivery_stack import Stack, served
from tests.contract.test_delivery_to_the_panel import any_annotation, any_contact
from tests.fakes.books import BooksInMemory, any_book

CORRECT = """mutation Correct($about: ID, $utterance: ID, $kind: CorrectionKind!, $intent: String, $words: String) {
  correct(contactId: "c1", annotationId: $about, utteranceId: $utterance, kind: $kind, intent: $intent, words: $words) {
    about agent kind intent words
  }
}"""
INTENT = ModelUse(task="intent", package="bank/intent", labels=("card_lost", "card_arrival"))


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with served(Stack()) as stack:
        stack.conversations.all_contacts = [any_contact(agent="ann", team="retention")]
        stack.conversations.all_annotations = [any_annotation(), any_annotation(2, utterance_id=None)]
        stack.desk.books = BooksInMemory(any_book("bank").model_copy(update={"models": {"intent": INTENT}}))
        yield stack


@pytest.fixture
def ann(stack: Stack) -> str:
    return stack.issuer.issue(agent="ann", tenant="bank")


async def corrected(stack: Stack, token: str, **given: Any) -> Any:
    return (await stack.ask(token, CORRECT, **given)).json()


async def test_one_click_says_which_intent_it_was(stack: Stack, ann: str) -> None:
    known = (await stack.ask(ann, '{ intents(contactId: "c1") }')).json()["data"]["intents"]
    assert known == ["card_lost", "card_arrival"]
    answer = await corrected(stack, ann, about="a1", kind="OTHER_INTENT", intent="card_lost")
    assert answer["data"]["correct"] == {
        "about": "a1", "agent": "ann", "kind": "OTHER_INTENT", "intent": "card_lost", "words": None,
    }  # fmt: skip
    [kept] = stack.desk.corrections.all.values()
    assert (kept.kind, kept.utterance_id) == (CorrectionKind.OTHER_INTENT, "customer-1")


async def test_words_are_redacted_before_anything_keeps_them(stack: Stack, ann: str) -> None:
    words = "My card is 4111 1111 1111 1111, offer the refund."
    answer = await corrected(stack, ann, about="a1", kind="BETTER_WORDS", words=words)
    assert "4111" not in answer["data"]["correct"]["words"]
    assert "offer the refund" in answer["data"]["correct"]["words"]
    assert all("4111" not in each.words for each in stack.desk.corrections.all.values())


async def test_whoever_may_review_the_call_corrects_too_and_nobody_else(stack: Stack) -> None:
    given = {"about": "a1", "kind": "NO_INTENT"}
    supervisor = stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"])
    assert (await corrected(stack, supervisor, **given))["data"]["correct"]["agent"] == "sue"
    for stranger in (
        stack.issuer.issue(agent="bob", tenant="bank"),
        stack.issuer.issue(agent="ann", tenant="garage"),
        stack.issuer.issue(agent="tim", tenant="bank", role="supervisor", teams=["service"]),
    ):
        refused = await corrected(stack, stranger, **given)
        assert refused["errors"][0]["errorType"] == "Unauthorized"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"about": "a1", "kind": "OTHER_INTENT", "intent": "no_such"}, "know no such intent"),
        ({"about": "a1", "kind": "OTHER_INTENT"}, "intent: is for OTHER_INTENT"),
        ({"about": "a1", "kind": "NO_INTENT", "intent": "card_lost"}, "intent: is for OTHER_INTENT"),
        ({"about": "a1", "kind": "NO_INTENT", "words": "hm"}, "words: are for texts"),
        ({"about": "a1", "kind": "BETTER_WORDS"}, "words: say what should"),
        ({"kind": "NO_INTENT"}, "give one of the two"),
        ({"about": "a1", "utterance": "customer-1", "kind": "NO_INTENT"}, "give one of the two"),
        ({"about": "a9", "kind": "NO_INTENT"}, "no such annotation"),
        ({"utterance": "customer-9", "kind": "NO_INTENT"}, "no such utterance"),
        ({"about": "a2", "kind": "NO_INTENT"}, "no utterance led to this card"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_fix_and_keeps_nothing(
    stack: Stack, ann: str, given: dict[str, Any], says: str
) -> None:
    refused = await corrected(stack, ann, **given)
    assert says in refused["errors"][0]["message"]
    assert stack.desk.corrections.all == {}
