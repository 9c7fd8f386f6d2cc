"""Keeps the directory of agents and queues level with the Connect instances."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Invokes, Keeps, ListsUsers, Reads, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS, DIRECTORY
from sotto.core.triggers import Events, Every

FUNCTION = function(
    __name__,
    Events(max_age_s=900),
    Every(minutes=15),
    timeout_s=900,
    calls_itself=True,  # where an instance has more users than fit into its time
    needs=(
        Keeps(DIRECTORY),
        ReadsBooks(),
        ListsUsers(),
        Invokes(("synchronise_directory",)),
        Reads(CONTACTS),  # which calls somebody who has left still follows
        ShowsPanels(),
    ),
)
