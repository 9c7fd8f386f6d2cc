"""What was asked to be erased, how far that is, and what says in the end that it was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from sotto.core.errors import Rejected
from sotto.erasure.identity import IdentityKind


class NobodyKnown(Rejected):
    """No contact of the tenant is known by that. Another tenant's is nobody as well."""


class NoSuchRequest(Rejected):
    """The tenant has no request of this id."""


class Progress(StrEnum):
    OPEN = "open"
    HELD = "held"
    """A legal hold keeps it: nothing was deleted, and all will be when the hold is released."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """``by``: what kind of identity was asked for, never which. ``contacts``: how many were found."""

    tenant: str
    id: str
    asked_by: str
    asked_at_ms: int
    by: IdentityKind
    contacts: int
    finished_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ContactErasure:
    """One contact of a request. ``done``: names of the erasers that have run in the first round; ``first_round_at_ms``:
    when all had. ``counts``: what was deleted, by kind. ``stopped``: nobody writes any more."""

    tenant: str
    request_id: str
    contact_id: str
    progress: Progress = Progress.OPEN
    stopped: bool = False
    done: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    first_round_at_ms: int | None = None
    finished_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was deleted, by kind and count, and when. Names nobody. ``remaining``: found by looking anew at the end.
    ``signature``: base64, over ``certificate_bytes``, by the KMS key ``key_id``."""

    tenant: str
    request_id: str
    asked_at_ms: int
    finished_at_ms: int
    contacts: int
    counts: Mapping[str, int]
    remaining: int
    key_id: str = ""
    algorithm: str = ""
    signature: str = ""


class ErasureRequests(Protocol):
    """Raises Retryable throughout."""

    def add(self, request: ErasureRequest, contacts: Sequence[str]) -> None:
        """Store it as open, with its contacts, and each contact on the list that is replayed after a restore."""
        ...

    def request(self, tenant: str, request_id: str) -> ErasureRequest | None: ...

    def open_requests(self, tenant: str, *, limit: int) -> Sequence[str]:
        """Ids, the oldest first."""
        ...

    def contacts(self, tenant: str, request_id: str) -> Sequence[ContactErasure]: ...

    def save(self, of: ContactErasure) -> None: ...

    def finish(self, request: ErasureRequest, certificate: Certificate) -> Certificate:
        """No longer open. Answers with the certificate that stands: the first."""
        ...

    def certificate(self, tenant: str, request_id: str) -> Certificate | None: ...

    def suppressed(self, tenant: str) -> Sequence[str]:
        """Contacts that are erased, or are to be: what a restore must not bring back."""
        ...


class Signer(Protocol):
    def signed(self, certificate: Certificate) -> Certificate:
        """With key, algorithm and signature. Raises Retryable."""
        ...
