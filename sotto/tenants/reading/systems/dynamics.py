"""Dynamics 365 (Dataverse), by an application user's client credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping

TITLE = "Dynamics 365"
HAS_ADDRESS = HAS_SECRET = True
ADDRESSES = ("login",)
DEFAULTS: Mapping[str, str] = {"login": "https://login.microsoftonline.com", "key": "sotto_id"}
OPTIONS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "directory": (re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{1,253}"), "directory (tenant) id of Microsoft Entra"),
    "client_id": (re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"), "application (client) id"),
    "login": (re.compile(r"https?://.+"), "address"),
    "key": (re.compile(r"[a-z][a-z0-9_]{0,63}"), "column of phonecall with an alternate key on it"),
}
