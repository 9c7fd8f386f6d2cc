"""What an agent's screen is told about how well Sotto hears."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.realtime.channel import (
    ChannelUnavailable,
    Health,
    HealthState,
    MessageTooLarge,
    PanelChannel,
    PanelMessage,
    health_message,
)
from sotto.recognition.watchdog import Stalled
from sotto.redaction.languages import is_understood
from sotto.transcription.ports import CallTime, Stamps, TranscriptSink

LANGUAGE_REASON = "numbers are masked: this call's language has no redaction rules"
TELL_AGAIN_MS = 30_000
"""The channel keeps nothing: who comes to the call later is told then."""
MOST_CALLS = 1_000


def publish_stall(stalled: Stalled, channel: PanelChannel, missed: Callable[[str], None]) -> None:
    """Never raises; ``missed`` is told when the channel cannot be reached."""
    health = Health(HealthState.DELAYED, "recogniser", "speech-without-text")
    _tell(health_message(stalled.tenant, stalled.contact_id, health, at_ms=stalled.call_ms), channel, missed)


def publish_language(contact: Contact, time: CallTime, channel: PanelChannel, missed: Callable[[str], None]) -> None:
    """Never raises."""
    health = Health(HealthState.DELAYED, "redaction", LANGUAGE_REASON)
    _tell(health_message(contact.tenant, contact.contact_id, health, at_ms=time.call_time_ms), channel, missed)


def _tell(message: PanelMessage, channel: PanelChannel, missed: Callable[[str], None]) -> None:
    try:
        channel.publish([message])
    except (ChannelUnavailable, MessageTooLarge):
        missed("health")


class LanguageHealthSink:
    """TranscriptSink that also tell the panel of a call in a language without redaction rules, as long as it goes on."""

    def __init__(self, listeners: TranscriptSink, channel: PanelChannel, missed: Callable[[str], None]) -> None:
        self._listeners = listeners
        self._channel = channel
        self._missed = missed
        self._told_at_ms: OrderedDict[tuple[str, str], int] = OrderedDict()

    def publish(self, utterance: Utterance) -> None:
        self._listeners.publish(utterance)

    def ask_guidance(self, utterance: Utterance, stamps: Stamps) -> None:
        self._listeners.ask_guidance(utterance, stamps)

    def tick(self, contact: Contact, time: CallTime) -> None:
        self._listeners.tick(contact, time)
        if not is_understood(contact) and self._is_due(contact, time.call_time_ms):
            publish_language(contact, time, self._channel, self._missed)

    def _is_due(self, contact: Contact, call_ms: int) -> bool:
        key = (contact.tenant, contact.contact_id)
        if call_ms - self._told_at_ms.get(key, -TELL_AGAIN_MS) < TELL_AGAIN_MS:
            return False
        self._told_at_ms[key] = call_ms
        if len(self._told_at_ms) > MOST_CALLS:
            self._told_at_ms.popitem(last=False)
        return True
