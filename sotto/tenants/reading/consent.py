"""Reads ``consent`` of tenant.yaml: a word for the simple rules, fields for the others.

consent: always              consent:
                               basis: region
                               excluded_numbers: ["+1415", "+49"]
                               on_refusal: drop
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sotto.call.contact import CHANNELS, Speaker
from sotto.tenants.book import GRANTING_VALUES, Consent, OnRefusal
from sotto.tenants.consent_rule import ConsentBasis
from sotto.tenants.reading.places import YamlPlace

_SHORT = re.compile(r"always|never|attribute:[A-Za-z0-9_.-]+")
_ATTRIBUTE = re.compile(r"[A-Za-z0-9_.-]+")
_PREFIX = re.compile(r"\+\d{1,15}")
_FIELDS = ("basis", "attribute", "values", "excluded_numbers", "on_refusal", "refusal_by")
BASES = tuple(basis.value for basis in ConsentBasis)
ON_REFUSAL = tuple(choice.value for choice in OnRefusal)
SPEAKERS = tuple(speaker.value for speaker in CHANNELS)


def read_consent(place: YamlPlace) -> Consent:
    """What is wrong is noted, and the rule is ``never`` then: nobody is listened to by mistake."""
    if not place.is_map:
        return _short(place)
    fields = place.fields(_FIELDS, needed=("basis",))
    basis = ConsentBasis(fields["basis"].one_of(BASES, "basis", "never")) if "basis" in fields else ConsentBasis.NEVER
    consent = Consent(
        basis=basis,
        attribute=_attribute(fields),
        values=tuple(fields["values"].words()) if "values" in fields else GRANTING_VALUES * ("attribute" in fields),
        excluded_numbers=_numbers(fields["excluded_numbers"]) if "excluded_numbers" in fields else (),
        on_refusal=OnRefusal(fields["on_refusal"].one_of(ON_REFUSAL, "choice", "stop"))
        if "on_refusal" in fields
        else OnRefusal.STOP,
        refusal_by=tuple(map(Speaker, fields["refusal_by"].known(SPEAKERS, "speaker")))
        if "refusal_by" in fields
        else (Speaker.CUSTOMER,),
    )
    return consent if _fits(consent, place, fields) else Consent(basis=ConsentBasis.NEVER)


def _short(place: YamlPlace) -> Consent:
    text = place.text() or ""
    if _SHORT.fullmatch(text):
        return Consent.short(text)
    place.wrong(
        f"unknown consent rule '{text}'; write always, never, attribute:NAME (guidance if NAME is yes), or fields that "
        "begin with 'basis: ...'"
    )
    return Consent(basis=ConsentBasis.NEVER)


def _attribute(fields: Mapping[str, YamlPlace]) -> str:
    text = (fields["attribute"].text() or "") if "attribute" in fields else ""
    if text and not _ATTRIBUTE.fullmatch(text):
        fields["attribute"].wrong(f"'{text}' is no name of a contact attribute; copy it from the contact flow")
    return text


def _numbers(place: YamlPlace) -> tuple[str, ...]:
    good = []
    for text, item in place.texts():
        if _PREFIX.fullmatch(text):
            good.append(text)
        else:
            item.wrong(f"'{text}' is not the beginning of a number; write + and digits in quotes, such as \"+1415\"")
    return tuple(good)


def _fits(consent: Consent, place: YamlPlace, fields: Mapping[str, YamlPlace]) -> bool:
    """Each basis has what it needs, and nothing that it would not look at."""
    fits = True
    if consent.basis is ConsentBasis.ATTRIBUTE and not consent.attribute:
        place.wrong("basis 'attribute' needs the attribute's name; add 'attribute: NAME'")
        fits = False
    if consent.basis is ConsentBasis.REGION and not consent.excluded_numbers:
        place.wrong("basis 'region' needs the numbers to leave out; add 'excluded_numbers: [\"+1415\"]'")
        fits = False
    for name in ("attribute", "values"):
        if name in fields and consent.basis is not ConsentBasis.ATTRIBUTE:
            fields[name].wrong(f"basis '{consent.basis}' does not look at '{name}'; write 'basis: attribute'")
            fits = False
    if "excluded_numbers" in fields and consent.basis in (ConsentBasis.ALWAYS, ConsentBasis.NEVER):
        fields["excluded_numbers"].wrong(f"basis '{consent.basis}' does not look at numbers; write 'basis: region'")
        fits = False
    return fits
