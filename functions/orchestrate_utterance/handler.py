"""Invoked asynchronously by the audio worker for each utterance."""

from __future__ import annotations

from typing import Any

from sotto.call.live import GuidanceRequest, invocation_from
from sotto.core.once import once
from sotto.inference.orchestrate import OrchestratePorts, orchestrate_utterance
from sotto.wiring.guidance import orchestrate_ports
from sotto.wiring.observed import observed


@once
def ports() -> OrchestratePorts:
    return orchestrate_ports()


@observed
def handler(event: Any, context: Any) -> None:
    orchestrate_utterance(invocation_from(event, GuidanceRequest), ports())
