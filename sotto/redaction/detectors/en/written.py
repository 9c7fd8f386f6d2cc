"""How Britain and America write numbers of people, postcodes and quantities."""

from __future__ import annotations

import re

from sotto.redaction.detectors.spoken.numbers.written import WrittenForm, WrittenWords
from sotto.tenants.redaction_rules import PrivateKind

_SOCIAL_SECURITY = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])|(?<!\d)\d{3} \d{2} \d{4}(?! ?\d)")
_POSTCODE_GB = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?)\s?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
_QUANTITY = re.compile(
    r"[$£€]\s?\d[\d,]*(?:\.\d+)?|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])|(?<![\d,.])\d{1,3}(?:,\d{3})+"
    r"(?:\.\d+)?(?![\d,])|"
    r"(?<![\d.])\d{1,4}\.\d{1,2}(?![\d.])|\d+\s?%|\b\d{1,3}-(?=[a-z])|^[ \t]*\d{1,2}[.)](?=\s)|(?<=#)\d{1,3}\b",
    re.MULTILINE | re.IGNORECASE,
)

WRITTEN = WrittenWords(
    forms=(
        WrittenForm(PrivateKind.SOCIAL_SECURITY, _SOCIAL_SECURITY),
        WrittenForm(PrivateKind.POSTCODE, _POSTCODE_GB),
    ),
    quantity=_QUANTITY,
    signs_of_quantity="$£€:.,",
)
