"""Invoked by the state machine ``import_conversations``, first and last."""

from __future__ import annotations

from typing import Any

from functions.open_import.function import FUNCTION
from sotto.imports.open import close_import, open_import
from sotto.imports.order import order_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, int]:
    order, ports = order_from(event), sotto.import_open_ports
    if order.close:
        close_import(order, ports)
        return {}
    return {"pages": open_import(order, ports), "at_once": sotto.imports_at_once}
