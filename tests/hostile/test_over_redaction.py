"""Hostile: an ordinary sentence after a question for something private keeps its words."""

from __future__ import annotations

import pytest

from benchmarks.over_redaction import QUESTIONS, changed_after, tenant_phrases
from sotto.redaction.detectors.en.pack import ENGLISH
from sotto.redaction.detectors.spoken.numbers.digit_runs import runs_of
from sotto.redaction.detectors.tokens import tokens_of
from sotto.tenants.redaction_rules import RedactionRules

MAY_BE_THE_ANSWER = {"It is blue."}
"""To the question for a password or a favourite colour nothing else would be said."""
ENDS_WITH_A_DIGIT = {"It's the blue one."}
"""As the first digit of an answer would stand there."""


def holds_a_number(phrase: str) -> bool:
    """Of two digits or more: after a question for a number, a date or a password nobody can tell it from the answer."""
    return any(run.certain_digits > 1 for run in runs_of(tokens_of(phrase), ENGLISH.language.numbers))


@pytest.mark.parametrize("tenant", sorted(tenant_phrases()))
@pytest.mark.parametrize("kind", sorted(QUESTIONS))
def test_a_phrase_of_a_tenant_keeps_its_words_after_any_question(tenant: str, kind: str) -> None:
    spared = ENDS_WITH_A_DIGIT | (MAY_BE_THE_ANSWER if kind in ("password", "security_answer") else set())
    phrases = [each for each in tenant_phrases()[tenant] if each not in spared and not holds_a_number(each)]
    assert phrases
    lost = {q: [p for p in phrases if changed_after(q, p)] for q in QUESTIONS[kind]}
    assert lost == {question: [] for question in QUESTIONS[kind]}


def test_a_customer_who_leaves_is_understood_after_a_question_for_the_account() -> None:
    said = "I decided to switch banks and cancel my account with you"
    for question in ("what is your account number", "your policy number please", "and the passport number"):
        assert changed_after(question, said) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("what is your account number", "it's a b 1 2 3 4 5"),
        ("could you give me your policy number", "t for tommy q for queen six four s"),
        ("and your passport number", "november four five six seven"),
    ],
)
def test_a_code_with_digits_or_spelled_letters_is_still_hidden(question: str, code: str) -> None:
    shown = changed_after(question, code)
    assert shown is not None
    assert shown.removeprefix("it's ") in ("[account number]", "[identity document]")


def test_a_postcode_is_distinguished_from_a_sentence_where_the_tenant_hides_it() -> None:
    rules = RedactionRules.of({"postcode": "category"})
    assert changed_after("what is your postcode", "w two zero a b", rules) == "[postcode]"
    assert changed_after("what is your postcode", "I want to buy two tires for the front", rules) is None
