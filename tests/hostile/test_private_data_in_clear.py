"""Hostile: what was kept in clear, in the words in which it was found, and its kin."""

from __future__ import annotations

import pytest

from benchmarks.redaction_secrets import SecretCase, number_cases, secret_cases, shown_of
from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.redaction.engine import ConversationRedactor
from sotto.tenants.redaction_rules import PrivateKind, RedactionAction, RedactionRules


class Call:
    """One contact, a line every three seconds."""

    def __init__(self) -> None:
        self._redactor = ConversationRedactor(RedactionRules())
        self._at_ms = 0.0

    def asks(self, text: str) -> str:
        return self._redact(Speaker.AGENT, text)

    def says(self, text: str) -> str:
        return self._redact(Speaker.CUSTOMER, text)

    def guesses(self, text: str) -> str:
        return self._redactor.redact(_event(Speaker.CUSTOMER, text, self._at_ms, final=False)).result.text

    def _redact(self, speaker: Speaker, text: str) -> str:
        self._at_ms += 3000
        return self._redactor.redact(_event(speaker, text, self._at_ms)).result.text


def _event(speaker: Speaker, text: str, at_ms: float, *, final: bool = True) -> TranscriptResult:
    return TranscriptResult(speaker, "r", at_ms, at_ms + 2000, text, (), final)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("My PIN is 4217", "My PIN is [pin]"),
        ("my pin is four two one seven", "my pin is [pin]"),
        ("the pin's forty two seventeen", "the pin's [pin]"),
        ("four two one seven is my pin", "[pin] is my pin"),
        ("my pin number is 4217", "my pin number is [pin]"),
        ("the code I got is 739 221", "the code I got is [one time code]"),
        ("your verification code is 4821", "your verification code is [one time code]"),
        ("you sent me a code and it is 3676 79", "you sent me a code and it is [one time code]"),
        ("the card ends 1111", "the card ends [card ending]"),
        ("the card ends eleven eleven", "the card ends [card ending]"),
        ("it was on 5/11/75", "it was on [date of birth]"),
        ("I was born 9 8 45", "I was born [date of birth]"),
    ],
)
def test_a_pin_a_code_an_ending_and_a_short_birth_date_are_hidden(said: str, shown: str) -> None:
    assert Call().says(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("my password is hunter two", "my password is [password]"),
        ("the password's um Hunter2 and I can't log in", "the password's um [password] and I can't log in"),
        ("I changed my password to hunter two yesterday", "I changed my password to [password] yesterday"),
        ("sunflower is my password", "[password] is my password"),
        ("mother's maiden name is Gray", "mother's maiden name is [security answer]"),
        ("mother's maiden name Gray", "mother's maiden name [security answer]"),
        ("my memorable word is s u n f l o w e r", "my memorable word is [security answer]"),
        ("my first pet's name was Rex", "my first pet's name was [security answer]"),
    ],
)
def test_a_secret_in_words_is_hidden(said: str, shown: str) -> None:
    assert Call().says(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "my password is not working",
        "the password was rejected again",
        "I forgot my password and I want to reset it",
        "is the password case sensitive?",
        "my memorable word is too short",
        "can you change my PIN in 10 days",
        "the pin is bent",
        "there is an error code on the dashboard",
        "it was there on 5/11/24",
    ],
)
def test_talk_about_secrets_is_left(said: str) -> None:
    assert Call().says(said) == said


@pytest.mark.parametrize(
    ("question", "answer", "shown"),
    [
        ("what is your memorable word?", "sunflower", "[security answer]"),
        ("and your mother's maiden name please", "yes it's Gray", "yes it's [security answer]"),
        ("what is your password?", "um capital h hunter two", "um [password]"),
        ("in what town were you born?", "in Birmingham", "in [security answer]"),
        ("what's your pin?", "forty two", "[pin]"),
        ("what is the code we sent you?", "it's 48 21 okay", "it's [one time code] okay"),
    ],
)
def test_the_answer_to_a_security_question_is_hidden(question: str, answer: str, shown: str) -> None:
    call = Call()
    assert call.asks(question) == question
    assert call.says(answer) == shown


def test_an_agent_who_repeats_the_answer_does_not_show_it() -> None:
    call = Call()
    call.asks("what is your memorable word?")
    call.says("it's sunflower")
    assert call.asks("sunflower, thank you") == "[security answer], thank you"
    assert call.asks("Perfect, one moment please.") == "Perfect, one moment please."


