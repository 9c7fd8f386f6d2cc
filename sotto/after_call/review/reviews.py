"""A review waits beside everything else: it is opened with the token of its task, and closed once, by a person or by
the time that has run out. Who closes it writes the record first; the machine learns of it after that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal, Protocol

from pydantic import ConfigDict, Field

from sotto.call.contact import Contact, ContactReader
from sotto.call.events import Event, ReviewClosed
from sotto.call.review import Review, ReviewState
from sotto.consent.kept import Consents, may_keep
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.core.validation import silent

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """The machine begins to wait. ``token``: by which it is answered."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    token: Annotated[str, Field(min_length=1, max_length=2048)]


@dataclass(frozen=True, slots=True)
class AcceptOrder:
    """Nobody came in time."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    outcome: Literal["accepted"]


TRACKED = silent(OpenOrder | AcceptOrder)


class ReviewChanged(Exception):
    """The record has another version than the one that was read."""


class ReviewKeepsChanging(Retryable):
    """Others change it all the time."""


class Reviews(Protocol):
    def review(self, tenant: str, contact_id: str) -> Review | None: ...

    def replace(self, review: Review, *, expected_version: int, event: Event | None = None) -> None:
        """0: there is none yet. The event is written with it, or neither is. Raises ReviewChanged and
        StorageUnavailable."""
        ...


class ReviewTasks(Protocol):
    def complete(self, token: str, outcome: ReviewState) -> bool:
        """Whether the task was still waiting: one that ran out or was answered before takes no answer. Raises
        Retryable."""
        ...

    def beat(self, token: str) -> bool:
        """Gives the task its time anew. False as above. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class ReviewPorts:
    contacts: ContactReader
    consents: Consents
    reviews: Reviews
    tasks: ReviewTasks
    clock: Clock


def open_review(order: OpenOrder, ports: ReviewPorts) -> Review | None:
    """As it is stored: waiting, with this token, which takes the place of one before. Where there is nothing to wait
    for the task is completed at once: None of what may not be kept, else the review that is closed. Raises
    Retryable."""
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    opened = None if contact is None else _changed(contact, lambda known: _with_token(known, order, ports), ports)
    if opened is None or not opened.is_waiting:
        ports.tasks.complete(order.token, opened.state if opened else ReviewState.ACCEPTED)
    return opened


def accept(order: AcceptOrder, ports: ReviewPorts) -> Review | None:
    """It stands as it was made, unless it was closed before. Raises Retryable."""
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    return None if contact is None else _closed(contact, ReviewState.ACCEPTED, "", ports)


def close_review(contact: Contact, outcome: ReviewState, reviewer: str, ports: ReviewPorts) -> Review | None:
    """As it is stored then: the first one stands. None where none waits or nothing may be kept. Raises Retryable."""
    before = ports.reviews.review(contact.tenant, contact.contact_id)
    stored = _closed(contact, outcome, reviewer, ports)
    if before is not None and before.token:
        ports.tasks.complete(before.token, outcome)  # late is no harm: the record is what counts
    return stored


def _closed(contact: Contact, outcome: ReviewState, by: str, ports: ReviewPorts) -> Review | None:
    def change(known: Review | None) -> Review | None:
        if known is None or not known.is_waiting:
            return known
        return replace(known, state=outcome, by=by, at_ms=int(ports.clock.now_ms()), token="")

    return _changed(contact, change, ports)


def _with_token(known: Review | None, order: OpenOrder, ports: ReviewPorts) -> Review:
    if known is None:
        now_ms = int(ports.clock.now_ms())
        return Review(order.tenant, order.contact_id, ReviewState.WAITING, now_ms, order.token)
    return replace(known, token=order.token) if known.is_waiting else known


def _changed(contact: Contact, change: Callable[[Review | None], Review | None], ports: ReviewPorts) -> Review | None:
    for _ in range(ATTEMPTS):
        if not may_keep(contact, ports.consents):
            return None
        before = ports.reviews.review(contact.tenant, contact.contact_id)
        after = change(before)
        if after is None or after == before:
            return after
        expected = before.version if before else 0
        after = replace(after, version=expected + 1)
        try:
            event = None if after.is_waiting else ReviewClosed.of(after)
            ports.reviews.replace(after, expected_version=expected, event=event)
        except ReviewChanged:
            continue
        return after
    raise ReviewKeepsChanging("the review changed at each of our attempts")
