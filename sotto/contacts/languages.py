"""Which language a contact is in, and what Sotto cannot do in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from sotto.call.contact import Contact
from sotto.call.language import LanguageSet
from sotto.tenants.book import BookReader, TenantBook

RECOGNISED = "transcript"
"""The part that a chat does without: nothing of it has to be recognised."""


class ContactLanguages(Protocol):
    def in_its_language(self, contact: Contact) -> Contact:
        """The contact with its language, as far as it is known by now, and what is unavailable in it."""
        ...


class AsConnectSays:
    """A ContactLanguages for whom every part knows every language."""

    def in_its_language(self, contact: Contact) -> Contact:
        return contact


class BookLanguages:
    """A ContactLanguages by what the tenant has published. ``known``: which languages each part knows that serves the
    tenant's calls, the recognisers (``transcript``), redaction, consent and the tasks of models."""

    def __init__(self, books: BookReader, known: Callable[[TenantBook], Mapping[str, LanguageSet]]) -> None:
        self._books = books
        self._known = known

    def in_its_language(self, contact: Contact) -> Contact:
        book = self._books.current(contact.tenant)
        language = book.settings.language_of(contact)
        known = self._known(book)
        needed = {
            part: languages for part, languages in known.items() if not (contact.is_written and part == RECOGNISED)
        }
        unavailable = tuple(part for part, languages in needed.items() if language not in languages)
        return replace(contact, language=language, unavailable=unavailable)
