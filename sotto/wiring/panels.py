"""The way to agents' screens: the channel of each tenant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sotto.core.built import built, built_per_name
from sotto.core.settings import AwsRegion, Panels, WebSocketPanels
from sotto.wiring.stores import StoreParts

if TYPE_CHECKING:
    from sotto.call.utterance import Utterance
    from sotto.realtime.adapters.api_gateway import ApiGatewayChannel, ManagedConnections
    from sotto.realtime.adapters.appsync import AppSyncChannel
    from sotto.realtime.channel import PanelChannel
    from sotto.realtime.guidance_sink import GuidanceSink
    from sotto.realtime.panel_publisher import PanelPublisher


class PanelParts(StoreParts):
    @built
    def channel(self) -> PanelChannel:
        """The one channel that all tenants use, or each tenant's."""
        panels = self.settings.of(Panels)
        makers: dict[str, Callable[[], PanelChannel]] = {
            "appsync": self._appsync_channel,
            "websocket": self._websocket_channel,
        }
        made: dict[str, PanelChannel] = {name: makers[name]() for name in panels.names}
        if len(made) == 1:
            return next(iter(made.values()))
        from sotto.realtime.tenant_channels import TenantChannels

        return TenantChannels(made, panels.channels, self.clock)

    @built_per_name
    def panel(self, service: str) -> PanelPublisher:
        """The channel for callers that nothing may harm."""
        from sotto.realtime.panel_publisher import PanelPublisher

        return PanelPublisher(self.channel, self.publish_failed(service))

    @built_per_name
    def guidance_sink(self, service: str) -> GuidanceSink:
        from sotto.realtime.guidance_sink import GuidanceSink

        return GuidanceSink(self.panel(service), self.functions, self.publish_failed(service), self._is_wanted)

    def _is_wanted(self, interim: Utterance) -> bool:
        """As orchestrate_utterance would find: by the policies of the contact as it is now."""
        from sotto.graph.graph import plan

        contact = self.contacts.contact(interim.tenant, interim.contact_id)
        if contact is None:
            return False
        compiled = self.policies.compiled(self.books.current(interim.tenant), contact, at_ms=self.clock.now_ms())
        return bool(plan(compiled, interim).nodes)

    @built
    def posts(self) -> ManagedConnections:
        """Tries again by itself, so that it decides when a desktop is gone."""
        from botocore.config import Config

        from sotto.realtime.adapters.api_gateway import ManagedConnections, management_url

        address = management_url(self.settings.of(WebSocketPanels).url)
        return ManagedConnections(
            self.session.client(
                "apigatewaymanagementapi",
                endpoint_url=address,
                config=Config(
                    retries={"total_max_attempts": 1},
                    connect_timeout=1,
                    read_timeout=2,
                    max_pool_connections=16,
                    tcp_keepalive=True,
                ),
            )
        )

    def _appsync_channel(self) -> AppSyncChannel:
        from sotto.realtime.adapters.appsync import AppSyncChannel

        url, region = self.settings.of(Panels).graphql_url, self.settings.of(AwsRegion).region
        assert url is not None  # or the settings would have been refused
        return AppSyncChannel(url, region=region, credentials=self.session.get_credentials())

    def _websocket_channel(self) -> ApiGatewayChannel:
        from sotto.realtime.adapters.api_gateway import ApiGatewayChannel

        return ApiGatewayChannel(self.connections, self.posts, self.clock)

    def redact_typed(self, tenant: str, text: str) -> str:
        from sotto.redaction.typed import redact_typed
        from sotto.tenants.redaction_rules import RedactionRules

        rules = RedactionRules.of(self.books.current(tenant).settings.redaction_in_effect)
        return redact_typed(text, rules, alarm=self.redaction_alarm(tenant))
