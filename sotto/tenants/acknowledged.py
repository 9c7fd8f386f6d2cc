"""The audit trail of what tenants keep in clear on purpose: which kinds, in which version of a book, by whom, when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

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


class AcknowledgementLog(Protocol):
    def record(self, acknowledgement: Acknowledgement) -> None:
        """Raises Retryable."""
        ...


def acknowledge(
    book: TenantBook, log: AcknowledgementLog, *, by: Callable[[], str], clock: Clock
) -> Acknowledgement | None:
    """To be called before the book takes effect; None where nothing is in clear. ``by`` is asked only then."""
    kinds = book.settings.acknowledged_unredacted
    if not kinds:
        return None
    made = Acknowledgement(book.tenant, book.version, kinds, by(), int(clock.now_ms()))
    log.record(made)
    return made
