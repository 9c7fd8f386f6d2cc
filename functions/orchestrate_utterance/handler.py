"""Invoked asynchronously by the audio worker for each utterance."""

from __future__ import annotations

from typing import Any

from sotto.inference.orchestrate import HEARD, OrchestratePorts, orchestrate_utterance
from sotto.validation import read_event
from sotto.wiring.guidance import orchestrate_ports
from sotto.wiring.observed import observed
from sotto.wiring.once import once


@once
def ports() -> OrchestratePorts:
    return orchestrate_ports()


@observed
def handler(event: Any, context: Any) -> None:
    orchestrate_utterance(read_event(HEARD, event, "an UtteranceHeard"), ports())
