"""Which languages redaction has rules for, and what becomes of a call in another one."""

from __future__ import annotations

import re
from dataclasses import replace

from sotto.call.contact import Contact
from sotto.redaction.detectors.any_language.detector import private_in, stricter
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.withheld import Alarm, no_alarm
from sotto.tenants.redaction_rules import RedactionRules

WITH_RULES = frozenset({"en"})
"""As BCP 47 has them, without region."""
_NAMES = frozenset({"english"})
"""Contact flows set attributes as their authors like."""
_ATTRIBUTE = "language"


def has_rules(language: str) -> bool:
    """``language``: a tag such as en-US. Something that is no language has no rules."""
    primary = re.split(r"[-_]", language.strip().casefold(), maxsplit=1)[0]
    return primary in WITH_RULES or primary in _NAMES


def is_understood(contact: Contact) -> bool:
    """Whether there are rules for all that is known about the call's language: what Connect or Contact Lens says of it,
    and the contact attribute ``language``, if the flow sets one."""
    said = [value for name, value in contact.attributes.items() if name.casefold() == _ATTRIBUTE and value.strip()]
    return all(map(has_rules, [contact.language, *said]))


def spoken_in(language: str, contact: Contact) -> Contact:
    """The contact with what a recogniser says of its language, unless its own calls for caution already."""
    return replace(contact, language=language) if is_understood(contact) else contact


def redactor_for(contact: Contact, rules: RedactionRules, alarm: Alarm = no_alarm) -> ConversationRedactor:
    if is_understood(contact):
        return ConversationRedactor(rules, alarm)
    return ConversationRedactor(stricter(rules), alarm, also=private_in)
