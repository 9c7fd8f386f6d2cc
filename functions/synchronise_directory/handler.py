"""Invoked every few minutes for all instances of the cell, and with a DirectoryOrder for one of them."""

from __future__ import annotations

from typing import Any

from functions.synchronise_directory.function import FUNCTION
from sotto.call.live import DirectoryOrder, invocation_from
from sotto.contacts.directory_round import directory_round
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

BUDGET_MS = 720_000
"""For all instances together; one page more, throttled at its worst, fits into the rest."""


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    if isinstance(event, dict) and "tenant" in event:
        orders = [invocation_from(event, DirectoryOrder)]
    else:
        orders = [DirectoryOrder(tenant, instance) for instance, tenant in sotto.connect_instances.items()]
    directory_round(orders, sotto.directory_ports, budget_ms=BUDGET_MS)
