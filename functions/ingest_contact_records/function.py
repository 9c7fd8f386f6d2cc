"""Takes in what Connect measured of contacts that are over, and where it put their recordings."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks
from sotto.core.resources import CONTACTS
from sotto.core.triggers import InstanceStream

FUNCTION = function(
    __name__,
    InstanceStream("CONTACT_TRACE_RECORDS"),
    timeout_s=60,  # a batch of records
    needs=(Keeps(CONTACTS), ReadsBooks()),
)
