"""Private data in speech that is not a plain number: e-mail and web addresses, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sotto.privacy.finding import Finding
from sotto.privacy.rules import Kind

_PART = r"(?:\w+)"
_JOIN = r"\s+(?:dot|dash|hyphen|underscore|under\s+score|point|plus)\s+"
_DOMAIN_END = (
    r"(?:com|net|org|edu|gov|info|io|ai|me|tv|biz|co|uk|us|ca|au|de|fr|es|it|ie|eu|nl|in|email|online|"
    r"c\s+o\s+m|n\s+e\s+t|o\s+r\s+g|e\s+d\s+u|c\s+o|u\s+k|\w(?:\s+\w\b){1,2}|\w{2,4})"
)
_PROVIDER = r"(?:gmail|g\s?mail|yahoo|hotmail|outlook|icloud|aol|a\s+o\s+l|msn|m\s+s\s+n|proton\s?mail|googlemail|live|comcast|verizon)"
_LETTERS = r"(?:\w\s+){0,24}"
# What stands before "at": letters and digits spelled one by one, words joined by "dot", or one word.
_LOCAL = rf"(?:(?:(?:\w|one|two|three|four|five|six|seven|eight|nine|zero|double)\s+)*(?:{_PART}{_JOIN})*(?:\w\s+)*{_PART})"
_DOMAIN = rf"(?:(?:\w\s+)*{_PART}(?:\s+(?:dash|hyphen)\s+{_PART})*(?:\s+(?:dot|\.)\s+(?:co|com|ac|org)\b)?\s+(?:dot|\.)\s+{_DOMAIN_END})"
_EMAIL = re.compile(rf"\b{_LOCAL}\s+(?:at|@)\s+(?:{_DOMAIN}|{_PROVIDER}(?:\s+(?:dot|\.)\s+{_DOMAIN_END})?)\b", re.IGNORECASE)
_URL = re.compile(rf"\b(?:h t t p s?|https?|w w w|www|triple w|double u double u double u)\b(?:\s+\S+){{0,30}}?(?:\s+dot\s+{_DOMAIN_END})(?:\s+(?:dot|slash)\s+(?:\w\b\s*)+)*", re.IGNORECASE)
_EMAIL_TAIL = re.compile(rf"\b(?:{_PART}{_JOIN})+{_PART}?\s*$|\b\w+\s+at\s+{_PROVIDER}(?:\s+dot(?:\s+\w+)?)?\s*$|\b{_LOCAL}\s+at(?:\s+\w+){{1,3}}\s+dot\s*$", re.IGNORECASE)

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_ORDINAL = (
    r"(?:(?:twenty|thirty)[\s-]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|thirteenth|fourteenth|"
    r"fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
)
_SMALL = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty)(?:[\s-]?(?:one|two|three|four|five|six|seven|eight|nine))?|oh?\s\w+|zero\s\w+)"
_DAY = rf"(?:{_ORDINAL}|{_SMALL}|\d{{1,2}}\s?(?:st|nd|rd|th)?)"
_TENS_YEAR = r"(?:(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)(?:[\s-]?(?:one|two|three|four|five|six|seven|eight|nine))?|(?:oh?|zero)\s(?:one|two|three|four|five|six|seven|eight|nine)|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|hundred)"
_SPOKEN_YEAR = rf"(?:(?:nineteen|twenty)\s(?:hundred\s(?:and\s)?)?{_TENS_YEAR}|nineteen\shundred|two\s?thousand(?:\s(?:and\s)?(?:{_SMALL}))?)"
_DIGIT_YEAR = r"(?:19\s?\d\d|20\s?\d\d)"
_YEAR = rf"(?:{_SPOKEN_YEAR}|{_DIGIT_YEAR})"
_SHORT_YEAR = rf"(?:{_TENS_YEAR}|'?\d\d)"
_OF = r"(?:\s*,)?\s+(?:of\s+)?(?:the\s+)?(?:year\s+)?"
_DAY_MONTH = rf"(?:the\s+)?{_DAY}\s*(?:of\s+)?(?:{_MONTH})|(?:{_MONTH})\s*(?:the\s+)?{_DAY}|(?:the\s+)?(?:{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th))\s+of\s+(?:the\s+)?(?:{_ORDINAL}|{_SMALL}|\d{{1,2}}(?:st|nd|rd|th)?)"
_NUMERIC = r"(?<![\d/.-])(?:(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?![\d/-])"
_FULL_DATE = re.compile(rf"\b(?:(?:{_DAY_MONTH}){_OF}(?P<year>{_YEAR})|(?P<numeric>{_NUMERIC}))\b", re.IGNORECASE)
_PART_DATE = re.compile(rf"\b(?:(?:{_DAY_MONTH})(?:{_OF}{_SHORT_YEAR})?|(?:{_MONTH})\s+{_YEAR}|{_YEAR}|{_SHORT_YEAR}\b)\b", re.IGNORECASE)
_BIRTH_DECADES = re.compile(r"nineteen|\b19\s?\d\d|two\s?thousand(?!\s(?:and\s)?(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty))|20\s?0\d", re.IGNORECASE)


def spoken_address_findings(text: str, *, is_partial: bool) -> Iterator[Finding]:
    """E-mail and web addresses spelled out. In a partial also what looks like the start of one."""
    lowered = text.lower()
    if " at " in lowered or "@" in lowered:
        yield from (Finding(Kind.EMAIL, m.start(), m.end()) for m in _EMAIL.finditer(text))
    if "w w w" in lowered or "www" in lowered or "http" in lowered or "h t t p" in lowered:
        yield from (Finding(Kind.NETWORK_ADDRESS, m.start(), m.end()) for m in _URL.finditer(text))
    if is_partial and (m := _EMAIL_TAIL.search(text)):
        yield Finding(Kind.EMAIL, m.start(), m.end())


def full_dates(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether somebody alive and grown could have been born then) of each date with day, month and year."""
    for m in _FULL_DATE.finditer(text):
        yield m.start(), m.end(), bool(_BIRTH_DECADES.search(m.group("year") or m.group("numeric")))


def part_dates(text: str) -> Iterator[tuple[int, int]]:
    """Dates without a year, years alone, short years: private only where a date of birth is expected."""
    return ((m.start(), m.end()) for m in _PART_DATE.finditer(text))
