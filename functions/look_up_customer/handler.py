"""Invoked with a CustomerOrder when a contact starts, and when its attributes have changed."""

from __future__ import annotations

from typing import Any

from functions.look_up_customer.function import FUNCTION
from sotto.call.live import CustomerOrder, invocation_from
from sotto.contacts.customer.look_up import look_up_customer
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    look_up_customer(invocation_from(event, CustomerOrder), sotto.customer_ports)
