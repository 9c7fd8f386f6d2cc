"""What the agents' panels talk to: AppSync, with people signed in by OpenID Connect and our functions by IAM."""

from __future__ import annotations

from dataclasses import replace

from aws_cdk import CfnOutput, RemovalPolicy
from aws_cdk.aws_appsync import (
    AuthorizationConfig,
    AuthorizationMode,
    AuthorizationType,
    CfnGraphQLApi,
    CfnGraphQLSchema,
    Definition,
    GraphqlApi,
    IntrospectionConfig,
    OpenIdConnectConfig,
)
from aws_cdk.aws_iam import IGrantable, PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_logs import LogGroup
from constructs import Construct
from graphql import Node, Visitor, parse, print_ast, visit

from infra.building_blocks.bundling import REPOSITORY
from infra.building_blocks.function import LOG_DAYS
from infra.building_blocks.reviewed import accept
from infra.capabilities.api_firewall import ApiFirewall
from infra.deployment import Cell, Region
from sotto.realtime.limits import QUERY_DEPTH_LIMIT, RESOLVER_COUNT_LIMIT

PANEL_API = REPOSITORY / "sotto" / "realtime"
PUBLISHING = {"publishMessage": "publish_message.js", "publishAssignment": "publish_assignment.js"}


class AgentApi(Construct):
    def __init__(self, scope: Construct, id: str, *, cell: Cell, region: Region) -> None:
        super().__init__(scope, id)
        sign_in = cell.sign_in(region)
        self.api = GraphqlApi(
            self,
            "Api",
            name=f"{cell.prefix}agents",
            definition=Definition.from_file(str(PANEL_API / "schema.graphql")),
            introspection_config=IntrospectionConfig.DISABLED,
            query_depth_limit=QUERY_DEPTH_LIMIT,
            resolver_count_limit=RESOLVER_COUNT_LIMIT,
            authorization_config=AuthorizationConfig(
                default_authorization=AuthorizationMode(
                    authorization_type=AuthorizationType.OIDC,
                    open_id_connect_config=OpenIdConnectConfig(
                        oidc_provider=sign_in.issuer, client_id=sign_in.client_id
                    ),
                ),
                additional_authorization_modes=[AuthorizationMode(authorization_type=AuthorizationType.IAM)],
            ),
            xray_enabled=True,
        )
        schema = self.api.node.find_child("Schema")
        assert isinstance(schema, CfnGraphQLSchema)
        schema.definition = deployable((PANEL_API / "schema.graphql").read_text())
        self._log(region.log_days)
        self.firewall = ApiFirewall(
            self, "Firewall", api_arn=self.api.arn, name=f"{cell.prefix}agents", calls=region.calls
        )
        CfnOutput(self, "GraphqlUrl", value=self.api.graphql_url, description="The panel's graphqlUrl")

    @property
    def url(self) -> str:
        return self.api.graphql_url

    @property
    def host(self) -> str:
        return self._resource.attr_graph_ql_dns

    @property
    def realtime_host(self) -> str:
        return self._resource.attr_realtime_dns

    @property
    def realtime_url(self) -> str:
        return self._resource.attr_realtime_url

    @property
    def _resource(self) -> CfnGraphQLApi:
        resource = self.api.node.default_child
        assert isinstance(resource, CfnGraphQLApi)
        return resource

    @property
    def id(self) -> str:
        return self.api.api_id

    def let_publish(self, who: IGrantable) -> None:
        """The mutations that only our functions may call; nothing else of the API."""
        fields = [f"types/Mutation/fields/{name}" for name in PUBLISHING]
        publish = PolicyStatement(actions=["appsync:GraphQL"], resources=[f"{self.api.arn}/{each}" for each in fields])
        who.grant_principal.add_to_principal_policy(publish)

    def _log(self, days: int) -> None:
        """By hand: the CDK's own way adds a function that sets the retention, and a managed policy."""
        logs = LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/appsync/apis/{self.api.api_id}",
            retention=LOG_DAYS[days],
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = Role(self, "LogsRole", assumed_by=ServicePrincipal("appsync.amazonaws.com"))
        write = ["logs:CreateLogStream", "logs:PutLogEvents"]
        role.add_to_policy(PolicyStatement(actions=write, resources=[logs.log_group_arn]))
        self._resource.log_config = CfnGraphQLApi.LogConfigProperty(
            cloud_watch_logs_role_arn=role.role_arn,
            field_log_level="ERROR",
            # Verbose content is arguments and answers: what was said on a call.
            exclude_verbose_content=True,
        )
        accept(self.api, "AwsSolutions-ASC3", because="Verbose content is what was said; what failed is logged.")


def deployable(schema: str) -> str:
    """The same schema without comments and descriptions: AppSync has refused descriptions as strings, and comments in
    enums. https://github.com/aws/aws-appsync-community/issues/38
    """
    return print_ast(visit(parse(schema), _WithoutDescriptions())) + "\n"


class _WithoutDescriptions(Visitor):
    def enter(self, node: Node, *_: object) -> Node | None:
        if getattr(node, "description", None) is None:
            return None
        return replace(node, description=None)  # type: ignore[call-arg]
