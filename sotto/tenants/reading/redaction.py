"""Reads what of tenant.yaml and policies.yaml redaction depends on: ``redaction``.

redaction:
  name: off
  card_number: off
  acknowledge_unredacted: [card_number]     # card data is then stored and shown: said on purpose, and audited
"""

from __future__ import annotations

from sotto.tenants.book import NEED_ACKNOWLEDGEMENT
from sotto.tenants.reading.places import YamlPlace
from sotto.tenants.redaction_rules import PrivateKind, RedactionAction

PRIVATE_KINDS = tuple(kind.value for kind in PrivateKind)
REDACTIONS = tuple(action.value for action in RedactionAction)
ACKNOWLEDGE = "acknowledge_unredacted"


def read_redaction(place: YamlPlace) -> tuple[dict[str, str], tuple[str, ...]]:
    """Kind -> what becomes of it, and the kinds that are acknowledged to stay in clear."""
    fields = place.fields((*PRIVATE_KINDS, ACKNOWLEDGE))
    acknowledgement = fields.pop(ACKNOWLEDGE, None)
    rules = {name: value.one_of(REDACTIONS, "way to redact", "mask") for name, value in fields.items()}
    in_clear = [name for name in NEED_ACKNOWLEDGEMENT if rules.get(name) == RedactionAction.OFF]
    acknowledged = _acknowledged(acknowledgement, in_clear) if acknowledgement else ()
    for name in in_clear:
        if name not in acknowledged:
            fields[name].wrong(_missing(name, in_clear))
    return rules, acknowledged


def _acknowledged(place: YamlPlace, in_clear: list[str]) -> tuple[str, ...]:
    """An acknowledgement that stands ready for nothing would hide a later mistake."""
    for text, item in place.texts():
        if text in NEED_ACKNOWLEDGEMENT and text not in in_clear:
            item.wrong(f"'{text}' is redacted, so there is nothing to acknowledge; take it out, or write '{text}: off'")
    return tuple(sorted(set(place.known(NEED_ACKNOWLEDGEMENT, "kind"))))


def _missing(name: str, in_clear: list[str]) -> str:
    return (
        f"'{name}: off' stores and shows it in clear; if that is meant, add "
        f"'{ACKNOWLEDGE}: [{', '.join(in_clear)}]' beside it (who published it, and when, is kept)"
    )
