"""Looks up who is calling, beside the live path."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksConnect, AsksCrms, Keeps, ReadsBooks, SearchesProfiles, ShowsPanels
from sotto.core.resources import CONTACTS
from sotto.core.triggers import Events

FUNCTION = function(
    __name__,
    Events(max_age_s=60),  # later it would be no help any more
    timeout_s=15,
    snap_start=True,
    needs=(
        Keeps(CONTACTS),
        ReadsBooks(),
        AsksConnect(),  # for the caller's number, which travels in no order of ours
        SearchesProfiles(),
        AsksCrms(),  # and of systems of record
        ShowsPanels(),
    ),
)
