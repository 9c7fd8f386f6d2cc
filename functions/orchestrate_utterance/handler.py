"""Invoked asynchronously by the audio worker for each utterance."""

from __future__ import annotations

from functools import cache
from typing import Any

from sotto import wiring
from sotto.inference.orchestrate import HEARD, OrchestratePorts, orchestrate_utterance


@cache
def ports() -> OrchestratePorts:
    return wiring.orchestrate_ports()


def handler(event: Any, context: Any) -> None:
    orchestrate_utterance(HEARD.validate_python(event), ports())
