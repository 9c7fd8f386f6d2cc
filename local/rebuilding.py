"""The history and the search index made anew from what is stored of calls: of those before there was either, and after
one was lost.

Whoever may read everything reads the table of contacts page by page, which nothing that serves anybody ever does. After
each page the place is written down, so that another run goes on there; what is done twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sotto.aws import keys
from sotto.aws.table import plain

PAGE = 500
"""Items that are looked at at once: most of them are no contacts, but what was said."""
Rebuild = Callable[[str], object]
"""What is done with each contact's id."""


@dataclass(frozen=True, slots=True)
class Progress:
    """``looked_at``: items of the table; ``of``: about how many it has, counted by DynamoDB every six hours."""

    looked_at: int
    of: int
    contacts: int

    def __str__(self) -> str:
        share = f" of about {self.of:,}" if self.of >= self.looked_at else ""
        return f"{self.contacts:,} contacts; {self.looked_at:,} items{share}"


def rebuild(
    tenant: str, dynamodb: Any, table: str, do: tuple[Rebuild, ...], state: Path, *, page: int = PAGE
) -> Iterator[Progress]:
    """After each page how far it is. ``state``: a file that is there while there is more to do."""
    place = json.loads(state.read_text()) if state.exists() else {}
    if place.get("tenant", tenant) != tenant or place.get("table", table) != table:
        place = {}
    looked_at, contacts, start = int(place.get("looked_at", 0)), int(place.get("contacts", 0)), place.get("key")
    of = int(dynamodb.describe_table(TableName=table)["Table"].get("ItemCount", 0))
    while True:
        asked: dict[str, Any] = {
            "TableName": table,
            "Limit": page,
            "FilterExpression": "sk = :contact AND begins_with(pk, :tenant)",
            "ProjectionExpression": "pk",
            "ExpressionAttributeValues": {
                ":contact": {"S": keys.CONTACT},
                ":tenant": {"S": f"{keys.of_tenant(tenant)}#"},
            },
        }
        found = dynamodb.scan(**asked, **({"ExclusiveStartKey": start} if start else {}))
        for item in found["Items"]:
            contact_id = str(plain(item)["pk"]).partition("#")[2]
            for each in do:
                each(contact_id)
            contacts += 1
        looked_at, start = looked_at + found["ScannedCount"], found.get("LastEvaluatedKey")
        yield Progress(looked_at, of, contacts)
        if start is None:
            state.unlink(missing_ok=True)
            return
        state.parent.mkdir(parents=True, exist_ok=True)
        place = {"tenant": tenant, "table": table, "looked_at": looked_at, "contacts": contacts, "key": start}
        state.write_text(json.dumps(place))
