"""A private number is hidden however a recogniser writes it. Kind: the redactor of one contact."""

from __future__ import annotations

import pytest

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.recognition.number_spelling import compared
from sotto.redaction.engine import ConversationRedactor
from sotto.tenants.redaction_rules import RedactionRules

CARD = [
    "4-1-1-1 1-1-1-1 1-1-1-1 1-1-1-1",
    "4111 1111 1111 1111",
    "4111111111111111",
    "four one one one one one one one one one one one one one one one",
    "forty one eleven eleven eleven eleven eleven eleven eleven",
    "for one one one, one one one one, one one one one, one one one one",
]
SECURITY_CODE = ["7-3-2", "732", "seven three two", "seven thirty two", "7 3 2"]
PHONE = ["202-555-0147", "2025550147", "two zero two, five five five, zero one four seven", "202 five five five 0147"]


def redacted(question: str, answer: str) -> str:
    redactor = ConversationRedactor(RedactionRules())
    redactor.redact(_final(Speaker.AGENT, question, 0))
    return redactor.redact(_final(Speaker.CUSTOMER, answer, 2_500)).result.text


def _final(speaker: Speaker, text: str, at_ms: float) -> TranscriptResult:
    return TranscriptResult(speaker, "r", at_ms, at_ms + 2_000, text, (), is_final=True)


@pytest.mark.parametrize("spelling", CARD)
def test_a_card_number_is_hidden_in_every_spelling(spelling: str) -> None:
    text = redacted("Can you read me the number of the card?", f"My card number is {spelling}.")
    assert "[" in text and not any(word.isdigit() for word in compared(text).split())


@pytest.mark.parametrize("spelling", SECURITY_CODE)
def test_a_security_code_is_hidden_in_every_spelling(spelling: str) -> None:
    text = redacted("And the security code?", f"The security code is {spelling}.")
    assert not any(word.isdigit() for word in compared(text).split())


@pytest.mark.parametrize("spelling", PHONE)
def test_a_phone_number_is_hidden_in_every_spelling(spelling: str) -> None:
    text = redacted("What is the best phone number for you?", f"My phone number is {spelling}.")
    assert not any(word.isdigit() for word in compared(text).split())
