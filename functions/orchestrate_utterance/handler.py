"""Invoked asynchronously by the audio worker for each utterance."""

from __future__ import annotations

from typing import Any

from functions.orchestrate_utterance.function import FUNCTION
from sotto.core.validation import read_event
from sotto.inference.orchestrate import COMMITTED, orchestrate_utterance
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    orchestrate_utterance(read_event(COMMITTED, event, "an UtteranceCommitted"), sotto.orchestrate_ports)
