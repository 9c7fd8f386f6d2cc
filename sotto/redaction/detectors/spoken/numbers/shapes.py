"""What digits look like that nothing explains."""

from __future__ import annotations

import phonenumbers

from sotto.redaction.detectors.spoken.numbers.written import is_card
from sotto.redaction.detectors.spoken.reading import Reading
from sotto.tenants.redaction_rules import PrivateKind


def shape_of(digits: str, reading: Reading) -> PrivateKind:
    if is_card(digits) or len(digits) in (15, 16):
        return PrivateKind.CARD_NUMBER
    if any(_is_phone(digits, region) for region in (*reading.rules.regions, *reading.language.regions)):
        return PrivateKind.PHONE
    if (kind := reading.language.identity_of(digits)) is not None:
        return kind
    return PrivateKind.CARD_NUMBER if len(digits) >= 13 else PrivateKind.NUMBER


def _is_phone(digits: str, region: str) -> bool:
    if not 7 <= len(digits) <= 15:
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False
