"""Where a transcript goes in production: to the agent's screen, and to the functions that give guidance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from sotto.call.contact import Contact
from sotto.call.live import AgentJoined, CallTime, GuidanceRequest, Invocation, Tick
from sotto.call.utterance import Utterance
from sotto.core.errors import Retryable, SottoError
from sotto.realtime.channel import utterance_message
from sotto.realtime.panel_publisher import PanelPublisher


class Functions(Protocol):
    def invoke_async(self, name: str, event: Invocation) -> None:
        """Hand an event over and do not wait for its result. Raises Retryable."""
        ...


class GuidanceSink:
    """None of these calls raises: what is committed is stored already, and the audio must go on. ``invoke_failed``
    gets the name of the function that could not be invoked, for metrics. ``is_wanted`` says whether a model of the call
    wants an interim; it may raise SottoError."""

    def __init__(
        self,
        panel: PanelPublisher,
        functions: Functions,
        invoke_failed: Callable[[str], None],
        is_wanted: Callable[[Utterance], bool],
    ) -> None:
        self._panel = panel
        self._functions = functions
        self._invoke_failed = invoke_failed
        self._is_wanted = is_wanted

    def publish(self, utterance: Utterance) -> None:
        self._panel.publish([utterance_message(utterance, at_ms=utterance.end_ms)], what="publish")

    def ask_guidance(self, utterance: Utterance, stamps: Mapping[str, float]) -> None:
        """An interim that no model wants is not worth an invocation."""
        if not utterance.is_final and not self._is_worth_asking(utterance):
            return
        request = GuidanceRequest(utterance.tenant, utterance.contact_id, utterance, stamps)
        self._invoke("orchestrate_utterance", request)

    def _is_worth_asking(self, interim: Utterance) -> bool:
        try:
            return self._is_wanted(interim)
        except SottoError:  # its final is asked about in any case
            return False

    def tick(self, contact: Contact, time: CallTime) -> None:
        self._invoke("deliver_annotations", Tick(contact.tenant, contact.contact_id, time))

    def agent_joined(self, contact: Contact, call_time_ms: int) -> None:
        self._invoke("deliver_annotations", AgentJoined(contact.tenant, contact.contact_id, call_time_ms))

    def _invoke(self, name: str, event: Invocation) -> None:
        try:
            self._functions.invoke_async(name, event)
        except Retryable:
            self._invoke_failed(name)
