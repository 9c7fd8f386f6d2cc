"""Unit: what one contact's redactor hides, and what it leaves."""

from __future__ import annotations

import pytest

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.redactor import Redacted
from sotto.tenants.redaction_rules import RedactionRules, RedactionRulesWrong


class Call:
    """One contact: lines are result one after another, 2.5 s apart."""

    def __init__(self, rules: RedactionRules | None = None) -> None:
        self._redactor = ConversationRedactor(rules or RedactionRules())
        self._at_ms = 0.0

    def redact(self, text: str, *, speaker: str = "customer", final: bool = True, words: bool = False) -> Redacted:
        spoken = _words(text, self._at_ms) if words else ()
        result = TranscriptResult(Speaker(speaker), "r1", self._at_ms, self._at_ms + 2000, text, spoken, final)
        if final:
            self._at_ms += 2500
        return self._redactor.redact(result)

    def asks(self, text: str) -> str:
        return self.redact(text, speaker="agent").result.text

    def says(self, text: str) -> str:
        return self.redact(text).result.text

    def guesses(self, text: str) -> str:
        return self.redact(text, final=False).result.text


def _words(text: str, at_ms: float) -> tuple[Word, ...]:
    return tuple(Word(w, at_ms + 100 * i, at_ms + 100 * i + 90) for i, w in enumerate(text.split()))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("it is 4111 1111 1111 1111 thanks", "it is [card number] thanks"),
        ("my card number is four one one one one one one one one one one one one one one one",
         "my card number is [card number]"),
        ("for one one one double five oh", "[number]"),
        ("forty one eleven eleven eleven", "[number]"),
        ("four thousand one hundred eleven one one one one", "[number]"),
        ("four one one two no sorry four one one one", "[number]"),
        ("my SSN is 460-89-9847", "my SSN is [social security]"),
        ("write to jane dot doe at gmail dot com please", "write to [email] please"),
        ("i was born on march third nineteen eighty two", "i was born on [date of birth]"),
        ("my IBAN is GB59IFUE40226315499137", "my IBAN is [account number]"),
    ],
)  # fmt: skip
def test_private_data_is_hidden_however_it_is_said(said: str, shown: str) -> None:
    assert Call().says(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "that is two hundred dollars and takes three to five days",
        "the flight is at 5:30 pm on May 20th and costs $1,234.50",
        "take 500 mg twice a day for two weeks",
        "flight HAT001 in 2024 for 2 passengers",
        "it has been going on since nineteen ninety five",
        "i need to go for two days",
    ],
)
def test_ordinary_numbers_are_left(said: str) -> None:
    assert Call().says(said) == said


def test_a_number_split_over_speakers_stays_hidden() -> None:
    call = Call()
    assert call.says("four one one one") == "[number]"
    assert call.asks("yes") == "yes"
    assert call.says("one one one one") == "[number]"
    assert call.says("one one") == "[number]"


def test_the_answer_to_the_agents_question_is_hidden() -> None:
    call = Call()
    call.asks("what's the security code on the back")
    assert call.says("one two three") == "[security code]"


def test_an_interim_hides_digits_that_may_go_on() -> None:
    call = Call()
    assert call.guesses("i want to pay four") == "i want to pay [number]"
    assert call.guesses("i want to pay four hundred dollars") == "i want to pay four hundred dollars"


def test_interims_leave_no_trace_in_memory() -> None:
    call = Call()
    call.guesses("my card number is")
    assert call.says("two of us were there") == "two of us were there"


def test_words_say_the_same_as_the_text_and_spans_know_the_time() -> None:
    redacted = Call().redact("it is 4111 1111 1111 1111 thanks", words=True)
    assert [word.text for word in redacted.result.words] == ["it", "is", "[card number]", "thanks"]
    (span,) = redacted.spans
    assert (span.kind, span.start_ms, span.end_ms) == ("card_number", 200, 590)
    assert redacted.result.text[span.start_char : span.end_char] == "[card number]"


def test_words_that_disagree_with_the_text_are_dropped() -> None:
    result = TranscriptResult(Speaker.CUSTOMER, "r", 0, 1000, "hello", (Word("4111111111111111", 0, 900),), True)
    assert ConversationRedactor(RedactionRules()).redact(result).result.words == ()


def test_a_tenant_chooses_how_each_kind_is_hidden() -> None:
    rules = RedactionRules.of({"email": "mask", "phone": "off", "card_number": "remove"})
    call = Call(rules)
    assert call.says("mail a@b.com or call 541-714-1388") == "mail **** or call 541-714-1388"
    assert call.says("card 4111111111111111 please") == "card please"


