"""EventBridge rules with Lambda targets: moto matches the patterns, the Lambda registry runs the functions.

Connect's own events come by the default bus at once; what goes over a bus of ours is delivered as badly as AWS may
(local/aws/event_delivery.py).
"""

from __future__ import annotations

import threading
from typing import Any

from local.aws.event_delivery import EventDelivery, as_delivered
from local.aws.lambda_runtime import LambdaRuntime
from sotto.core.resources import DEFAULT_BUS

_functions: LambdaRuntime | None = None
_delivery: EventDelivery | None = None
_installed = threading.Lock()
_done = False


def install(functions: LambdaRuntime, delivery: EventDelivery) -> None:
    """Hook moto (once in a process) so that Lambda targets are invoked asynchronously by ``functions``."""
    global _functions, _delivery, _done
    _functions, _delivery = functions, delivery
    with _installed:
        if _done:
            return
        _done = True
        from moto.events.models import Rule

        send_to_others = Rule.send_to_targets

        def send(self: Any, event: Any, transform_input: bool = True) -> None:
            lambdas = [target for target in self.targets if ":lambda:" in target["Arn"]]
            others = [target for target in self.targets if ":lambda:" not in target["Arn"]]
            if lambdas and self.event_pattern.matches_event(event):
                for target in lambdas:
                    _send(self.event_bus_name, target, as_delivered(event))
            if others:
                self.targets, kept = others, self.targets
                try:
                    send_to_others(self, event, transform_input)
                finally:
                    self.targets = kept

        Rule.send_to_targets = send


def _send(bus: str, target: Any, payload: bytes) -> None:
    assert _functions is not None and _delivery is not None
    if bus == DEFAULT_BUS:
        _functions.invoke_async(target["Arn"], payload)
    else:
        _delivery.deliver(target, payload)
