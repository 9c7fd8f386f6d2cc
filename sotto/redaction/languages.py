"""Which languages redaction has a pack for, and what becomes of a call in another one."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module

from sotto.call.contact import Contact
from sotto.call.language import primary
from sotto.redaction.detectors.any_language.detector import stricter
from sotto.redaction.detectors.any_language.pack import AnyLanguagePack
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.language_pack import LanguagePack
from sotto.redaction.packs import LANGUAGES
from sotto.redaction.withheld import Alarm, no_alarm
from sotto.tenants.book import LANGUAGE
from sotto.tenants.redaction_rules import RedactionRules

ANY_LANGUAGE = AnyLanguagePack()


def has_pack(language: str) -> bool:
    """``language``: a tag such as en-US. Something that is no language has none."""
    return language in LANGUAGES


@cache
def pack_of(language: str) -> LanguagePack:
    """The pack of one of ``LANGUAGES``, read at first use: its patterns and words take a while and some memory."""
    pack: LanguagePack = import_module(f"sotto.redaction.detectors.{language}.pack").PACK
    return pack


def is_understood(contact: Contact) -> bool:
    """Whether there is a pack for all that is known about the call's language: what Connect or Contact Lens says of it,
    and the contact attribute ``language``, if the flow sets one."""
    named = [value for name, value in contact.attributes.items() if name.casefold() == LANGUAGE and value.strip()]
    return all(map(has_pack, [contact.language, *named]))


def spoken_in(language: str, contact: Contact) -> Contact:
    """The contact with what a recogniser says of its language, unless its own calls for caution already."""
    return replace(contact, language=language) if is_understood(contact) else contact


def redactor_for(contact: Contact, rules: RedactionRules, alarm: Alarm = no_alarm) -> ConversationRedactor:
    """In the language that Connect says the contact has; masked strictly where any of what is known has no pack."""
    if is_understood(contact):
        return ConversationRedactor(rules, alarm, pack_of(primary(contact.language)))
    return ConversationRedactor(stricter(rules), alarm, ANY_LANGUAGE)
