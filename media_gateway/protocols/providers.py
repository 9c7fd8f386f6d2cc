"""The telephone systems that are understood, by the name that the deployment file and the addresses have for them."""

from __future__ import annotations

from collections.abc import Mapping

from media_gateway.protocols.audiohook_signature import Genesys
from media_gateway.protocols.protocol import Provider
from media_gateway.protocols.twilio_signature import Twilio

PROVIDERS: Mapping[str, Provider] = {"twilio": Twilio(), "genesys": Genesys()}
