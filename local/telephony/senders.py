"""Telephone systems by the name that ``sotto call --source`` has for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from local.played_call import CallPlan
from local.telephony.embedded_gateway import EmbeddedGateway, SenderOf
from local.telephony.genesys import GenesysSender
from local.telephony.twilio import TwilioSender

SENDERS: Mapping[str, Callable[[CallPlan, EmbeddedGateway], SenderOf]] = {
    "twilio": TwilioSender,
    "genesys": GenesysSender,
}
