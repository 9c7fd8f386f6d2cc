"""EventBridge rules with Lambda targets: moto matches the patterns, the Lambda registry runs the functions."""

from __future__ import annotations

import json
import threading
from typing import Any

from local.aws.lambda_runtime import LambdaRuntime

_functions: LambdaRuntime | None = None
_installed = threading.Lock()
_done = False


def install(functions: LambdaRuntime) -> None:
    """Hook moto (once in a process) so that Lambda targets are invoked asynchronously by ``functions``."""
    global _functions, _done
    _functions = functions
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
                # moto adds a field that only input transformers know: <aws.events.event.ingestion-time>
                delivered = {name: value for name, value in event.items() if name != "ingestion-time"}
                for target in lambdas:
                    assert _functions is not None
                    _functions.invoke_async(target["Arn"], json.dumps(delivered).encode())
            if others:
                self.targets, kept = others, self.targets
                try:
                    send_to_others(self, event, transform_input)
                finally:
                    self.targets = kept

        Rule.send_to_targets = send
