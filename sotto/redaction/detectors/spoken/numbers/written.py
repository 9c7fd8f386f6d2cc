"""Private data in writing: recognisers that format numbers, and chat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum import iban, luhn

from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*\.\w{2,}", re.IGNORECASE)
_URL = re.compile(
    r"\b(?:https?://|www\.)[^\s,;|]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|co\.uk|gov|edu)(?:/\S*)?\b",
    re.IGNORECASE,
)
_IP = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])|\b"
    r"(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b",
    re.I,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?\b", re.IGNORECASE)
_DIGITS_APART = re.compile(
    r"(?<![\w.])(?:\+ ?)?\(?\d(?:[ \-().\u00a0\u2013]{0,3}\d){6,}(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?!\w)"
)
_DATE_LIKE = re.compile(r"(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2}(?:\D|$)|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """Data of a country whose form, or whose check digit as well, gives it away."""

    kind: PrivateKind
    pattern: re.Pattern[str]
    is_valid: Callable[[str], bool] = bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenWords:
    """How a language's countries write data and quantities."""

    forms: tuple[WrittenForm, ...]
    quantity: re.Pattern[str]
    signs_of_quantity: str
    """One of these in a quantity makes seven digits that touch it no number read out."""


def written_findings(text: str, forms: tuple[WrittenForm, ...]) -> Iterator[Finding]:
    """Everything whose form alone gives it away. Cheap on ordinary talk: a sign or a digit must be there first."""
    if "@" in text:
        yield from _all(_EMAIL, PrivateKind.EMAIL, text)
    if "." in text or ":" in text:
        yield from _all(_URL, PrivateKind.NETWORK_ADDRESS, text)
        yield from _all(_IP, PrivateKind.NETWORK_ADDRESS, text)
    if not any(character.isdecimal() for character in text):
        return
    yield from (
        Finding(PrivateKind.ACCOUNT_NUMBER, m.start(), m.end())
        for m in _IBAN.finditer(text)
        if iban.is_valid(m.group(), check_country=False) or not any(c.isspace() for c in m.group())
    )
    for form in forms:
        yield from (Finding(form.kind, *m.span()) for m in form.pattern.finditer(text) if form.is_valid(m.group()))


def _all(pattern: re.Pattern[str], kind: PrivateKind, text: str) -> Iterator[Finding]:
    return (Finding(kind, m.start(), m.end()) for m in pattern.finditer(text))


def digits_apart(text: str, words: WrittenWords) -> Iterator[tuple[int, int]]:
    """Where seven or more written digits stand together, separators allowed, that are not a date."""
    counted = [
        span for span in quantities(text, words) if any(sign in text[slice(*span)] for sign in words.signs_of_quantity)
    ]
    for m in _DIGITS_APART.finditer(text):
        if _DATE_LIKE.match(m.group()):
            continue
        digits = "".join(character for character in m.group() if character.isdecimal())
        if is_card(digits) or not any(start < m.end() and m.start() < end for start, end in counted):
            yield m.start(), m.end()


def quantities(text: str, words: WrittenWords) -> Iterator[tuple[int, int]]:
    """Money, times of day, decimals, percentages, list numbers: written digits whose form says what they count."""
    return (m.span() for m in words.quantity.finditer(text))


def is_card(digits: str) -> bool:
    """Payment cards have 12 to 19 digits and end in a Luhn check digit."""
    return 12 <= len(digits) <= 19 and bool(luhn.is_valid(digits))