def test_a_rule_that_does_not_exist_names_the_choices() -> None:
    with pytest.raises(
        RedactionRulesWrong, match=r"redaction\.email: 'hide' is not known; use one of category, mask, off, remove"
    ):
        RedactionRules.of({"email": "hide"})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("my name is jane doe and i lost my card", "my name is [name] and i lost my card"),
        ("Could you correct it to Dr. Maria Rossi please?", "Could you correct it to Dr. [name] please?"),
        ("My colleague Yuito Hirai called", "My colleague [name] called"),
        ("I spoke to Ayna Khadzhiyev yesterday", "I spoke to [name] yesterday"),
        ("it is Faina D. Yefremova's account", "it is [name]'s account"),
        ("put it on anna k mueller please", "put it on [name] please"),
        ("Yesterday Maria Lopez, MD called", "Yesterday [name] called"),
        ("can you call me bobby instead of bob", "can you call me [name] instead of bob"),
        ("this is about my account", "this is about my account"),
        ("The flight goes from Detroit Airport to New York", "The flight goes from Detroit Airport to New York"),
        ("May I pay by Visa, what is the Price Difference?", "May I pay by Visa, what is the Price Difference?"),
        ("I worked for Wolters Kluwer", "I worked for Wolters Kluwer"),
        ("HOW LONG IS THE CARD VALID", "HOW LONG IS THE CARD VALID"),
        ("when is my next doctor visit in hong kong", "when is my next doctor visit in hong kong"),
        ("i live at sixty four cliveden place in london", "i live at [address]"),
        ("my zip code is 90210 and it rains", "my zip code is [postcode] and it rains"),
        ("it is SW1A 1AA thanks", "it is [postcode] thanks"),
    ],
)
def test_names_and_addresses_are_hidden_where_the_tenant_says_so(said: str, shown: str) -> None:
    assert Call(RedactionRules.everything()).says(said) == shown


def test_names_and_addresses_stay_by_default() -> None:
    said = "my name is jane doe and i live at sixty four cliveden place"
    assert Call().says(said) == said


def test_the_answer_to_a_question_for_a_name_or_a_postcode_is_hidden_however_spelled() -> None:
    call = Call(RedactionRules.everything())
    call.asks("can i take your full name")
    assert call.says("yes it's katie marshall") == "yes it's [name]"
    call.asks("and what is your postcode")
    assert call.says("whiskey two zero alpha bravo") == "[postcode]"
    assert call.says("t for tommy q for queen 6 4 s") == "[postcode]"


def test_a_question_for_something_that_is_not_hidden_lets_no_card_number_through() -> None:
    call = Call()
    call.asks("what is your postcode")
    assert call.says("nine oh two one oh") == "nine oh two one oh"
    call.asks("what is your postcode")
    assert call.says("four one one one one one one one one one one one one one one one") == "[card number]"


def test_a_shown_answer_makes_what_follows_suspect_again() -> None:
    call = Call()
    call.asks("what is your postcode")
    assert call.says("nine oh two one oh") == "nine oh two one oh"
    assert call.says("four one one one") == "[number]"


def test_an_email_split_over_utterances_is_hidden() -> None:
    call = Call()
    call.asks("what is your email address")
    assert call.says("jane dot doe") == "[email]"
    assert call.says("at gmail dot com") == "[email]"


def test_an_interim_hides_the_beginning_of_an_email() -> None:
    assert Call().guesses("you can write to jane dot") == "you can write to [email]"


def test_expiry_and_security_code_are_distinguished() -> None:
    call = Call()
    assert call.says("it expires oh five twenty seven") == "it expires [card expiry]"
    assert call.says("one two three is the security code") == "[security code] is the security code"
    assert call.asks("your card ending in 4242 is blocked") == "your card ending in [card ending] is blocked"


def test_what_was_asked_is_forgotten_after_a_minute() -> None:
    redactor = ConversationRedactor(RedactionRules())
    redactor.redact(TranscriptResult(Speaker.AGENT, "r", 0, 2000, "what is the security code", (), True))
    later = TranscriptResult(Speaker.CUSTOMER, "r", 70_000, 71_000, "twelve", (), True)
    assert redactor.redact(later).result.text == "twelve"


def test_long_repetitive_text_takes_no_longer_than_its_length_explains() -> None:
    for piece in ("a ", "one ", "a dot ", "w w w a ", "1-", "12 Aa 3 ", "double "):
        Call(RedactionRules.everything()).guesses(piece * 300)
