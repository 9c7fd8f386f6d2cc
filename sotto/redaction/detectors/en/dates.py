"""How dates are said in English."""

from __future__ import annotations

import re

from sotto.redaction.detectors.en.number_words import TEENS, TENS, UNITS
from sotto.redaction.detectors.spoken.numbers.dates import DateGrammar
from sotto.redaction.detectors.vocabulary import words_of

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_TO_NINE = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TEEN = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_ORDINAL = (
    r"(?:(?:(?:twenty|thirty) )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|"
    r"twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_SMALL = rf"(?:{_TO_NINE}|{_TEEN}|(?:twenty|thirty)(?: {_TO_NINE})?|(?:oh?|zero) {_TO_NINE})"
_DAY = rf"(?:{_ORDINAL}|{_SMALL}|\d{{1,2}} ?(?:st|nd|rd|th)?)"
_TENS_YEAR = (
    rf"(?:(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)(?: {_TO_NINE})?|(?:oh?|zero) {_TO_NINE}|"
    rf"{_TEEN}|hundred)"
)
_YEAR = (
    rf"(?:(?:nineteen|twenty) (?:hundred )?(?:and )?{_TENS_YEAR}|two ?thousand(?: (?:and )?{_SMALL})?|"
    rf"19 ?\d\d|20 ?\d\d|19\d \d)"
)
_SHORT_YEAR = rf"(?:{_TENS_YEAR}|\d\d)"
_OF = r" (?:(?:and|of|in|the|year) ){0,3}"
_DAY_MONTH = (
    rf"(?:(?:the )?{_DAY} (?:of )?{_MONTH}|{_MONTH} (?:the )?{_DAY}|"
    rf"(?:the )?(?:{_ORDINAL}|\d{{1,2}} ?(?:st|nd|rd|th)) of (?:the )?{_DAY})"
)
_FULL = re.compile(rf"\b{_DAY_MONTH}{_OF}(?P<year>{_YEAR})\b")
_PART = re.compile(rf"\b(?:{_DAY_MONTH}(?:{_OF}{_SHORT_YEAR})?|{_MONTH} (?:of )?(?:{_YEAR}|{_SHORT_YEAR})|{_YEAR})\b")
_WITHIN_DATES = frozenset("the of in and year hundred thousand oh o ten eleven twelve".split())
_DATE_WORD = re.compile(rf"^(?:{_MONTH}|{_ORDINAL}|{_TENS_YEAR}|{_TO_NINE}|zero|twentieth|\w*\d\w*)$")
_GROWN = re.compile(
    r"^(?:nineteen|19|two ?thousand(?! (?:and )?(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty))|20 ?0\d|twenty (?:oh?|zero) )"
)
_BEGUN_YEAR = r"(?:19|20|19\d|20\d|nineteen|nineteen hundred(?: and)?|twenty|two|two ?thousand(?: and)?|oh?|zero)"
_BEGUN_DAY_MONTH = (
    rf"(?:the|(?:the )?(?:{_DAY}|twenty|thirty)(?: of)?|(?:the )?(?:{_ORDINAL}|\d{{1,2}} ?(?:st|nd|rd|th)) of the|"
    rf"{_MONTH}(?: the)?(?: (?:twenty|thirty|oh?|zero))?)"
)
_LOOSE = rf"(?:{_DAY_MONTH}|{_MONTH}(?: (?:and|of|in|the)){{0,3}} {_DAY})"
_BEGUN_REST = (
    rf"{_LOOSE}(?: (?:and|of|in|the|year)){{0,3}}(?: {_BEGUN_YEAR})?|{_LOOSE}{_OF}{_SHORT_YEAR}|"
    rf"{_MONTH} (?:of |and )?(?:{_YEAR}|{_SHORT_YEAR})|{_MONTH}(?: (?:and|of|in|the)){{1,3}}"
)
_BEGUN = re.compile(rf"\b(?:{_BEGUN_REST}|{_BEGUN_DAY_MONTH})$")
_DAY_OR_MONTH = re.compile(rf"twenty|thirty|{_MONTH}|{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th)")
_MONTH_OR_YEAR = re.compile(rf"(?!may){_MONTH}|(?:19|20)\d\d")
_JOINING = frozenset([",", "and", "of", "the", "in", "um", "uh"])
_HINT = re.compile(rf"\b{_MONTH}\b|\b(?:19|20)\d\d\b|\b(?:nineteen|twenty|two thousand)\b|\bof the\b")


DATES = DateGrammar(
    hint=_HINT,
    full=_FULL,
    part=_PART,
    begun=_BEGUN,
    grown=_GROWN,
    word=_DATE_WORD,
    within=_WITHIN_DATES,
    day_or_month=_DAY_OR_MONTH,
    month_or_year=_MONTH_OR_YEAR,
    joining=_JOINING,
    begun_by_alone=frozenset({"the"}),
    seldom=frozenset({*UNITS, *TEENS, *TENS, *words_of("may march mar first second third fourth fifth")}),
    before=words_of("it it's was is in on of i i'm born that that's be think the a an number"),
    not_birth=frozenset(["since", "until", "from", "till"]),
    expiry=re.compile(
        rf"\b(?:(?:end (?:of )?)?(?P<month>{_MONTH})|{_SMALL}|\d{{1,2}})(?: (?:of|slash|stroke|and|the|/|-|"
        rf"\.)){{0,2}} ?"
        rf"(?:{_YEAR}|{_SHORT_YEAR})\b"
    ),
    year_of_two_digits=frozenset("/"),
)
