"""Keeping the directory level with the Connect instances: synchronise_directory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import ConnectInstances
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.contacts.directory_round import RoundPorts
    from sotto.contacts.listing import InstanceListing


class DirectoryParts(PanelParts):
    @property
    def connect_instances(self) -> Mapping[str, str]:
        """Those of the cell, by id, with the tenant whose each is."""
        return self.settings.of(ConnectInstances).tenants

    @built
    def instance_listing(self) -> InstanceListing:
        from botocore.config import Config

        from sotto.contacts.adapters.connect_listing import ConnectListing

        config = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=20)
        client = self.session.client("connect", config=config)
        return ConnectListing(client, self.clock, self.pause)

    @built
    def directory_ports(self) -> RoundPorts:
        from sotto.api.admission import SEEN_WITHIN_MS
        from sotto.contacts.directory_round import RoundPorts
        from sotto.contacts.synchronise import SynchronisePorts
        from sotto.realtime.departures import PanelDepartures

        departures = PanelDepartures(
            self.contacts,
            self.books,
            self.panel("synchronise_directory"),
            wait_until_seen=lambda: self.pause(SEEN_WITHIN_MS + 1_000),
        )
        return RoundPorts(
            SynchronisePorts(self.instance_listing, self.directory_store, departures, self.clock),
            go_on=lambda order: self.functions.invoke_async("synchronise_directory", order),
            metrics=self.metrics,
        )
