"""What an agent's screen shows about how well Sotto serves a contact."""

from __future__ import annotations

from collections import OrderedDict

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.realtime.channel import Health, HealthState, health_message
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.recognition.watchdog import Stalled
from sotto.redaction.languages import is_understood
from sotto.transcription.ports import CallTime, Stamps, TranscriptSink

LANGUAGE_REASON = "numbers are masked: this call's language has no redaction rules"
NOT_RECOGNISED = "this call is not transcribed: no recogniser of the tenant knows its language"
PUBLISH_AGAIN_MS = 30_000
"""The channel keeps nothing: whoever comes to the call later sees it then."""
MOST_CALLS = 1_000


def publish_stall(stalled: Stalled, panel: PanelPublisher) -> None:
    """Never raises."""
    health = Health(HealthState.DELAYED, "recogniser", "speech-without-text")
    panel.publish([health_message(stalled.tenant, stalled.contact_id, health, at_ms=stalled.call_ms)], what="health")


def publish_language(contact: Contact, time: CallTime, panel: PanelPublisher) -> None:
    """Never raises."""
    health = Health(HealthState.DELAYED, "redaction", LANGUAGE_REASON)
    panel.publish([health_message(contact.tenant, contact.contact_id, health, at_ms=time.call_time_ms)], what="health")


def publish_not_recognised(contact: Contact, panel: PanelPublisher) -> None:
    """Never raises."""
    health = Health(HealthState.OFF, "recogniser", NOT_RECOGNISED)
    panel.publish([health_message(contact.tenant, contact.contact_id, health, at_ms=0)], what="health")


class LanguageHealthSink:
    """A TranscriptSink that also says on the panel, as long as the call goes on, that its language has no redaction
    rules."""

    def __init__(self, sink: TranscriptSink, panel: PanelPublisher) -> None:
        self._sink = sink
        self._panel = panel
        self._published_at_ms: OrderedDict[tuple[str, str], int] = OrderedDict()

    def publish(self, utterance: Utterance) -> None:
        self._sink.publish(utterance)

    def ask_guidance(self, utterance: Utterance, stamps: Stamps) -> None:
        self._sink.ask_guidance(utterance, stamps)

    def tick(self, contact: Contact, time: CallTime) -> None:
        self._sink.tick(contact, time)
        if not is_understood(contact) and self._is_due(contact, time.call_time_ms):
            publish_language(contact, time, self._panel)

    def _is_due(self, contact: Contact, call_ms: int) -> bool:
        key = (contact.tenant, contact.contact_id)
        if call_ms - self._published_at_ms.get(key, -PUBLISH_AGAIN_MS) < PUBLISH_AGAIN_MS:
            return False
        self._published_at_ms[key] = call_ms
        if len(self._published_at_ms) > MOST_CALLS:
            self._published_at_ms.popitem(last=False)
        return True
