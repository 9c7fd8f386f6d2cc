"""Where a file of facts lies: a folder for each fact, as Athena's tables want them, in days."""

from __future__ import annotations

import re

from sotto.analytics.facts.tables import TABLES
from sotto.aws.keys import BadKey, of_tenant

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def place_of(tenant: str, fact: str, day: str) -> str:
    """Raises BadKey."""
    if fact not in TABLES or not _DAY.fullmatch(day):
        raise BadKey("fact, day: name a fact and a day as YYYY-MM-DD")
    return f"{of_tenant(tenant)}/{fact}/dt={day}/part.parquet"
