"""The port behind which systems of record stand: what is asked of each, and what each may answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.core.errors import Rejected, Retryable

MOST_PERSONS = 10
"""Who finds more than these by one number has found nobody."""


class CrmUnavailable(Retryable):
    """The system did not answer, or answered that it cannot now. What was asked may have been done all the same.
    ``after_ms``: when it wants to be asked again, where it says so."""

    def __init__(self, reason: str, after_ms: float | None = None) -> None:
        super().__init__(reason)
        self.after_ms = after_ms


class CrmRefused(Rejected):
    """The system will not take it as long as nobody changes something there or in the declaration."""


class CaseMissing(Rejected):
    """There is no such case, or none that takes an entry."""


@dataclass(frozen=True, slots=True)
class WhoCalled:
    """``phone``: E.164. Either may be empty."""

    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """``id`` is the system's own; ``address``: of the person's page there, empty where there is none."""

    id: str
    name: str
    company: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """``persons``: MOST_PERSONS at most; ``has_more``: the system knows of others."""

    persons: tuple[Person, ...] = ()
    has_more: bool = False


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True)
class CallLog:
    """A call as it is filed. ``key``: the same for every version of it, and for no other call. ``text`` is redacted.
    ``contact_arn``: Amazon Connect's, empty of a call that it did not have. ``person`` and ``case``: the system's ids,
    empty for none. ``link``: where the call can be looked at. ``number``: of the version, which rises."""

    key: str
    contact_arn: str
    started_at_ms: int
    duration_s: int
    direction: Direction
    subject: str
    text: str
    disposition: str = ""
    agent: str = ""
    queue: str = ""
    link: str = ""
    person: str = ""
    case: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """``record`` is the system's id; ``address``: of the record's page."""

    record: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class WhatToErase:
    """``key``: of the call; ``record``: as it was logged, empty where that is not known. ``person``: whose entry in the
    system is to go as well, empty for none."""

    key: str
    record: str = ""
    person: str = ""


class OutcomeKind(StrEnum):
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    DEAL_WON = "deal_won"
    DEAL_LOST = "deal_lost"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"


@dataclass(frozen=True, slots=True)
class CrmOutcome:
    """What became of a call, later. ``key``: as of CallLog; ``subject``: of what it became so, the system's id."""

    key: str
    kind: OutcomeKind
    subject: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """``cursor``: where to go on; ``has_more``: at once."""

    outcomes: tuple[CrmOutcome, ...]
    cursor: str
    has_more: bool = False


class Crm(Protocol):
    """One system of one tenant. Each method may be repeated after whatever happened to it, and then changes nothing
    more. Raises CrmUnavailable, CrmRefused, KeyMissing and KeyUnavailable; no error quotes what was asked."""

    def find_person(self, who: WhoCalled) -> Found:
        """By phone or e-mail, each of them once."""
        ...

    def log_call(self, call: CallLog) -> LoggedCall:
        """The record of the call, made or brought up to this version. One that was lost there is made anew. Raises
        CaseMissing where there is no such case."""
        ...

    def update_case(self, call: CallLog) -> None:
        """What the call says of ``call.case``. Raises CaseMissing."""
        ...

    def context(self, person: str, fields: Collection[str]) -> Mapping[str, str]:
        """Of the fields, those that have a value."""
        ...

    def erase(self, what: WhatToErase) -> int:
        """How many entries went; what is gone already counts as none."""
        ...

    def outcomes(self, cursor: str) -> OutcomePage:
        """What happened since, the earliest first, at most a page of it; an entry may come again. An empty cursor: from
        now on."""
        ...
