"""The fields of the panels' API. A stack of their own: with one resource for each they would fill the call path's, and
CloudFormation takes 500 in a stack."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.capabilities.agent_fields import AgentFields
from infra.stacks.call_path import CallPathStack
from sotto.core.triggers import GraphQLFields


class PanelFieldsStack(Stack):
    def __init__(self, scope: Construct, id: str, *, call_path: CallPathStack, **stack: Any) -> None:
        super().__init__(scope, id, **stack)
        serve_agent = call_path.functions.triggered_by(GraphQLFields)
        AgentFields(self, "Fields", api=call_path.api.api, serve_agent=serve_agent)
