"""How Germany, Austria and Switzerland write numbers of people, addresses of sites and quantities."""

from __future__ import annotations

import re

from stdnum.at import vnr
from stdnum.ch import ssn as ahv
from stdnum.de import idnr

from sotto.redaction.detectors.spoken.numbers.written import WrittenForm, WrittenWords
from sotto.tenants.redaction_rules import PrivateKind

_TAX = re.compile(r"(?<![\d./-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\d./-])")
_PENSION = re.compile(r"(?<!\w)\d{2} ?\d{6} ?[A-Z] ?\d{2} ?\d(?!\w)", re.IGNORECASE)
_AUSTRIAN = re.compile(r"(?<![\d./-])\d{4} ?\d{6}(?![\d./-])")
_SWISS = re.compile(r"(?<!\d)756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?!\d)")
_DOCUMENT = re.compile(r"(?<!\w)[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}\d?(?!\w)", re.IGNORECASE)
_SITE = re.compile(r"\b[a-zäöü0-9-]+(?:\.[a-zäöü0-9-]+)*\.(?:de|at|ch|eu|info)(?:/\S*)?\b", re.IGNORECASE)
_QUANTITY = re.compile(
    r"[$£€]\s?\d[\d.]*(?:,\d+)?|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])|(?<![\d,.])\d{1,3}(?:\.\d{3})+(?:,\d+)?"
    r"(?![\d.])|(?<![\d,])\d{1,6},\d{1,2}(?![\d,])|\d+\s?(?:%|€|(?:euro|prozent|uhr)\b)|(?<![\d.])\d{1,2}\.\d{2} uhr|"
    r"\b\d{1,3}-(?=[a-z])|^[ \t]*\d{1,2}[.)](?=\s)",
    re.MULTILINE | re.IGNORECASE,
)
_WEIGHTS = (7, 3, 1)
_PENSION_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def is_document(number: str) -> bool:
    """The number of an identity card or passport: nine characters, one of them a digit, and the check digit where it
    is given (ICAO 9303)."""
    plain = number.replace(" ", "").upper()
    if not any(c.isdigit() for c in plain) or plain.isdigit():
        return False
    return len(plain) == 9 or (len(plain) == 10 and _check_digit(plain[:9]) == int(plain[9]))


def _check_digit(characters: str) -> int:
    values = (int(c, 36) for c in characters)
    return sum(value * _WEIGHTS[i % 3] for i, value in enumerate(values)) % 10


def is_pension_number(number: str) -> bool:
    """A German Rentenversicherungsnummer: twelve characters, the ninth a letter, with its check digit."""
    plain = number.replace(" ", "").upper()
    if len(plain) != 12 or not plain[8].isalpha() or not (plain[:8] + plain[9:]).isdigit():
        return False
    digits = f"{plain[:8]}{ord(plain[8]) - 64:02}{plain[9:]}"
    sums = (sum(map(int, str(int(d) * weight))) for d, weight in zip(digits[:12], _PENSION_WEIGHTS, strict=True))
    return sum(sums) % 10 == int(digits[12])


def identity_of(digits: str) -> PrivateKind | None:
    if len(digits) == 11 and idnr.is_valid(digits):
        return PrivateKind.SOCIAL_SECURITY
    is_other = (len(digits) == 13 and ahv.is_valid(digits)) or (len(digits) == 10 and vnr.is_valid(digits))
    return PrivateKind.SOCIAL_SECURITY if is_other else None


WRITTEN = WrittenWords(
    forms=(
        WrittenForm(PrivateKind.SOCIAL_SECURITY, _TAX, lambda number: bool(idnr.is_valid(number))),
        WrittenForm(PrivateKind.SOCIAL_SECURITY, _PENSION, is_pension_number),
        WrittenForm(PrivateKind.SOCIAL_SECURITY, _AUSTRIAN, lambda number: bool(vnr.is_valid(number))),
        WrittenForm(PrivateKind.SOCIAL_SECURITY, _SWISS, lambda number: bool(ahv.is_valid(number))),
        WrittenForm(PrivateKind.IDENTITY_DOCUMENT, _DOCUMENT, is_document),
        WrittenForm(PrivateKind.NETWORK_ADDRESS, _SITE),
    ),
    quantity=_QUANTITY,
    signs_of_quantity="$£€:.,",
)
