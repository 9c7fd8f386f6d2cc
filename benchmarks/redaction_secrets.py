"""What no public corpus holds: PINs, one-time codes, passwords, security answers and disguised numbers, generated from
sentence templates and ways to say a value. Templates are cut in two like the corpora; rules were tuned on one half."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.spoken_digits import ONES, in_pairs, one_by_one, with_oh, with_repeats, written, written_one_by_one
from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.engine import ConversationRedactor
from sotto.tenants.redaction_rules import RedactionRules

Turn = tuple[str, str]
"""Speaker and text."""


@dataclass(frozen=True, slots=True)
class SecretCase:
    """A call in which something secret is said. ``secret`` are the words that nobody may read in any turn."""

    name: str
    template: str
    turns: tuple[Turn, ...]
    secret: frozenset[str]


_PIN = (
    "my pin is {}", "my PIN is {}.", "the pin's {}", "it's pin {}", "pin number {}", "my card pin is {} I think",
    "yeah the pin would be {}", "{} is my pin", "I always use {} as my pin", "the four digit pin is {}",
    "my pin used to be {} before", "well my old pin was {} and I want a new one", "can you check that my pin is {}",
    "I typed the pin {} and it was refused", "so for the pin I put {}", "PIN: {}", "the passcode is {}",
    "my telephone banking pin is {}", "his pin is {} if that helps", "that pin of mine is {}",
    "somebody may have seen me type {} that's my pin", "the PIN I was given is {}", "could it be that my pin is {}",
    "both cards have the pin {}", "is {} the right pin", "I remember the pin, it's {}",
)  # fmt: skip
_CODE = (
    "the code I got is {}", "your verification code is {}", "the code is {}", "it says {}", "I received the code {}",
    "the text says {}", "my one-time passcode is {}", "the security code you texted me is {}", "here is the code {}",
    "the six digit code is {}", "code {}", "{} is the code from the message", "the app shows {}",
    "I have a code here it's {}", "the login code reads {}", "my authenticator says {}",
    "you sent me a code and it is {}", "the activation code is {}", "the number in the text message is {}", "OTP {}",
    "I just received {} as the verification code", "okay the code came through, it's {}",
    "this code {} expired already", "the text you sent reads {}", "my bank app gives me the code {}",
    "the two factor code is {}",
)  # fmt: skip
_PASSWORD = (
    "my password is {}", "the password's {}", "my password was {} I think", "password: {}", "{} is my password",
    "my passphrase is {}", "I set the password to {}", "my password for online banking is {}",
    "the password is {} okay",
    "I changed my password to {} yesterday", "so my password is um {}", "it should be the password {}",
    "well the password I use is {}", "I think my password is {} and it does not work", "my old password was {}.",
    "my wifi password is {}", "the password on the account is {}", "log me in, the password is {} please",
    "try the password {}", "I logged in with the password {}", "the password that I gave you is {}",
    "her password is {} if you need it", "I wrote down my password as {}", "could you set my password to {}",
)  # fmt: skip
_ANSWER = (
    "my mother's maiden name is {}", "mother's maiden name {}", "her maiden name was {}", "my memorable word is {}",
    "the memorable word's {}", "my first pet was {}", "my first pet's name was {}", "the name of my first school is {}",
    "my secret word is {} thanks", "the security answer is {}", "the answer to my security question is {}",
    "my mum's maiden name would be {}", "my favourite teacher was called {}", "the name of my first teacher was {}",
    "for the memorable place I put {}", "my childhood dog was {}", "the security word is {} I believe",
    "it's my mother's maiden name {}",
    "my dad's middle name is {}", "I believe my memorable word was {}", "my favourite colour is {}",
    "I answered the security question with {}", "maiden name of my mother is {}", "my secret phrase would be {}",
)  # fmt: skip
_ASKED = (
    ("pin", "what is your pin"), ("pin", "can you enter or tell me your four digit PIN?"),
    ("pin", "and the passcode please"), ("one_time_code", "what is the code we just sent you?"),
    ("one_time_code", "please read me the verification code"), ("one_time_code", "what does the text message say?"),
    ("one_time_code", "can you give me the six digit code from your phone"),
    ("password", "what is your password"), ("password", "could you tell me the password on the account?"),
    ("password", "and the passphrase please"), ("password", "which password did you use"),
    ("security_answer", "what is your mother's maiden name?"), ("security_answer", "and your memorable word please"),
    ("security_answer", "what was the name of your first pet"), ("security_answer", "what was your first school?"),
    ("security_answer", "in what town were you born?"), ("security_answer", "who was your favourite teacher?"),
    ("security_answer", "can you give me the secret word"),
    ("security_answer", "what's the answer to your security question"),
)  # fmt: skip
_LATER = (
    ("pin", "I keyed in {} for the pin"), ("pin", "what if I change my pin to {}"),
    ("pin", "my debit pin {} stopped working"),
    ("pin", "the pin you posted me was {}"), ("pin", "you should see that the pin is set to {}"),
    ("one_time_code", "so I have this code, {}, what do I do with it"), ("one_time_code", "I typed the code {} twice"),
    ("one_time_code", "my phone just buzzed and the code is {}"), ("one_time_code", "the authentication code was {}"),
    ("one_time_code", "it's asking for the code, do you want it, it's {}"),
    ("password", "so that you know, the password is {}"), ("password", "my online password is still {}"),
    ("password", "I always use the same password, {}"), ("password", "can I keep {} as my password"),
    ("password", "the password hint says pet but the password is {}"),
    ("security_answer", "the maiden name of my mother was {}"), ("security_answer", "my first school was {}"),
    ("security_answer", "for the security answer I chose {}"), ("security_answer", "the memorable date is {}"),
    ("security_answer", "my mum was born {} that's her maiden name"),
)  # fmt: skip
"""Written when the rules were done, and never used to change them."""
_REPLIES = ("{}", "it's {}", "yeah it's {}", "um {}", "sure, {}", "{} please", "that would be {}", "I think it's {}",
            "yes {}", "okay so {}", "it was {}", "oh right, {}")  # fmt: skip
_ENDING = (
    "the card ends {}", "my card ends in {}", "the one ending {}", "it's the card ending {}", "last four are {}",
    "the last four digits are {}", "visa ending {}", "the final four are {}", "the card finishes {}",
    "card that ends {}",
)  # fmt: skip
_CARD_REQUESTS = (
    "read me your card", "can you read me the card please", "give me your card details", "what is the long number",
    "could you read out your card number", "take your time and read your card to me", "go ahead with the card number",
    "tell me the digits on your card", "I need the numbers on the front of the card", "may I have your card number",
)  # fmt: skip
_BIRTH = ("my date of birth is {}", "born {}", "dob {}", "I was born on {}", "date of birth {}", "birthday is {}")
_WORDS = (
    "sunflower hunter dragon Gray Blackwood tulip pancake Rex Whiskers Birmingham penguin lighthouse Okonkwo saffron"
    " Fernandez marmalade thunder Pickles Oakfield Rotterdam velvet walrus cobalt Dubois"
).split()


def digits_said(digits: str, source: random.Random) -> str:
    style = source.choice([one_by_one, with_oh, with_repeats, in_pairs, written, written_one_by_one, _whole])
    return " ".join(style(digits, source))


def _whole(digits: str, source: random.Random) -> list[str]:
    return [digits]


def _words_said(source: random.Random) -> str:
    word = source.choice(_WORDS)
    shape = source.randrange(5)
    if shape == 0:
        return f"{word} {ONES[source.randrange(10)]}"
    if shape == 1:
        return f"{word} {source.choice([w for w in _WORDS if w != word])}"
    if shape == 2:
        return " ".join(word.lower())
    return word if shape == 3 else word.lower()


def secret_cases(seed: int = 7, each: int = 12) -> Iterator[SecretCase]:
    """Every template with ``each`` values, said in one turn or as the answer to a question."""
    source = random.Random(seed)
    for name, templates in (
        ("pin", _PIN),
        ("one_time_code", _CODE),
        ("password", _PASSWORD),
        ("security_answer", _ANSWER),
    ):
        for template in templates:
            for _ in range(each):
                value = _value(name, source)
                yield _case(name, template, (("customer", template.format(value)),), value)
    for name, template in _LATER:
        for _ in range(each):
            value = _value(name, source)
            yield _case(f"{name}{LATER}", template, (("customer", template.format(value)),), value)
    for name, question in _ASKED:
        for reply in _REPLIES:
            for _ in range(max(1, each // 6)):
                value = _value(name, source)
                turns = (("agent", question), ("customer", reply.format(value)))
                yield _case(f"{name}, asked", f"{question} / {reply}", turns, value)


def _value(name: str, source: random.Random) -> str:
    if name in ("pin", "one_time_code"):
        length = 4 if name == "pin" else source.choice([4, 6, 6, 8])
        return digits_said("".join(source.choice("0123456789") for _ in range(length)), source)
    return _words_said(source)


def _case(name: str, template: str, turns: tuple[Turn, ...], value: str) -> SecretCase:
    public = set(template.replace("{}", " ").lower().split())
    return SecretCase(name, template, turns, frozenset(value.lower().split()) - public - {"a", "i"})


def number_cases(cards: list[str], seed: int = 13) -> Iterator[SecretCase]:
    """Cards read in pairs over many turns, disguised or by their ending; births in figures; e-mail letter by letter."""
    source = random.Random(seed)
    for card in cards:
        for request in _CARD_REQUESTS:
            yield _in_turns(card, request, source)
        for name, disguise in _DISGUISES.items():
            yield SecretCase(f"card, {name}", name, (("customer", disguise(card)),), _digit_words(disguise(card)))
        template = source.choice(_ENDING)
        yield _case(
            "card ending", template, (("customer", template.format(value := digits_said(card[-4:], source))),), value
        )
    for template in _BIRTH:
        for form in ("{d}/{m}/{y}", "{d}-{m}-19{y}", "{d}.{m}.{y}", "{d} {m} {y}", "{m}/{d}/{y}"):
            value = form.format(d=source.randrange(1, 29), m=source.randrange(1, 13), y=source.randrange(40, 100))
            yield SecretCase("date_of_birth", template, (("customer", template.format(value)),), _digit_words(value))
    for name in ("john", "m w kelly", "priya", "tom lee"):
        for spelling, spell in _SPELLINGS.items():
            for domain in ("gmail dot com", "g m a i l dot c o m", "example period com", "acme dot co dot uk"):
                said = f"{spell(name)} at {domain}"
                yield SecretCase(
                    "email, spelled", f"{spelling} {domain}", (("customer", f"it's {said}"),), frozenset(said.split())
                )


def _in_turns(card: str, request: str, source: random.Random) -> SecretCase:
    pieces = [" ".join(in_pairs(card[i : i + 2], source)) for i in range(0, len(card), 2)]
    turns: list[Turn] = [("agent", request)]
    for piece in pieces:
        turns += [("customer", piece)]
        if source.random() < 0.4:
            turns += [("agent", source.choice(["mm hm", "yes", "okay", "go on", "got it"]))]
    return SecretCase("card, in pairs over turns", request, tuple(turns), frozenset(" ".join(pieces).split()))


_DISGUISES: dict[str, Callable[[str], str]] = {
    "underscores": lambda card: "_".join(card[i : i + 4] for i in range(0, len(card), 4)),
    "zero width": lambda card: "\u200b".join(card),
    "fullwidth": lambda card: "".join(chr(0xFF10 + int(d)) for d in card),
    "arabic-indic": lambda card: "".join(chr(0x0660 + int(d)) for d in card),
    "devanagari": lambda card: " ".join(
        "".join(chr(0x0966 + int(d)) for d in card[i : i + 4]) for i in range(0, len(card), 4)
    ),
    "keycaps": lambda card: "".join(f"{d}\ufe0f\u20e3" for d in card),
    "letters for noughts": lambda card: card.replace("0", "O"),
    "letters for ones": lambda card: card.replace("1", "l"),
    "asterisks": lambda card: "*".join(card[i : i + 4] for i in range(0, len(card), 4)),
    "pipes": lambda card: " | ".join(card[i : i + 4] for i in range(0, len(card), 4)),
}
_NATO = dict(zip("abcdefghijklmnopqrstuvwxyz", (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo"
    " sierra tango uniform victor whiskey x-ray yankee zulu").split(), strict=True))  # fmt: skip
_SPELLINGS: dict[str, Callable[[str], str]] = {
    "letters": lambda name: " ".join(name.replace(" ", "")),
    "initials": lambda name: " ".join(f"{c.upper()}." for c in name.replace(" ", "")),
    "hyphens": lambda name: "-".join(name.replace(" ", "").upper()),
    "alphabet": lambda name: " ".join(_NATO[c] for c in name.replace(" ", "")),
    "for": lambda name: " ".join(f"{c} for {_NATO[c]}" for c in name.replace(" ", "")),
    "said and spelled": lambda name: f"{name.split()[-1]} " + " ".join(name.split()[-1]),
    "underscore": lambda name: " underscore ".join(" ".join(part) for part in name.split()),
}


LATER = ", in templates written later"


def _digit_words(value: str) -> frozenset[str]:
    return frozenset(value.lower().split())


def is_shown(text: str, case: SecretCase) -> list[str]:
    """Which words of the secret a reader sees in ``text``; a digit said on its own means nothing beside others."""
    return [
        word
        for word in text.lower().replace(".", " ").replace("?", " ").replace(",", " ").split()
        if word in case.secret
    ]


def shown_of(case: SecretCase, rules: RedactionRules) -> list[str]:
    """The words of the secret that a reader of the customer's turns sees."""
    redactor = ConversationRedactor(rules)
    shown: list[str] = []
    for i, (speaker, text) in enumerate(case.turns):
        result = TranscriptResult(Speaker(speaker), "bench", i * 3000.0, i * 3000.0 + 2000, text, (), True)
        redacted = redactor.redact(result).result.text
        shown += is_shown(redacted, case) if speaker == "customer" else []
    return shown
