"""People among whom an agent chooses, as much of each as the tenant lets be seen."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.call.filing import PersonOption
from sotto.filing.crm import Person
from sotto.tenants.book import TenantBook
from sotto.tenants.redaction_rules import PrivateKind, RedactionAction, RedactionRules

LONGEST_LABEL = 80


def options_of(persons: Sequence[Person], book: TenantBook) -> tuple[PersonOption, ...]:
    """Where names are hidden, initials are shown, and the link to whoever may look there."""
    rules = RedactionRules.of(book.settings.redaction_in_effect)
    in_clear = rules.actions[PrivateKind.NAME] == RedactionAction.OFF
    return tuple(PersonOption(each.id, _label(each, in_clear=in_clear), each.address) for each in persons)


def _label(person: Person, *, in_clear: bool) -> str:
    parts = (person.name, person.company)
    shown = parts if in_clear else tuple(map(_initials, parts))
    return ", ".join(filter(None, shown))[:LONGEST_LABEL]


def _initials(name: str) -> str:
    return " ".join(f"{word[0].upper()}." for word in name.split() if word[0].isalnum())
