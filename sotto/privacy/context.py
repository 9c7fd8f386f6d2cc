"""What the talk is about: words that announce private data, in this utterance or in one just heard."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sotto.privacy.rules import Kind

_ANNOUNCEMENTS: tuple[tuple[Kind, str], ...] = (
    (Kind.SECURITY_CODE, r"security (?:code|number|digits)|c ?v ?[vc]2?|card verification|(?:three|3|four|4)(?: |-)digits? (?:code|number)?\s?on the (?:back|front)|(?:digits|number|code) (?:on|at) the (?:back|front)|back of (?:the|your|my) card|pin(?: number| code)?|passcode|one.time (?:code|password)"),
    (Kind.CARD_EXPIRY, r"expir(?:y|es|ed|ation|ing|e)\w*|valid (?:until|thru|through)|exp date"),
    (Kind.CARD_ENDING, r"(?:ending|ends|ended|finishing|finishes) (?:in|with)|last (?:four|4)(?: digits)?(?! of (?:my|your|the) social)"),
    (Kind.SOCIAL_SECURITY, r"social security|ssn|s s n|(?:my|your|the) social\b|national insurance"),
    (Kind.ACCOUNT_NUMBER, r"account (?:number|no|#)|routing(?: number| code)?|sort code|iban|i b a n|(?:member|membership|policy|customer|checking|savings) (?:number|id)|swift|bic\b"),
    (Kind.IDENTITY_DOCUMENT, r"passport (?:number|no)|(?:driver'?s?|driving) licen[sc]e|licen[sc]e number|identity (?:card|number)|id number"),
    (Kind.CARD_NUMBER, r"card ?(?:number|no\b|#)|(?:long|full|sixteen.digit|16.digit) (?:card )?number|(?:credit|debit|visa|bank|gift) ?card|(?:my|your|the|this|that|new|old) card|mastercard|master card|visa|amex|american express|number on (?:the|your) (?:front|card)"),
    (Kind.PHONE, r"(?:tele)?phone|mobile(?: number)?|cell(?: ?phone)?|fax|(?:call|ring|reach|text|contact)(?: \w+)? (?:back )?(?:on|at|under)|call ?back number|contact number|extension|area code|messages to|answering at"),
    (Kind.DATE_OF_BIRTH, r"date of birth|birth ?(?:date|day)|born|d ?o ?b|birthdate"),
    (Kind.POSTCODE, r"post ?code|postal code|zip(?: code)?"),
)  # fmt: skip
_ANNOUNCED = re.compile("|".join(f"(?P<{kind.name}>\\b(?:{words}))" for kind, words in _ANNOUNCEMENTS), re.IGNORECASE)

REMEMBERED_MS = 60_000
REMEMBERED_FINALS = 8


@dataclass(frozen=True, slots=True)
class Announcement:
    kind: Kind
    start: int
    end: int


def announcements_in(text: str) -> list[Announcement]:
    return [Announcement(Kind[m.lastgroup], m.start(), m.end()) for m in _ANNOUNCED.finditer(text) if m.lastgroup]


@dataclass(frozen=True, slots=True)
class Expectation:
    """Data of this kind was asked for or begun, and may follow from either speaker."""

    kind: Kind
    since_ms: float
    finals_left: int = REMEMBERED_FINALS

    def holds_at(self, at_ms: float) -> bool:
        return self.finals_left > 0 and at_ms - self.since_ms <= REMEMBERED_MS

    def after_a_final(self) -> Expectation:
        return Expectation(self.kind, self.since_ms, self.finals_left - 1)
