"""Who answers each field of the panels' API."""

from __future__ import annotations

from aws_cdk.aws_appsync import (
    BaseDataSource,
    Code,
    FunctionRuntime,
    GraphqlApi,
    LambdaDataSource,
    NoneDataSource,
    Resolver,
)
from constructs import Construct
from graphql import GraphQLObjectType, build_schema

from infra.building_blocks.function import DeployedFunction
from infra.capabilities.agent_api import PANEL_API, PUBLISHING


class AgentFields(Construct):
    """Publishing echoes its argument to subscribers; everything else asks serve_agent."""

    def __init__(self, scope: Construct, id: str, *, api: GraphqlApi, serve_agent: DeployedFunction) -> None:
        super().__init__(scope, id)
        self._api = api
        nothing = NoneDataSource(self, "Nothing", api=api)
        agents = LambdaDataSource(self, "ServeAgent", api=api, lambda_function=serve_agent.live)
        for root, names in _root_fields().items():
            for name in names:
                if name in PUBLISHING:
                    self._resolver(nothing, root, name, PUBLISHING[name])
                else:
                    self._resolver(agents, root, name, "subscribe.js" if root == "Subscription" else "serve.js")

    def _resolver(self, source: BaseDataSource, root: str, name: str, code: str) -> None:
        Resolver(
            self,
            f"{root}{name[0].upper()}{name[1:]}",
            api=self._api,
            data_source=source,
            type_name=root,
            field_name=name,
            runtime=FunctionRuntime.JS_1_0_0,
            code=Code.from_asset(str(PANEL_API / "resolvers" / code)),
        )


def _root_fields() -> dict[str, list[str]]:
    read = [(PANEL_API / name).read_text() for name in ("appsync.graphql", "schema.graphql")]
    schema = build_schema("\n".join(read))
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    return {root.name: list(root.fields) for root in roots if isinstance(root, GraphQLObjectType)}
