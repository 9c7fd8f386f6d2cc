"""Which languages redaction has a pack for, and what becomes of a call in another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from sotto.call.contact import Contact
from sotto.redaction.detectors.any_language.detector import stricter
from sotto.redaction.detectors.any_language.pack import AnyLanguagePack
from sotto.redaction.detectors.en.pack import ENGLISH
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.language_pack import LanguagePack
from sotto.redaction.withheld import Alarm, no_alarm
from sotto.tenants.redaction_rules import RedactionRules

PACKS: Mapping[str, LanguagePack] = {"en": ENGLISH}
"""By primary language tag, as BCP 47 has them."""
ANY_LANGUAGE = AnyLanguagePack()
_NAMES = {"english": "en"}
"""Contact flows set attributes as their authors like."""
_ATTRIBUTE = "language"


def has_pack(language: str) -> bool:
    """``language``: a tag such as en-US. Something that is no language has none."""
    return _pack_for(language) is not None


def _pack_for(language: str) -> LanguagePack | None:
    primary = re.split(r"[-_]", language.strip().casefold(), maxsplit=1)[0]
    return PACKS.get(_NAMES.get(primary, primary))


def is_understood(contact: Contact) -> bool:
    """Whether there is a pack for all that is known about the call's language: what Connect or Contact Lens says of it,
    and the contact attribute ``language``, if the flow sets one."""
    named = [value for name, value in contact.attributes.items() if name.casefold() == _ATTRIBUTE and value.strip()]
    return all(map(has_pack, [contact.language, *named]))


def spoken_in(language: str, contact: Contact) -> Contact:
    """The contact with what a recogniser says of its language, unless its own calls for caution already."""
    return replace(contact, language=language) if is_understood(contact) else contact


def redactor_for(contact: Contact, rules: RedactionRules, alarm: Alarm = no_alarm) -> ConversationRedactor:
    """In the language that Connect says the contact has; masked strictly where any of what is known has no pack."""
    pack = _pack_for(contact.language) if is_understood(contact) else None
    if pack is not None:
        return ConversationRedactor(rules, alarm, pack)
    return ConversationRedactor(stricter(rules), alarm, ANY_LANGUAGE)
