"""From what a profile and a contact hold to what the tenant lets be seen of it, redacted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sotto.call.customer import CustomerField
from sotto.tenants.customer_fields import CustomerFieldRule, CustomerSettings, CustomerTreatment
from sotto.tenants.filing import ContextField
from sotto.tenants.redaction_rules import RedactionAction, RedactionRules

LONGEST_VALUE = 120
"""Characters: one line of a panel."""
PRESENT = "yes"

Redact = Callable[[str], str]


def fields_of(
    settings: CustomerSettings,
    attributes: Mapping[str, str],
    profile: Mapping[str, str],
    rules: RedactionRules,
    redact: Redact,
) -> tuple[CustomerField, ...]:
    """Only what is listed, in the order in which it is listed; an empty value is none."""

    def found() -> Iterator[CustomerField]:
        for name, rule in settings.fields.items():
            value = (profile.get(rule.profile, "") if rule.profile else attributes.get(rule.attribute, "")).strip()
            if value:
                is_shown = rule.treat is CustomerTreatment.SHOW
                yield CustomerField(name, rule.title or name, _treated(value, rule, rules, redact), is_shown)

    return tuple(found())


def fields_of_crm(
    listed: Mapping[str, ContextField], values: Mapping[str, str], redact: Redact
) -> tuple[CustomerField, ...]:
    """Of a system of record, whose fields say nothing of what kind they are: each is read as talk is."""
    found = ((name, each, values.get(name, "").strip()) for name, each in listed.items())
    return tuple(
        CustomerField(name, each.title, _of_crm(value, each, redact), each.treat is CustomerTreatment.SHOW)
        for name, each, value in found
        if value
    )


def _of_crm(value: str, rule: ContextField, redact: Redact) -> str:
    return PRESENT if rule.treat is CustomerTreatment.PRESENT else _redacted(rule.title, value, redact)[:LONGEST_VALUE]


def _treated(value: str, rule: CustomerFieldRule, rules: RedactionRules, redact: Redact) -> str:
    """A value that is private by where it stands is hidden whole: nothing around it would say what it is."""
    if rule.treat is CustomerTreatment.PRESENT:
        return PRESENT
    if rule.kind is not None and rules.actions[rule.kind] != RedactionAction.OFF:
        return f"[{rule.kind.value.replace('_', ' ')}]"
    return _redacted(rule.title, value, redact)[:LONGEST_VALUE]


def _redacted(title: str, value: str, redact: Redact) -> str:
    """Read as "Customer since: 2016": what a number is, is said by what stands before it, here as in talk. Where the
    title itself is private, the value is read alone."""
    before = f"{title}: "
    whole = redact(before + value)
    return whole.removeprefix(before) if title and whole.startswith(before) else redact(value)
