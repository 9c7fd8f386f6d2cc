"""Writes the files of the days of which more is filed than they hold."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, KeepsFacts, ReadsBooks
from sotto.core.resources import CONTACTS
from sotto.core.settings import ConnectInstances
from sotto.core.triggers import Events, Every

FUNCTION = function(
    __name__,
    Events(retries=0, max_age_s=900),  # the next run does what this one did not
    Every(minutes=15),
    timeout_s=900,
    memory_mb=1_769,  # one processor
    needs=(Keeps(CONTACTS), ReadsBooks(), KeepsFacts()),
    settings=(ConnectInstances,),
)
