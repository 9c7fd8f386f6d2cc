"""A tenant's rule about consent, as its book states it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sotto.call.contact import Speaker
from sotto.core.errors import Rejected


class ConsentBasis(StrEnum):
    """What lets Sotto listen."""

    ALWAYS = "always"
    """The tenant has obtained consent elsewhere (a notice before the call, a contract)."""
    ATTRIBUTE = "attribute"
    """A contact attribute, set by the contact flow, must have one of the given values."""
    REGION = "region"
    """Callers from the listed numbers (prefixes with country code) are left out."""
    SPOKEN = "spoken"
    """Listen only for the answer; keep and publish nothing until somebody consents."""
    NEVER = "never"


class ConsentRuleWrong(Rejected):
    """A tenant's consent rule lacks a field or names a choice that does not exist."""


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """One tenant's rule.

    ``excluded_prefixes`` (E.164, "+1415") apply to every basis but ``always`` and ``never``. ``stop_on_refusal`` lets a
    spoken refusal by one of ``refusal_by`` end the capture at once; ``drop_on_refusal`` also drops what was kept.
    """

    basis: ConsentBasis = ConsentBasis.ALWAYS
    attribute: str = ""
    values: frozenset[str] = frozenset()
    excluded_prefixes: tuple[str, ...] = ()
    stop_on_refusal: bool = True
    drop_on_refusal: bool = False
    refusal_by: frozenset[Speaker] = frozenset({Speaker.CUSTOMER})

    def __post_init__(self) -> None:
        if self.basis is ConsentBasis.ATTRIBUTE and not (self.attribute and self.values):
            raise ConsentRuleWrong("consent.basis is 'attribute': set consent.attribute and consent.values too")
        if self.basis is ConsentBasis.REGION and not self.excluded_prefixes:
            raise ConsentRuleWrong("consent.basis is 'region': set consent.excluded_prefixes, such as ['+1415']")
        for prefix in self.excluded_prefixes:
            if not re.fullmatch(r"\+\d{1,15}", prefix):
                raise ConsentRuleWrong(f"consent.excluded_prefixes: {prefix!r} must be + and digits, such as '+1415'")
