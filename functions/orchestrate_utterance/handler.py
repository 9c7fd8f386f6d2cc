"""Invoked asynchronously by the audio worker for each utterance."""

from __future__ import annotations

from typing import Any

from functions.orchestrate_utterance.function import FUNCTION
from sotto.call.live import GuidanceRequest, invocation_from
from sotto.inference.orchestrate import orchestrate_utterance
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION, ready=lambda sotto: sotto.orchestrate_ports)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    orchestrate_utterance(invocation_from(event, GuidanceRequest), sotto.orchestrate_ports)
