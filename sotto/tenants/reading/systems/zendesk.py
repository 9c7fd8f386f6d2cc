"""Zendesk, by an API token of one agent."""

from __future__ import annotations

import re
from collections.abc import Mapping

TITLE = "Zendesk"
HAS_ADDRESS = HAS_SECRET = True
ADDRESSES: tuple[str, ...] = ()
DEFAULTS: Mapping[str, str] = {}
OPTIONS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "user": (re.compile(r"[^\s:]{1,80}@[^\s:]{3,80}"), "e-mail address of the agent whose token it is"),
}
