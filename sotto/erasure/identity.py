"""By what a person may be asked for. A value is normalised, then known only by its HMAC under a key of the tenant's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.core.errors import Rejected

LONGEST = 256
_CONTACT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_EMAIL = re.compile(r"[^@\s#]+@[^@\s#]+\.[^@\s#]+")
_PHONE_DIGITS = (7, 15)


class IdentityKind(StrEnum):
    CONTACT = "contact"
    PHONE = "phone"
    EMAIL = "email"
    CUSTOMER_ID = "customer_id"


class BadIdentity(Rejected):
    """What was asked for is no identity of its kind. The message never quotes it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """``value``: normalised; make it with ``identity``. Its repr hides the value."""

    kind: IdentityKind
    value: str

    def __repr__(self) -> str:
        return f"Identity({self.kind.value})"


def identity(kind: IdentityKind, written: str) -> Identity:
    """Phone numbers as E.164, e-mail addresses in lower case. Raises BadIdentity."""
    value = written.strip()
    if not value or len(value) > LONGEST:
        raise BadIdentity(f"{kind.value}: write 1 to {LONGEST} characters")
    match kind:
        case IdentityKind.PHONE:
            return Identity(kind, _phone(value))
        case IdentityKind.EMAIL:
            if not _EMAIL.fullmatch(value):
                raise BadIdentity("email: write an address such as name@example.com")
            return Identity(kind, value.casefold())
        case IdentityKind.CONTACT:
            if not _CONTACT.fullmatch(value):
                raise BadIdentity("contact: write the contact's id as Connect gives it")
    return Identity(kind, value)


def _phone(written: str) -> str:
    digits = re.sub(r"\D", "", written)
    fewest, most = _PHONE_DIGITS
    international = written.startswith(("+", "00"))
    if not international or re.search(r"[A-Za-z]", written) or not fewest <= len(digits) <= most:
        raise BadIdentity("phone: write the number with its country, such as +15135557611")
    return "+" + digits.removeprefix("00") if written.startswith("00") else "+" + digits


class IdentityIndex(Protocol):
    """Which contacts a person had, by what they are known by; it holds no identity that could be read."""

    def add(self, tenant: str, contact_id: str, known_by: Sequence[Identity]) -> None:
        """Twice is as good as once. Raises Retryable."""
        ...

    def contacts(self, tenant: str, asked: Identity) -> Sequence[str]:
        """Ids, sorted. Raises Retryable."""
        ...

    def remove(self, tenant: str, contact_id: str) -> int:
        """How many entries. Raises Retryable."""
        ...

    def entries(self, tenant: str, contact_id: str) -> int:
        """How many the contact has. Raises Retryable."""
        ...


def identities_of(
    attributes: Mapping[str, str], *, caller: str | None, names: Mapping[IdentityKind, str]
) -> tuple[Identity, ...]:
    """What a contact is known by: its customer's number, and the attributes that ``names`` lists. What is no identity
    of its kind is left out: a flow writes what it likes."""
    written = [(IdentityKind.PHONE, caller or "")]
    written += [(kind, attributes.get(name, "")) for kind, name in names.items()]
    found = []
    for kind, value in written:
        try:
            found.append(identity(kind, value))
        except BadIdentity:
            continue
    return tuple(dict.fromkeys(found))
