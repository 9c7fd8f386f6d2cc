"""A telephone number as people write it down in their systems."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

_DIGITS = re.compile(r"\D+")
FEWEST_DIGITS = 7
"""Shorter ones are extensions, and many people's."""


def national(number: str) -> str:
    """Without the country's code, digits alone: what stands in every way of writing it. As it is where it is no
    number."""
    try:
        return phonenumbers.national_significant_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return digits(number)


def digits(number: str) -> str:
    return _DIGITS.sub("", number)


def written_forms(number: str) -> tuple[str, ...]:
    """The ways in which most people write it, for systems that compare letter by letter."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return (number,) if number else ()
    formats = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
    written = [phonenumbers.format_number(parsed, each) for each in formats]
    whole = national(number)
    return tuple(dict.fromkeys((*written, whole, digits(written[2]), digits(number), written[1].replace(" ", "-"))))


def is_same(number: str, stored: str) -> bool:
    """Whether ``stored``, however it is written, is ``number`` (E.164)."""
    end, kept = national(number), digits(stored)
    return len(end) >= FEWEST_DIGITS and kept.endswith(end) and digits(number).endswith(kept.lstrip("0"))
