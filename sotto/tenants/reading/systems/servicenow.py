"""ServiceNow, by the client credentials of an OAuth application."""

from __future__ import annotations

import re
from collections.abc import Mapping

TITLE = "ServiceNow"
HAS_ADDRESS = HAS_SECRET = True
ADDRESSES: tuple[str, ...] = ()
DEFAULTS: Mapping[str, str] = {"table": "incident", "person_table": "sys_user", "person_field": "caller_id"}
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,79}")
OPTIONS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "client_id": (re.compile(r"[A-Za-z0-9]{8,64}"), "client id of an OAuth application"),
    "table": (_TABLE, "table that extends task, such as incident or sn_customerservice_case"),
    "person_table": (_TABLE, "table of persons, such as sys_user or customer_contact"),
    "person_field": (_TABLE, "field of that table that names the person, such as caller_id or contact"),
}
