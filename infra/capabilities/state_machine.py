"""A state machine, and the functions it may call."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk.aws_iam import IGrantable, Policy, PolicyStatement
from aws_cdk.aws_logs import LogGroup
from aws_cdk.aws_stepfunctions import DefinitionBody, LogLevel, LogOptions, StateMachine, StateMachineType
from constructs import Construct

from infra.building_blocks.bundling import REPOSITORY
from infra.building_blocks.function import LOG_DAYS, DeployedFunction
from infra.building_blocks.reviewed import accept
from sotto.core.resources import StateMachineSpec


class Machine(Construct):
    """Its log names states and errors. What they worked on is what was said, so execution data is never logged."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        spec: StateMachineSpec,
        prefix: str,
        functions: Mapping[str, DeployedFunction],
        log_days: int,
    ) -> None:
        super().__init__(scope, id)
        self._name = prefix + spec.name
        called = {name: functions[name] for name in spec.functions}
        self.logs = LogGroup(
            self,
            "Logs",
            # Names that begin so spare the role's policy: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
            log_group_name=f"/aws/vendedlogs/states/{prefix}{spec.name}",
            retention=LOG_DAYS[log_days],
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.machine = StateMachine(
            self,
            "Machine",
            state_machine_name=self._name,
            state_machine_type=StateMachineType.EXPRESS if spec.express else StateMachineType.STANDARD,
            definition_body=DefinitionBody.from_string((REPOSITORY / spec.definition).read_text()),
            definition_substitutions=spec.substituted(
                {name: function.live.function_arn for name, function in called.items()}
            ),
            tracing_enabled=True,
            logs=LogOptions(destination=self.logs, level=LogLevel.ERROR, include_execution_data=False),
        )
        for function in called.values():
            self._let_call(function)
        accept(
            self.machine, "AwsSolutions-SF1", because="Level ALL would log every execution's states; errors suffice."
        )
        self._accept_log_delivery()

    @property
    def arn(self) -> str:
        return self.machine.state_machine_arn

    def let_start(self, who: IGrantable) -> None:
        self.machine.grant_start_execution(who)

    def let_map_apart(self) -> None:
        """Its Map states run executions of its own for their items.
        https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html"""
        stack = Stack.of(self)
        own = stack.format_arn(
            service="states",
            resource="stateMachine",
            resource_name=self._name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        runs = stack.format_arn(
            service="states",
            resource="execution",
            resource_name=f"{self._name}/*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        # A policy beside the machine: its own would make the machine depend on itself.
        apart = Policy(
            self,
            "MapApart",
            statements=[
                PolicyStatement(actions=["states:StartExecution"], resources=[own]),
                PolicyStatement(actions=["states:DescribeExecution", "states:StopExecution"], resources=[runs]),
            ],
        )
        apart.attach_to_role(self.machine.role)
        named = f"arn:<AWS::Partition>:states:{stack.region}:{stack.account}:execution:{self._name}/*"
        accept(apart, f"AwsSolutions-IAM5[Resource::{named}]", because="Each execution of this machine's maps.")

    def let_answer(self, who: IGrantable) -> None:
        """Its tasks that wait for a token's answer; a token belongs to one execution."""
        # By name: a function that the machine calls would else wait for the machine, which waits for the function.
        arn = Stack.of(self).format_arn(
            service="states",
            resource="stateMachine",
            resource_name=self._name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        answers = PolicyStatement(actions=["states:SendTaskSuccess", "states:SendTaskHeartbeat"], resources=[arn])
        who.grant_principal.add_to_principal_policy(answers)

    def _let_call(self, function: DeployedFunction) -> None:
        call = PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.live.function_arn])
        self.machine.add_to_role_policy(call)

    def _accept_log_delivery(self) -> None:
        because = "Log delivery and X-Ray know no resources; the rest of this role's policy names its functions."
        accept(self.machine.role, "AwsSolutions-IAM5[Resource::*]", because=because)
