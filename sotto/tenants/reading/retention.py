"""Reads ``retention`` and ``identities`` of tenant.yaml: how long each kind of data is kept, and by which attributes of
contacts a person is found."""

from __future__ import annotations

from sotto.core.subject_data import DataKind
from sotto.tenants.reading.places import YamlPlace

LONGEST_DAYS = 3_650
KNOWN_BY = ("email", "customer_id")
_LONGER = (DataKind.FACTS,)
"""Rows without text, which nobody needs the contact for."""


def read_retention(place: YamlPlace, retention_days: int) -> dict[str, int]:
    """``retention_days``: of the contact. What is only found by way of it cannot outlive it."""
    found = {}
    for kind, value in place.fields(tuple(DataKind)).items():
        days = int(value.number(1, LONGEST_DAYS, retention_days))
        if days > retention_days and kind not in _LONGER:
            value.wrong(
                f"{kind} cannot be kept for {days} days when the contact goes after {retention_days}; "
                "raise retention_days, or write less here"
            )
        found[str(kind)] = days
    return found


def read_identities(place: YamlPlace) -> dict[str, str]:
    fields = place.fields(KNOWN_BY)
    return {name: text for name, value in fields.items() if (text := value.text())}
