"""Reads ``customer`` of tenant.yaml: which fields of profile and contact may be read, and how each is treated."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sotto.tenants.customer_fields import STANDARD, CustomerFieldRule, CustomerSettings, CustomerTreatment
from sotto.tenants.reading.places import YamlPlace, did_you_mean
from sotto.tenants.redaction_rules import RedactionAction, RedactionRules

MOST_FIELDS = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,31}")
_OWN = re.compile(r"Attributes\.\S{1,255}")


def read_customer(place: YamlPlace, redaction: Mapping[str, str]) -> CustomerSettings:
    """``redaction``: the tenant's own rules, which hold here too."""
    fields = place.fields(("profile_id", "fields"), needed=("fields",))
    rules = RedactionRules.of(redaction)
    found: dict[str, CustomerFieldRule] = {}
    for name, key, value in fields["fields"].named("fields") if "fields" in fields else ():
        if not _NAME.fullmatch(name):
            key.wrong(f"'{name}' is no name of a field; use a-z, 0-9 and '_', such as tier")
        rule = _rule(name, value, rules)
        if rule is not None:
            found[name] = rule
    if len(found) > MOST_FIELDS:
        place.wrong(f"{len(found)} fields are more than {MOST_FIELDS}; nobody reads them while somebody speaks")
    profile_id = fields["profile_id"].text() if "profile_id" in fields else None
    return CustomerSettings(profile_id=profile_id or "", fields=found)


def _rule(name: str, place: YamlPlace, rules: RedactionRules) -> CustomerFieldRule | None:
    fields = place.fields(("title", "profile", "attribute", "treat"))
    if ("profile" in fields) is ("attribute" in fields):
        place.wrong("say where the value is: 'profile: Attributes.tier' or 'attribute: tier', one of them")
        return None
    treat = fields["treat"].one_of(tuple(CustomerTreatment), "treatment", "show") if "treat" in fields else "show"
    rule = CustomerFieldRule(
        title=(fields["title"].text() if "title" in fields else None) or name.replace("_", " ").capitalize(),
        profile=(fields["profile"].text() or "") if "profile" in fields else "",
        attribute=(fields["attribute"].text() or "") if "attribute" in fields else "",
        treat=CustomerTreatment(treat),
    )
    if rule.profile and rule.profile not in STANDARD and not _OWN.fullmatch(rule.profile):
        known = did_you_mean(rule.profile, STANDARD)
        fields["profile"].wrong(f"unknown field '{rule.profile}' of a profile; your own are Attributes.NAME{known}")
    if rule.kind and rule.treat is not CustomerTreatment.PRESENT and rules.actions[rule.kind] != RedactionAction.OFF:
        place.wrong(
            f"'{rule.profile}' is a {rule.kind.value}, which your redaction hides; write 'treat: present', "
            f"or 'redaction: {{{rule.kind.value}: off}}'"
        )
    return rule
