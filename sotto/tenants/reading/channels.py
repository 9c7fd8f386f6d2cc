"""``channel: chat``: what counts in contacts of one channel alone."""

from __future__ import annotations

from collections.abc import Mapping

from sotto.call.contact import Channel
from sotto.tenants.reading.places import YamlPlace


def read_channel(fields: Mapping[str, YamlPlace]) -> Channel | None:
    known = fields["channel"].known(tuple(Channel), "channel") if "channel" in fields else ()
    return Channel(known[0]) if known else None


def read_channels(fields: Mapping[str, YamlPlace]) -> tuple[Channel, ...]:
    known = fields["channels"].known(tuple(Channel), "channel") if "channels" in fields else ()
    return tuple(map(Channel, known))
