"""What an audio worker's listeners are in production: the agent's screen, and the functions that give guidance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.core.errors import Retryable
from sotto.core.validation import silent
from sotto.realtime.channel import ChannelUnavailable, MessageTooLarge, PanelChannel, utterance_message
from sotto.transcription.ports import CallTime

_utterance = silent(Utterance)


class Functions(Protocol):
    def invoke_async(self, name: str, event: Mapping[str, Any]) -> None:
        """Hand an event over and do not wait for its result. Raises Retryable."""
        ...


class GuidanceSink:
    """None of these calls raises: what is settled is stored already, and the audio must go on. ``missed`` is told the
    name of what did not get through, for metrics."""

    def __init__(self, channel: PanelChannel, functions: Functions, missed: Callable[[str], None]) -> None:
        self._channel = channel
        self._functions = functions
        self._missed = missed

    def publish(self, utterance: Utterance) -> None:
        try:
            self._channel.publish([utterance_message(utterance, at_ms=utterance.end_ms)])
        except (ChannelUnavailable, MessageTooLarge):
            self._missed("publish")

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
            self._missed(name)
