"""What other systems talk to: an HTTP API with one function behind it, which knows who asks and what there is."""

from __future__ import annotations

from aws_cdk import CfnOutput, RemovalPolicy
from aws_cdk.aws_apigatewayv2 import CfnStage, HttpApi, HttpMethod, HttpStage, PayloadFormatVersion, ThrottleSettings
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from aws_cdk.aws_logs import LogGroup
from constructs import Construct

from infra.building_blocks.function import LOG_DAYS, DeployedFunction
from infra.building_blocks.reviewed import accept
from infra.deployment import Cell, Region

REQUESTS_A_SECOND = 500
"""Of all clients together; each has a limit of its own, which the function keeps."""
_LOGGED = (
    "requestId", "requestTime", "apiId", "stage", "routeKey", "httpMethod", "status", "responseLength",
    "responseLatency", "integrationLatency", "integrationStatus", "error.responseType",
)  # fmt: skip
"""Neither addresses, which hold ids, nor who asked, nor the words of an error."""


class RestApi(Construct):
    """It has no firewall, because AWS WAF takes no HTTP APIs; a CloudFront distribution that has one may stand before
    it."""

    def __init__(self, scope: Construct, id: str, *, cell: Cell, region: Region, function: DeployedFunction) -> None:
        super().__init__(scope, id)
        self.api = HttpApi(self, "Api", api_name=f"{cell.prefix}rest", create_default_stage=False)
        integration = HttpLambdaIntegration(
            "Integration", function.live, payload_format_version=PayloadFormatVersion.VERSION_2_0
        )
        self.api.add_routes(path="/v1/{address+}", methods=[HttpMethod.ANY], integration=integration)
        self.api.add_routes(path="/mcp", methods=[HttpMethod.ANY], integration=integration)
        accept(self.api, "AwsSolutions-APIG4", because="The function takes API keys, which no authoriser here knows.")
        logs = LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/apigateway/{cell.prefix}rest",
            retention=LOG_DAYS[region.log_days],
            removal_policy=RemovalPolicy.DESTROY,
        )
        stage = HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=ThrottleSettings(rate_limit=REQUESTS_A_SECOND, burst_limit=2 * REQUESTS_A_SECOND),
        )
        resource = stage.node.default_child
        assert isinstance(resource, CfnStage)
        resource.access_log_settings = CfnStage.AccessLogSettingsProperty(
            destination_arn=logs.log_group_arn,
            format="{" + ",".join(f'"{name}":"$context.{name}"' for name in _LOGGED) + "}",
        )
        CfnOutput(self, "RestUrl", value=self.api.api_endpoint, description="Where the REST API is")

    @property
    def id(self) -> str:
        return self.api.api_id
