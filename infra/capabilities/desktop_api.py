"""The second way to agents' screens: a WebSocket API, for desktops that do not speak AppSync.

It has no web application firewall, because AWS WAF takes no WebSocket APIs: who has no good token is turned away by the
authoriser, and the stage bounds how much may be asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk.aws_apigatewayv2 import (
    CfnApi,
    CfnStage,
    ThrottleSettings,
    WebSocketApi,
    WebSocketStage,
)
from aws_cdk.aws_apigatewayv2_authorizers import WebSocketLambdaAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import WebSocketLambdaIntegration
from aws_cdk.aws_iam import PolicyStatement, Role
from aws_cdk.aws_logs import LogGroup
from constructs import Construct

from functions.specs import socket_authoriser, socket_routes
from infra.building_blocks.function import LOG_DAYS, DeployedFunction
from infra.building_blocks.key import LastingKey
from infra.building_blocks.reviewed import accept
from infra.building_blocks.table import PassingTable
from infra.deployment import Cell, Region
from sotto.core.resources import CONNECTIONS

STAGE = "live"
_EXPORTED = "DesktopsApi"
"""By which name other stacks get its id: a generated one could not be named where a finding is accepted."""
_MESSAGES_A_SECOND_PER_CALL = 0.5
"""A panel asks every twenty seconds, and five times in a row when it opens a call; the rest is room for a reconnect."""
_FEWEST_MESSAGES_A_SECOND = 50
_LOGGED = (
    "requestId", "requestTime", "apiId", "stage", "eventType", "routeKey", "connectionId", "status",
    "integrationLatency", "integrationStatus", "authorize.status", "authenticate.status", "error.responseType",
)  # fmt: skip
"""Neither bodies and headers nor the words of an error, which may quote them; nor whose connection it is."""


class DesktopApi(Construct):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        functions: Mapping[str, DeployedFunction],
        key: LastingKey,
    ) -> None:
        super().__init__(scope, id)
        self._cell = cell
        name = cell.prefix + CONNECTIONS.name.removeprefix("sotto-")
        PassingTable(self, CONNECTIONS.name, name=name, spec=CONNECTIONS, key=key)
        self.api = WebSocketApi(
            self, "Api", api_name=f"{cell.prefix}desktops", route_selection_expression="$request.body.action"
        )
        authoriser = WebSocketLambdaAuthorizer(
            "Authoriser",
            functions[socket_authoriser()].live,
            identity_source=["route.request.header.Sec-WebSocket-Protocol"],
        )
        for route, name in socket_routes().items():
            integration = WebSocketLambdaIntegration(f"{route.strip('$').title()}Integration", functions[name].live)
            self.api.add_route(
                route,
                integration=integration,
                authorizer=authoriser if route == "$connect" else None,
            )
        accept(self.api, "AwsSolutions-APIG4", because="API Gateway asks the authoriser at $connect, and only there.")
        self._stage(region)
        CfnOutput(self, "WebSocketUrl", value=self.url, description="The panel's websocketUrl")

    @property
    def origin(self) -> str:
        """Of the API alone: functions that know it must not wait for its routes, which know the functions."""
        return f"wss://{self.api.api_id}.execute-api.{self._cell.region}.amazonaws.com"

    @property
    def url(self) -> str:
        return f"{self.origin}/{STAGE}"

    def let_post(self, who: Role) -> None:
        """To any connection of this API's stage: their ids are made when they are opened."""
        resource = self.api.node.default_child
        assert isinstance(resource, CfnApi)
        here = Stack.of(self)
        api, shown = self.api.api_id, f"<{here.get_logical_id(resource)}>"
        if Stack.of(who) is not here:
            shown = f"{here.stack_name}:{_EXPORTED}"
            api = self._exported_id
        connections, found = self._connections_of(api), self._connections_of(shown)
        who.add_to_policy(PolicyStatement(actions=["execute-api:ManageConnections"], resources=[connections]))
        accept(who, f"AwsSolutions-IAM5[Resource::{found}]", because="Connections get their ids when they are opened.")

    @cached_property
    def _exported_id(self) -> str:
        """For other stacks: an export has one name, whoever needs it."""
        here = Stack.of(self)
        return str(here.export_value(self.api.api_id, name=f"{here.stack_name}:{_EXPORTED}"))

    def _connections_of(self, api: str) -> str:
        return f"arn:aws:execute-api:{self._cell.region}:{self._cell.account}:{api}/{STAGE}/POST/@connections/*"

    def _stage(self, region: Region) -> None:
        rate = max(_FEWEST_MESSAGES_A_SECOND, round(_MESSAGES_A_SECOND_PER_CALL * region.calls))
        logs = LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/apigateway/{self._cell.prefix}desktops",
            retention=LOG_DAYS[region.log_days],
            removal_policy=RemovalPolicy.DESTROY,
        )
        stage = WebSocketStage(
            self,
            "Stage",
            web_socket_api=self.api,
            stage_name=STAGE,
            auto_deploy=True,
            throttle=ThrottleSettings(rate_limit=rate, burst_limit=2 * rate),
        )
        resource = stage.node.default_child
        assert isinstance(resource, CfnStage)
        resource.access_log_settings = CfnStage.AccessLogSettingsProperty(
            destination_arn=logs.log_group_arn, format=_format()
        )


def _format() -> str:
    fields = (f'"{name}":"$context.{name}"' for name in _LOGGED)
    return "{" + ",".join(fields) + "}"
