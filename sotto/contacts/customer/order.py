"""Has a customer looked up by another function, where the tenant lists something to be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sotto.call.contact import Contact
from sotto.call.live import CustomerOrder
from sotto.core.errors import Retryable
from sotto.tenants.book import BookReader


class CustomerLookUps(Protocol):
    def want(self, contact: Contact) -> None:
        """Never raises, and waits for nothing but that the order is taken."""
        ...


class NoLookUps:
    """A CustomerLookUps where nobody is looked up."""

    def want(self, contact: Contact) -> None:
        """Nothing to do."""


class OrderedLookUps:
    """A CustomerLookUps. ``order``: hands one over, and raises Retryable; ``failed``: nobody took it, and the call goes
    on without."""

    def __init__(self, books: BookReader, order: Callable[[CustomerOrder], None], failed: Callable[[], None]) -> None:
        self._books = books
        self._order = order
        self._failed = failed

    def want(self, contact: Contact) -> None:
        try:
            book = self._books.current(contact.tenant)
            if book.settings.customer.fields or book.filing.context:
                self._order(CustomerOrder(contact.tenant, contact.contact_id))
        except Retryable:
            self._failed()
