"""What the talk is about: words that announce private data, in this utterance or in one just heard."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sotto.privacy.rules import Kind

_STRONG: tuple[tuple[Kind, str], ...] = (
    (Kind.SECURITY_CODE,
        r"security (?:code|number|digits)|c ?v ?[vc] ?2?|card verification|(?:three|3|four|4)(?: |-)digits? "
        r"(?:code|number)?\s?on the (?:back|front)|(?:digits|number|code)s? (?:on|at) the back|back of (?:the|your|"
        r"my) card|pin (?:number|code)|passcode|one.time (?:code|password)|verification code"),
    (Kind.CARD_EXPIRY, r"expir(?:y|es|ation|ing)(?: date)?|valid (?:until|thru|through)|exp(?: date)?\b"),
    (Kind.SOCIAL_SECURITY,
        r"social security(?: number)?|ssn|s s n|(?:my|your|the|of the|of my|of your) social\b|national insurance"
        r"(?: number)?|n i number"),
    (Kind.CARD_ENDING, r"(?:ending|ends|ended|finishing|finishes) (?:in|with)|last (?:four|4)(?: digits)?"),
    (Kind.ACCOUNT_NUMBER,
        r"account (?:number|no\b|#)|routing(?: number| code)?|sort code|iban|i b a n|(?:member|membership|policy|"
        r"customer|checking|savings) (?:number|id)|swift|bic\b"),
    (Kind.IDENTITY_DOCUMENT,
        r"passport (?:number|no\b)|(?:driver'?s?|driving) licen[sc]e(?: number)?|licen[sc]e number|identity "
        r"(?:card|number)|id number"),
    (Kind.CARD_NUMBER,
        r"card ?(?:number|no\b|#)s?|(?:long|full|sixteen.digit|16.digit) (?:card )?number|number (?:on|across) "
        r"(?:the|your|my) (?:front|card)"),
    (Kind.PHONE,
        r"(?:tele)?phone(?: number)|mobile number|cell(?:phone)? number|fax number|(?:phone|mobile|cell|fax|"
        r"desk)\s*:|(?:call|ring|reach|text|contact)(?: \w+)? (?:back )?(?:on|at|under)|call ?back number|contact "
        r"number|(?:best|good) number|area code"),
    (Kind.DATE_OF_BIRTH,
        r"date of birth|birth ?date|(?:was|were|is|been|being) born|born (?:on|in)|dob\b|d o b\b|(?:my|your|his|"
        r"her) birthday(?: is)?"),
    (Kind.EMAIL, r"e ?-?mail(?: address)?"),
    (Kind.NAME,
        r"(?:what'?s|what is|may i (?:have|take|ask)|can i (?:have|get|take|just confirm|confirm)|could i (?:have|"
        r"get|take)|confirm|spell|and) (?:me )?(?:your|the|you) (?:(?:full|first|last|middle|maiden) )?"
        r"(?:sur)?name|your (?:full |first |last |middle |maiden )?name please|your (?:full|first|last|middle|"
        r"maiden) name|who am i speaking (?:to|with)|name on the (?:card|account)"),
    (Kind.ADDRESS,
        r"(?:what'?s|what is|confirm|have|take|update|change) "
        r"(?:your|the|my) (?:(?!e ?-?mail|web|ip)\w+ )?address|first line of "
        r"(?:your|the) address|your (?:(?!e ?-?mail|web|ip)\w+ )?address(?: please)?|"
        r"(?:my|his|her|new|billing|home|postal|mailing) "
        r"address(?: is)?|address is|where do you live|house number"),
    (Kind.POSTCODE, r"post ?code|postal code|zip ?code|zip\b"),
)  # fmt: skip
_WEAK: tuple[tuple[Kind, str], ...] = (
    (Kind.CARD_NUMBER, r"(?:credit|debit|visa|bank|gift|charge|payment)[ _]?card|card|mastercard|visa|amex"),
    (Kind.PHONE, r"(?:tele)?phone|mobile|cell|fax|extension|messages to|answering at"),
    (Kind.ACCOUNT_NUMBER, r"account|certificate|voucher"),
    (Kind.IDENTITY_DOCUMENT, r"passport|licen[sc]e"),
)  # fmt: skip


def _pattern(kinds: tuple[tuple[Kind, str], ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind.name}>\\b(?:{words}))" for kind, words in kinds), re.IGNORECASE)


_STRONG_PATTERN, _WEAK_PATTERN = _pattern(_STRONG), _pattern(_WEAK)

_OTHER_QUESTION = re.compile(
    r"\b(?:how (?:many|much|long|old|far)|what (?:year|time|day|size|model|mileage|make|kind|amount)|which|when)\b",
    re.IGNORECASE,
)

REMEMBERED_MS = 60_000
REMEMBERED_FINALS = 8
LINGERS_FINALS = 3
"""How long a complete or an unexplained number still makes its neighbours suspect."""

_COMPLETE_DIGITS = {
    Kind.SECURITY_CODE: 3, Kind.CARD_EXPIRY: 4, Kind.CARD_ENDING: 4, Kind.SOCIAL_SECURITY: 9, Kind.CARD_NUMBER: 16,
    Kind.DATE_OF_BIRTH: 4, Kind.PHONE: 10, Kind.POSTCODE: 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Announcement:
    """Words that say what comes. A strong one ("card number") makes any digits beside it private and is remembered;
    a weak one ("card") only names digits that are suspect by themselves."""

    kind: Kind
    start: int
    end: int
    strong: bool


def announcements_in(text: str) -> list[Announcement]:
    """In order of place; a weak one inside a strong one does not count."""
    strong = [Announcement(Kind[m.lastgroup], *m.span(), True) for m in _STRONG_PATTERN.finditer(text) if m.lastgroup]
    weak = [Announcement(Kind[m.lastgroup], *m.span(), False) for m in _WEAK_PATTERN.finditer(text) if m.lastgroup]
    weak = [w for w in weak if not any(w.start < s.end and s.start < w.end for s in strong)]
    return sorted([*strong, *weak], key=lambda announcement: announcement.start)


def asks_something_else(text: str) -> bool:
    """A question whose answer is an ordinary number: what was awaited is awaited no more."""
    return bool(_OTHER_QUESTION.search(text))


@dataclass(frozen=True, slots=True)
class Expectation:
    """Data of this kind was asked for or begun, and may follow from either speaker. Counts digits, keeps none."""

    kind: Kind
    since_ms: float
    finals_left: int = REMEMBERED_FINALS
    digits_heard: int = 0

    def holds_at(self, at_ms: float) -> bool:
        return self.finals_left > 0 and at_ms - self.since_ms <= REMEMBERED_MS

    def after_a_final(self) -> Expectation:
        return replace(self, finals_left=self.finals_left - 1)

    def after_digits(self, digits: int, at_ms: float) -> Expectation:
        heard = self.digits_heard + digits
        finals = REMEMBERED_FINALS
        if self.kind is Kind.NUMBER or is_complete(self.kind, heard):
            finals = LINGERS_FINALS if self.kind in (Kind.NUMBER, Kind.CARD_NUMBER) else 1
        return Expectation(self.kind, at_ms, finals, heard)

    @property
    def is_complete(self) -> bool:
        return is_complete(self.kind, self.digits_heard)

    @property
    def is_vague(self) -> bool:
        """Nothing particular is awaited any more, but a last piece may come."""
        return self.is_complete or self.kind is Kind.NUMBER


def is_complete(kind: Kind, digits: int) -> bool:
    return digits >= _COMPLETE_DIGITS.get(kind, 1_000)
