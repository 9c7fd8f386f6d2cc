"""Files a call in the tenant's systems of record: a step of the work after it, again when it changes, and by a schedule
what a system has not taken; takes in what became of calls.

One function, because each of them has the tenants' secrets.
"""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksConnect, FilesCalls, Keeps, Reads, ReadsBooks, SearchesProfiles, ShowsPanels
from sotto.core.resources import AFTER_CALL, CONTACTS, ERASURES
from sotto.core.settings import ConnectInstances
from sotto.core.triggers import Events, Every, StepOf, Subscription

FUNCTION = function(
    __name__,
    StepOf(AFTER_CALL, branch="records", stage="filed"),
    Events(max_age_s=21_600),
    Subscription(("summary.ready", "disposition.chosen", "person.chosen", "consent.withdrawn", "call.noted")),
    Every(minutes=5),
    timeout_s=300,
    needs=(
        Keeps(CONTACTS),
        Reads(ERASURES),  # what a legal hold keeps
        ReadsBooks(),
        AsksConnect(),  # for the caller's number, which travels in no order of ours
        SearchesProfiles(),
        FilesCalls(),
        ShowsPanels(),
    ),
    settings=(ConnectInstances,),
)
