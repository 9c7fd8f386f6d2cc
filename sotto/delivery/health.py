"""What an agent's screen is told about how well Sotto hears."""

from __future__ import annotations

from collections.abc import Callable

from sotto.delivery.channel import (
    Channel,
    ChannelUnavailable,
    Health,
    HealthState,
    MessageTooLarge,
    health_message,
)
from sotto.speech.watchdog import Stalled


def tell_stall(stalled: Stalled, channel: Channel, missed: Callable[[str], None]) -> None:
    """Never raises; ``missed`` is told when the channel cannot be reached."""
    health = Health(HealthState.DELAYED, "recogniser", "speech-without-text")
    message = health_message(stalled.tenant, stalled.contact_id, health, at_ms=stalled.call_ms)
    try:
        channel.publish([message])
    except (ChannelUnavailable, MessageTooLarge):
        missed("health")
