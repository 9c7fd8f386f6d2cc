"""The audit trail of what tenants keep in clear on purpose: which kinds, in which version of a book, by whom, when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sotto.core.clock import Clock
from sotto.tenants.book import TenantBook


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """``by``: the identity that published, as the cloud knows it. ``at_ms``: Unix epoch."""

    tenant: str
    version: str
    kinds: tuple[str, ...]
    by: str
    at_ms: int


def acknowledgement_of(book: TenantBook, *, by: Callable[[], str], clock: Clock) -> Acknowledgement | None:
    """To be published with the book; None where nothing is in clear. ``by`` is asked only where something is."""
    kinds = book.settings.acknowledged_unredacted
    return Acknowledgement(book.tenant, book.version, kinds, by(), int(clock.now_ms())) if kinds else None
