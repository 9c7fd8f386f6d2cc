"""Subscribes to what is noticed on calls."""

from __future__ import annotations

from typing import Any

from functions.alert_on_moment.function import FUNCTION
from sotto.alerts.deliver import deliver_due
from sotto.alerts.moments import alert_on_moment
from sotto.call.envelope import event_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    noticed = event_from(event)
    if alert_on_moment(noticed, sotto.moment_alert_ports):
        deliver_due(noticed.tenant, sotto.deliver_alert_ports)
