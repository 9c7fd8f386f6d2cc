"""Starts imports of what is put below the sources of tenants."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsImports, StartsImports
from sotto.core.resources import CONTACTS
from sotto.core.triggers import BusRule, Events

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # an import that starts late is better than none
    BusRule("objects-to-import", {"source": ["aws.s3"], "detail-type": ["Object Created"]}),
    timeout_s=30,
    capability="imports",
    stack="imports",
    needs=(Keeps(CONTACTS), ReadsImports(), StartsImports()),
)
