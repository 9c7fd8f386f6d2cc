"""Spoken talk for ``benchmarks.interims``: turns that hold something private, and turns that hold nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.over_redaction import tenant_phrases
from benchmarks.redaction import EVERYTHING, in_part
from benchmarks.redaction_corpora import Line, consultations, evi_turns, itn_lines, presidio_sentences
from benchmarks.redaction_secrets import LATER, number_cases, secret_cases
from benchmarks.spoken_digits import STYLES
from sotto.tenants.redaction_rules import RedactionRules

ASKED = {
    "postcode": "what is your postcode please",
    "name": "can i take your full name",
    "dob": "and what is your date of birth",
}
_OPENINGS = ("", "my card number is ", "yeah it's ", "sure um ")
_SECURITY_CODES = (
    ("and the security code on the back?", "{}"),
    ("and the three digits on the back please", "yes it's {}"),
    ("what is the c v v", "{}"),
    ("could you read me the security code", "sure that's {} on the back"),
    ("and the security number on the card", "let me see it says {}"),
    ("", "the security code is {}"),
    ("", "my c v v is {}"),
    ("", "and on the back of the card it says {} i think"),
    ("", "{} is the security code"),
    ("", "the card verification number is {} thank you"),
    ("", "security code {} and i want to pay for two"),
    ("", "the three digits on the back are {}"),
)
"""Question, or none, and what the customer says."""
_CARDS, _CARDS_IN_TURNS = 40, 12
_EVERY = {"evi": 1, "secrets": 2}
"""One in so many is taken: each turn costs as many redactions as it has words."""


@dataclass(frozen=True, slots=True)
class SpokenCall:
    """``turns``: speaker and text, the customer's measured. ``is_card``: what is masked in them is one card's number,
    whatever its pieces are called."""

    source: str
    turns: tuple[tuple[str, str], ...]
    rules: RedactionRules
    is_card: bool = False


def private_calls(part: str) -> Iterator[SpokenCall]:
    yield from _identity(part)
    yield from _cards(part)
    yield from _secrets(part)
    yield from _security_codes(part)
    yield from _consultations(part)
    for line in itn_lines():
        if line.private and in_part(line.text, part):
            yield SpokenCall("spoken numbers", (("customer", line.text),), RedactionRules())


def _identity(part: str) -> Iterator[SpokenCall]:
    turns = [turn for turn in evi_turns() if in_part(turn.speaker, part)]
    for turn in turns[:: _EVERY["evi"]]:
        yield SpokenCall("identity", (("agent", ASKED[turn.item]), ("customer", turn.text)), EVERYTHING)


def _card_numbers(part: str) -> list[str]:
    numbers = [
        "".join(c for c in sentence.text[start:end] if c.isdecimal())
        for sentence in presidio_sentences()
        if in_part(sentence.group, part)
        for kind, start, end in sentence.spans
        if kind == "card_number"
    ]
    return numbers[:_CARDS]


def _cards(part: str, seed: int = 17) -> Iterator[SpokenCall]:
    source = random.Random(seed)
    for number in _card_numbers(part):
        for style in STYLES.values():
            pieces = style(number, source)
            opening = source.choice(_OPENINGS)
            whole = (("customer", opening + " ".join(pieces)),)
            apart = tuple(("customer", opening * (not i) + piece) for i, piece in enumerate(pieces))
            yield SpokenCall("cards", whole, RedactionRules(), is_card=True)
            yield SpokenCall("cards", apart, RedactionRules(), is_card=True)


def _secrets(part: str) -> Iterator[SpokenCall]:
    mine = [case for case in secret_cases() if in_part(case.template, part) and not case.name.endswith(LATER)]
    cards = number_cases(_card_numbers(part)[:_CARDS_IN_TURNS])
    for case in (*mine[:: _EVERY["secrets"]], *(case for case in cards if in_part(case.template, part))):
        is_card = case.name.startswith("card,")
        yield SpokenCall("secrets", case.turns, RedactionRules(), is_card=is_card)


def _security_codes(part: str, seed: int = 19) -> Iterator[SpokenCall]:
    """Answered and announced, in every style and with three digits or four."""
    source = random.Random(seed)
    for question, said in _SECURITY_CODES:
        if not in_part(question + said, part):
            continue
        for name, style in STYLES.items():
            digits = "".join(source.choice("0123456789") for _ in range(source.choice((3, 3, 4))))
            if name != "corrected":  # which takes four digits and more
                spoken = said.format(" ".join(style(digits, source)))
                asked = (("agent", question),) if question else ()
                yield SpokenCall("security codes", (*asked, ("customer", spoken)), RedactionRules())


def _consultations(part: str) -> Iterator[SpokenCall]:
    for call in consultations():
        if in_part(_name_of(call), part):
            turns = tuple((line.speaker, line.text) for line in call)
            yield SpokenCall("consultations", turns, EVERYTHING)


def _name_of(call: list[Line]) -> str:
    return call[0].place.rpartition("_")[0]


def innocent_calls(part: str) -> Iterator[SpokenCall]:
    """Under the safe default, as most tenants have it; ``consultations, all hidden``: with every kind hidden."""
    for call in consultations():
        if in_part(_name_of(call), part):
            turns = tuple((line.speaker, line.text) for line in call)
            yield SpokenCall("consultations", turns, RedactionRules())
            yield SpokenCall("consultations, all hidden", turns, EVERYTHING)
    for phrases in tenant_phrases().values():
        for phrase in phrases:
            if in_part(phrase, part):
                yield SpokenCall("tenants' phrases", (("customer", phrase),), RedactionRules())
    for line in itn_lines():
        if not line.private and in_part(line.text, part):
            yield SpokenCall("spoken quantities", (("customer", line.text),), RedactionRules())
