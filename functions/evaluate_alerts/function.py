"""Evaluates the tenants' rules over what was counted, and sends what is due of alerts."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Appends, Keeps, KeepsFacts, ReadsBooks, SendsAlerts
from sotto.core.resources import AUDIT, CONTACTS
from sotto.core.settings import ConnectInstances
from sotto.core.triggers import Events, Every

FUNCTION = function(
    __name__,
    Events(retries=1, max_age_s=600),  # the next run evaluates anew, and raises nothing twice
    Every(minutes=5),
    timeout_s=300,
    memory_mb=3_538,  # two processors, for DuckDB's two threads
    stack="alerts",
    needs=(Keeps(CONTACTS), ReadsBooks(), KeepsFacts(), Appends(AUDIT), SendsAlerts()),
    settings=(ConnectInstances,),
)
