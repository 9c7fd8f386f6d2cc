"""HubSpot, by the token of a private app."""

from __future__ import annotations

import re
from collections.abc import Mapping

TITLE = "HubSpot"
HAS_ADDRESS = HAS_SECRET = True
ADDRESSES: tuple[str, ...] = ()
DEFAULTS: Mapping[str, str] = {"unique_property": "sotto_id", "portal": ""}
OPTIONS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "unique_property": (re.compile(r"[a-z][a-z0-9_]{0,99}"), "property of calls whose values are unique"),
    "portal": (re.compile(r"\d{1,12}"), "number of the account, as it stands in HubSpot's addresses"),
}
