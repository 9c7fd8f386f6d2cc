"""How Spain and Latin America write numbers of people, addresses of sites and quantities."""

from __future__ import annotations

import re

from stdnum.ar import cuit
from stdnum.cl import rut
from stdnum.es import dni, nie
from stdnum.mx import curp, rfc

from sotto.redaction.detectors.spoken.numbers.written import WrittenForm, WrittenWords
from sotto.tenants.redaction_rules import PrivateKind

_DNI = re.compile(r"(?<![\w-])\d{1,2}[. ]?\d{3}[. ]?\d{3}[ -]?[A-Z](?!\w)", re.IGNORECASE)
_NIE = re.compile(r"(?<![\w-])[XYZ][ -]?\d[. ]?\d{3}[. ]?\d{3}[ -]?[A-Z](?!\w)", re.IGNORECASE)
_CUIT = re.compile(r"(?<![\d-])\d{2}[ -]?\d{8}[ -]?\d(?![\d-])")
_RUT = re.compile(r"(?<![\d-])\d{1,2}[. ]?\d{3}[. ]?\d{3}-[\dkK](?!\w)")
_CURP = re.compile(r"(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d(?!\w)", re.IGNORECASE)
_RFC = re.compile(r"(?<!\w)[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}(?!\w)", re.IGNORECASE)
_SITE = re.compile(r"\b[a-zñ0-9-]+(?:\.[a-zñ0-9-]+)*\.(?:es|mx|ar|cl|pe|eu|info|cat)(?:/\S*)?\b", re.IGNORECASE)
_QUANTITY = re.compile(
    r"[$£€]\s?\d[\d.,]*|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])|(?<![\d,.])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\d.-])|"
    r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|(?<![\d.,])\d{1,6}[.,]\d{1,2}(?![\d.,])|"
    r"\d+\s?(?:%|€|(?:euros?|pesos|horas?|por ciento)\b)|\b\d{1,3}-(?=[a-z])|^[ \t]*\d{1,2}[.)](?=\s)|"
    r"\d{1,2}[ªº]",
    re.MULTILINE | re.IGNORECASE,
)


def _plain(number: str) -> str:
    return re.sub(r"[ .-]", "", number).upper()


def identity_of(digits: str) -> PrivateKind | None:
    if len(digits) == 12 and _is_affiliation(digits):
        return PrivateKind.SOCIAL_SECURITY
    return PrivateKind.SOCIAL_SECURITY if len(digits) == 11 and cuit.is_valid(digits) else None


def _is_affiliation(digits: str) -> bool:
    """A Spanish social security number: province, number, and the remainder of both by 97."""
    province, number, check = digits[:2], digits[2:10], int(digits[10:])
    whole = int(province + (number[1:] if number[0] == "0" else number))
    return 1 <= int(province) <= 66 and whole % 97 == check


WRITTEN = WrittenWords(
    forms=(
        WrittenForm(PrivateKind.IDENTITY_DOCUMENT, _DNI, lambda number: bool(dni.is_valid(_plain(number).zfill(9)))),
        WrittenForm(PrivateKind.IDENTITY_DOCUMENT, _NIE, lambda number: bool(nie.is_valid(_plain(number)))),
        WrittenForm(PrivateKind.SOCIAL_SECURITY, _CUIT, lambda number: bool(cuit.is_valid(_plain(number)))),
        WrittenForm(PrivateKind.IDENTITY_DOCUMENT, _RUT, lambda number: bool(rut.is_valid(_plain(number)))),
        WrittenForm(PrivateKind.SOCIAL_SECURITY, _CURP, lambda number: bool(curp.is_valid(number))),
        WrittenForm(PrivateKind.SOCIAL_SECURITY, _RFC, lambda number: bool(rfc.is_valid(number))),
        WrittenForm(PrivateKind.NETWORK_ADDRESS, _SITE),
    ),
    quantity=_QUANTITY,
    signs_of_quantity="$£€:.,",
)
