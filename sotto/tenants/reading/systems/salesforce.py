"""Salesforce, by an External Client App whose JWT bearer flow acts as one user."""

from __future__ import annotations

import re
from collections.abc import Mapping

TITLE = "Salesforce"
HAS_ADDRESS = HAS_SECRET = True
ADDRESSES = ("login",)
DEFAULTS: Mapping[str, str] = {"login": "https://login.salesforce.com", "version": "67.0", "external_id": "Sotto_Id__c"}
OPTIONS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "client_id": (re.compile(r"[A-Za-z0-9._]{8,200}"), "consumer key of an External Client App"),
    "user": (re.compile(r"[^\s:]{3,80}@[^\s:]{3,80}"), "username of the user as whom the app acts"),
    "login": (re.compile(r"https?://.+"), "address"),
    "version": (re.compile(r"\d{2,3}\.0"), "version of the API, such as 67.0"),
    "external_id": (re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}__c"), "external id field of Task, such as Sotto_Id__c"),
}
