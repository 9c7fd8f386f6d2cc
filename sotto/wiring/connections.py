"""What the WebSocket channel needs: its table of listeners, API Gateway's management API, and who may connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.once import once
from sotto.wiring.process import boto_client, clock, records
from sotto.wiring.settings import MissingSetting, settings

if TYPE_CHECKING:
    from sotto.api.adapters.oidc_tokens import OidcTokens
    from sotto.realtime.adapters.api_gateway import ApiGatewayChannel, ManagedConnections
    from sotto.realtime.adapters.dynamodb_connections import DynamoConnections


@once
def connection_table() -> DynamoConnections:
    from sotto.aws.table import Table
    from sotto.realtime.adapters.dynamodb_connections import DynamoConnections

    return DynamoConnections(Table(records("dynamodb"), settings().connections_table))


@once
def posts() -> ManagedConnections:
    """Tries again by itself, so that it decides when a desktop is gone."""
    from botocore.config import Config

    from sotto.realtime.adapters.api_gateway import ManagedConnections, management_url

    if not settings().websocket_url:
        raise MissingSetting("environment variable SOTTO_WEBSOCKET_URL is not set")
    return ManagedConnections(
        boto_client(
            "apigatewaymanagementapi",
            endpoint_url=management_url(settings().websocket_url),
            config=Config(
                retries={"total_max_attempts": 1},
                connect_timeout=1,
                read_timeout=2,
                max_pool_connections=16,
                tcp_keepalive=True,
            ),
        )
    )


def websocket_channel() -> ApiGatewayChannel:
    from sotto.realtime.adapters.api_gateway import ApiGatewayChannel

    return ApiGatewayChannel(connection_table(), posts(), clock())


@once
def tokens() -> OidcTokens:
    from sotto.api.adapters.oidc_tokens import IssuerKeys, OidcTokens

    issuer = settings().oidc_issuer
    if not issuer:
        raise MissingSetting("environment variable SOTTO_OIDC_ISSUER is not set")
    return OidcTokens(issuer, settings().oidc_client_id, IssuerKeys(issuer, clock()), clock(), tenants=signed_tenants())


def signed_tenants() -> frozenset[str]:
    """Those that the issuer of tokens is configured for."""
    if not settings().oidc_tenants:
        raise MissingSetting("environment variable SOTTO_OIDC_TENANTS is not set: name the issuer's tenants")
    return settings().oidc_tenants
