"""Where a transcript goes in production: to the agent's screen, and to the functions that give guidance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.core.errors import Retryable
from sotto.core.validation import silent
from sotto.realtime.channel import utterance_message
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.transcription.ports import CallTime

_utterance = silent(Utterance)


class Functions(Protocol):
    def invoke_async(self, name: str, event: Mapping[str, Any]) -> None:
        """Hand an event over and do not wait for its result. Raises Retryable."""
        ...


class GuidanceSink:
    """None of these calls raises: what is committed is stored already, and the audio must go on. ``invoke_failed``
    gets the name of the function that could not be invoked, for metrics."""

    def __init__(self, panel: PanelPublisher, functions: Functions, invoke_failed: Callable[[str], None]) -> None:
        self._panel = panel
        self._functions = functions
        self._invoke_failed = invoke_failed

    def publish(self, utterance: Utterance) -> None:
        self._panel.publish([utterance_message(utterance, at_ms=utterance.end_ms)], what="publish")

    def ask_guidance(self, utterance: Utterance, stamps: Mapping[str, float]) -> None:
        self._invoke(
            "orchestrate_utterance",
            {
                "tenant": utterance.tenant,
                "contact_id": utterance.contact_id,
                "utterance": _utterance.dump_python(utterance, mode="json"),
                "stamps": dict(stamps),
            },
        )

    def tick(self, contact: Contact, time: CallTime) -> None:
        event = {"tenant": contact.tenant, "contact_id": contact.contact_id, "tick": asdict(time)}
        self._invoke("deliver_annotations", event)

    def agent_joined(self, contact: Contact, call_time_ms: int) -> None:
        connected = {"call_time_ms": call_time_ms}
        event = {"tenant": contact.tenant, "contact_id": contact.contact_id, "connected": connected}
        self._invoke("deliver_annotations", event)

    def call_ended(self, contact: Contact) -> None:
        """Connect says that it ended, or its audio was heard to the end."""
        self._invoke("summarise_call", {"tenant": contact.tenant, "contact_id": contact.contact_id})

    def _invoke(self, name: str, event: Mapping[str, Any]) -> None:
        try:
            self._functions.invoke_async(name, event)
        except Retryable:
            self._invoke_failed(name)
