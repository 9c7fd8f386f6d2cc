"""Unit: what may become private is not shown by an interim, and what cannot is shown again with the next word."""

from __future__ import annotations

import pytest

from benchmarks.hostile_texts import cut_at_every_token
from sotto.call.contact import Contact, Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.languages import redactor_for
from sotto.tenants.redaction_rules import RedactionRules


def result_of(text: str, *, final: bool = False, speaker: str = "customer", at_ms: float = 0.0) -> TranscriptResult:
    return TranscriptResult(Speaker(speaker), "r1", at_ms, at_ms + 2000, text, (), final)


def after(question: str = "", rules: RedactionRules | None = None) -> ConversationRedactor:
    redactor = ConversationRedactor(rules or RedactionRules())
    if question:
        redactor.redact(result_of(question, final=True, speaker="agent"))
    return redactor


def guessed(text: str, question: str = "", rules: RedactionRules | None = None) -> str:
    return after(question, rules).unguarded(result_of(text, at_ms=3000)).result.text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("I was born on July", "I was born on"),
        ("I was born on July the", "I was born on"),
        ("it was july the fourth", "it was"),
        ("that is the ninth of", "that is"),
        ("on march third nineteen", "on [number]"),
        ("let me see oh", "let me see"),
        ("it is double", "it is"),
        ("one two three no sorry", "[number]"),
        ("it's j o h", "it's"),
        ("it's j for john o for", "it's"),
        ("my email address is jane", "my email address is"),
        ("you can write to maria", "you can write to"),
    ],
)
def test_the_beginning_of_something_private_waits_for_the_next_word(said: str, shown: str) -> None:
    assert guessed(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "I will come in may and then",
        "it was july the fourth when we",
        "for two days we",
        "we want to go",
        "the first thing",
        "that is one of them",
        "it is twenty five dollars we",
        "the double room",
        "you can write to Maria.",
    ],
)
def test_what_the_next_word_makes_ordinary_is_shown_with_it(said: str) -> None:
    assert guessed(said) == said


@pytest.mark.parametrize(
    "said",
    [
        "four one one one double one um one one one one no sorry one one one one",
        "oh four twenty space oh three sixty one",
        "i was born on the 27th of the 9th 1979",
        "born in march and the third nineteen eighty two",
        "it's j for juliet o for oscar h for hotel n for november at g m a i l dot c o m",
    ],
)
def test_no_interim_shows_what_its_final_masks(said: str) -> None:
    redactor = after()
    private = {i for finding in redactor.findings_in(said) for i in range(finding.start, finding.end)}
    assert private
    for cut in cut_at_every_token(said):
        masked, held_from = redactor.in_interim(cut)
        hidden = {i for finding in masked for i in range(finding.start, finding.end)} | set(range(held_from, len(cut)))
        seen = "".join(c for i, c in enumerate(cut) if i in private - hidden and c.isalnum())
        assert not seen, cut


def test_an_answer_that_was_asked_for_is_held_from_its_first_letter() -> None:
    rules = RedactionRules.everything()
    assert guessed("o", "what is your postcode", rules) == "…"
    assert guessed("it's katie and", "can i take your full name", rules) == "it's [name]"


def test_what_the_tenant_shows_is_not_held_back() -> None:
    said = "i live at sixty four cliveden"
    assert guessed(said) == "i live at [number] cliveden"
    assert guessed(said, "", RedactionRules.everything()) == "i live at [number]"


def test_an_interim_of_which_all_is_held_still_says_that_somebody_speaks() -> None:
    redacted = after().unguarded(result_of("july"))
    assert redacted.result.text == "…"
    assert redacted.spans == ()


def test_words_and_spans_of_an_interim_stay_in_step_with_what_is_shown() -> None:
    said = "born on march third nineteen"
    words = tuple(Word(word, 100.0 * i, 100.0 * i + 90) for i, word in enumerate(said.split()))
    redacted = after().unguarded(TranscriptResult(Speaker.CUSTOMER, "r", 0, 600, said, words, False))
    assert redacted.result.text == "born on [date of birth]"
    assert [word.text for word in redacted.result.words] == ["born", "on", "[date of birth]"]
    (span,) = redacted.spans
    assert redacted.result.text[span.start_char : span.end_char] == "[date of birth]"
    assert span.end_ms == 490


def test_a_final_holds_nothing_back() -> None:
    assert after().unguarded(result_of("i was there in july", final=True)).result.text == "i was there in july"


def test_a_language_without_rules_holds_nothing_back() -> None:
    contact = Contact("acme", "c1", "arn:instance", "arn:stream", 0, language="fr-FR")
    assert redactor_for(contact, RedactionRules()).redact(result_of("je viens en may")).result.text == "je viens en may"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("my birthday is march and third nineteen eighty two", "my birthday is [date of birth]"),
        ("i was born in march and the third nineteen eighty two", "i was born in [date of birth]"),
        ("born on march, um, the 3rd 1982 and i live here", "born on [date of birth] and i live here"),
        ("born on july fourth may i go on", "born on [date of birth] may i go on"),
    ],
)
def test_a_date_of_birth_is_masked_whole(said: str, shown: str) -> None:
    assert after().unguarded(result_of(said, final=True)).result.text == shown
