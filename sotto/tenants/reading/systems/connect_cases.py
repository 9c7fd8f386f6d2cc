"""Amazon Connect Cases, with Customer Profiles as its persons: in the tenant's own AWS account, by the function's
role."""

from __future__ import annotations

import re
from collections.abc import Mapping

TITLE = "Amazon Connect Cases"
HAS_ADDRESS = HAS_SECRET = False
ADDRESSES: tuple[str, ...] = ()
DEFAULTS: Mapping[str, str] = {"disposition_field": ""}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OPTIONS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "domain": (_UUID, "id of a Cases domain"),
    "template": (_UUID, "id of a template of cases"),
    "profiles_domain": (re.compile(r"[a-zA-Z0-9_-]{1,64}"), "domain of Customer Profiles"),
    "disposition_field": (re.compile(r"[A-Za-z0-9_-]{1,100}"), "id of a text field of cases"),
}