def test_who_does_not_know_the_answer_is_understood() -> None:
    call = Call()
    call.asks("what is your memorable word?")
    assert call.says("I don't remember it, sorry") == "I don't remember it, sorry"
    assert call.says("no idea") == "no idea"
    assert call.says("maybe sunflower") == "[security answer]"


def test_a_card_read_in_pairs_over_turns_is_hidden() -> None:
    call = Call()
    call.asks("Okay, read me your card.")
    for pair in ("forty one", "eleven", "eleven", "oh one", "then it's ninety two", "seventeen", "thirty", "oh"):
        shown = call.says(pair)
        assert "[card number]" in shown, pair
        assert not set(shown.split()) & set("forty one eleven oh ninety two seventeen thirty".split())
        call.asks("mm hm")


@pytest.mark.parametrize(
    "card",
    [
        "4111_1111_1111_1111",
        "4\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1",
        "４１１１ １１１１ １１１１ １１１１",  # noqa: RUF001
        "٤١١١ ١١١١ ١١١١ ١١١١",
        "4111 11O1 1111 1111",
        "4111 l111 1111 1111",
        "4️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣",
        "①②③④⑤⑥⑦⑧①②③④⑤⑥⑦⑧",
        "4111*1111*1111*1111",
    ],
)
def test_a_disguised_card_number_is_hidden(card: str) -> None:
    shown = Call().says(f"it is {card} thanks")
    assert shown.startswith("it is [")
    assert shown.endswith("] thanks")
    assert not any(character.isdigit() for character in shown)


def test_offsets_lead_back_to_the_text_as_it_came() -> None:
    text = "so\u200b it's \u200b4\u200b111 1111 1111 1111 thanks"
    words = tuple(Word(word, 100.0 * i, 100.0 * i + 90) for i, word in enumerate(text.split()))
    result = TranscriptResult(Speaker.CUSTOMER, "r", 0.0, 2000.0, text, words, True)
    redacted = ConversationRedactor(RedactionRules()).redact(result)
    assert redacted.result.text == "so\u200b it's \u200b[card number] thanks"
    assert [word.text for word in redacted.result.words] == ["so\u200b", "it's", "[card number]", "thanks"]


@pytest.mark.parametrize(
    "address",
    [
        "J. O. H. N. at G. M. A. I. L. dot C. O. M.",
        "juliet oscar hotel november at gmail dot com",
        "j for john o for oscar h n at gmail dot com",
        "john doe at example period com",
        "sam s a m dot lee l e e at big company dot com",
    ],
)
def test_an_email_spelled_out_is_hidden(address: str) -> None:
    assert Call().says(f"it's {address}").rstrip(".") == "it's [email]"


def test_an_email_spelled_over_several_turns_is_hidden() -> None:
    call = Call()
    call.asks("what's your email?")
    assert [call.says(piece) for piece in ("it's j o h n", "d o e", "at gmail", "dot com")] == [
        "it's [email]",
        "[email]",
        "[email]",
        "[email]",
    ]


@pytest.mark.parametrize("said", ["my pin is four two one seven", "my password is hunter two", "maiden name is Gray"])
def test_no_interim_shows_what_the_final_hides(said: str) -> None:
    secret = set("four two one seven hunter Gray".split())
    words = said.split()
    for length in range(1, len(words) + 1):
        assert not secret & set(Call().guesses(" ".join(words[:length])).split())


@pytest.mark.parametrize(
    "kind", [PrivateKind.PIN, PrivateKind.ONE_TIME_CODE, PrivateKind.PASSWORD, PrivateKind.SECURITY_ANSWER]
)
def test_the_safe_default_hides_the_new_kinds_and_names_them(kind: PrivateKind) -> None:
    assert RedactionRules().action_for(kind) is RedactionAction.CATEGORY


def _shown(case: SecretCase) -> bool:
    return bool(shown_of(case, RedactionRules()))


def test_hardly_any_generated_secret_is_shown() -> None:
    """Every template once, those too that the rules were never tuned on: 98 of 100 stay hidden."""
    secrets = list(secret_cases(seed=3, each=1))
    numbers = list(number_cases(["4539578763621486", "378282246310005", "5500000000000004"], seed=5))
    assert [case for case in numbers if _shown(case)] == []
    assert sum(map(_shown, secrets)) <= len(secrets) // 50
