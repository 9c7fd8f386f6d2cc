"""What is settled about conversations, as events: from the outbox by a pipe to a bus, from there to who subscribes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import Duration, Stack
from aws_cdk.aws_events import EventBus, EventPattern, Rule
from aws_cdk.aws_events_targets import LambdaFunction
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_pipes import CfnPipe
from constructs import Construct

from infra.building_blocks.function import DeployedFunction, FailedEvents
from infra.building_blocks.key import DECRYPT, ENCRYPT, LastingKey
from infra.capabilities.records import CallRecords
from infra.deployment import Cell
from sotto.core.resources import PipeSpec, RuleSpec

_READ = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")


def bus_name(cell: Cell, name: str) -> str:
    """A cell's own, in its region: events name tenants and contacts, and stay where their records are."""
    return cell.prefix + name.removeprefix("sotto-")


class ConversationEvents(Construct):
    """The bus, and the pipe that fills it. They live with the table: an event is on its stream for a day only."""

    def __init__(self, scope: Construct, id: str, *, cell: Cell, records: CallRecords, spec: PipeSpec) -> None:
        super().__init__(scope, id)
        self._name = cell.prefix + spec.name
        self.undelivered = FailedEvents(self, "Undelivered", key=records.key)
        self.bus = EventBus(
            self,
            "Bus",
            event_bus_name=bus_name(cell, spec.bus),
            description=f"Sotto {cell.title}: what is settled about conversations",
            kms_key=records.key,
            dead_letter_queue=self.undelivered,
        )
        self._let_bus_give_up()
        stream = records.stream_of(spec.table)
        pipe = self._pipe(spec, stream, self._role(stream, records.key))
        pipe.node.add_dependency(self._carrier)

    def _let_bus_give_up(self) -> None:
        """By hand: the CDK names the queue in the bus and leaves the right to it to others."""
        self.undelivered.add_to_resource_policy(
            PolicyStatement(
                principals=[ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.undelivered.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": self.bus.event_bus_arn}},
            )
        )

    def _role(self, stream: str, key: LastingKey) -> Role:
        stack = Stack.of(self)
        pipe_arn = stack.format_arn(service="pipes", resource="pipe", resource_name=self._name)
        only = {"StringEquals": {"aws:SourceAccount": stack.account, "aws:SourceArn": pipe_arn}}
        role = self._carrier = Role(self, "Role", assumed_by=ServicePrincipal("pipes.amazonaws.com", conditions=only))
        self._let(role, [f"dynamodb:{action}" for action in _READ], stream)
        self._let(role, ["events:PutEvents"], self.bus.event_bus_arn)
        self._let(role, ["sqs:SendMessage"], self.undelivered.queue_arn)
        key.let_use_through("dynamodb", role, DECRYPT)
        key.let_use_through("sqs", role, ENCRYPT)
        return role

    def _pipe(self, spec: PipeSpec, stream: str, role: Role) -> CfnPipe:
        """The dead letters say where in the stream what was given up lies, not what it says."""
        source = CfnPipe.PipeSourceDynamoDBStreamParametersProperty(
            starting_position="TRIM_HORIZON",
            batch_size=spec.batch_size,
            maximum_retry_attempts=spec.retries,
            maximum_record_age_in_seconds=spec.max_record_age_s,
            on_partial_batch_item_failure="AUTOMATIC_BISECT",
            dead_letter_config=CfnPipe.DeadLetterConfigProperty(arn=self.undelivered.queue_arn),
        )
        taken = CfnPipe.FilterProperty(pattern=json.dumps(dict(spec.pattern)))
        return CfnPipe(
            self,
            "Pipe",
            name=self._name,
            role_arn=role.role_arn,
            source=stream,
            source_parameters=CfnPipe.PipeSourceParametersProperty(
                filter_criteria=CfnPipe.FilterCriteriaProperty(filters=[taken]),
                dynamo_db_stream_parameters=source,
            ),
            target=self.bus.event_bus_arn,
            target_parameters=CfnPipe.PipeTargetParametersProperty(
                input_template=spec.template,
                event_bridge_event_bus_parameters=CfnPipe.PipeTargetEventBridgeEventBusParametersProperty(
                    detail_type=spec.path_of(spec.type_field), source=spec.source
                ),
            ),
        )

    @staticmethod
    def _let(role: Role, actions: list[str], resource: str) -> None:
        role.add_to_policy(PolicyStatement(actions=actions, resources=[resource]))


class Subscriptions(Construct):
    """A rule for each function that consumes events, each with dead letters of its own."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        bus: str,
        rules: tuple[RuleSpec, ...],
        functions: Mapping[str, DeployedFunction],
        key: LastingKey,
    ) -> None:
        super().__init__(scope, id)
        self._bus = EventBus.from_event_bus_name(self, "Bus", bus_name(cell, bus))
        self.undelivered = {rule.name: self._subscribe(rule, cell, functions[rule.function], key) for rule in rules}

    def _subscribe(self, rule: RuleSpec, cell: Cell, function: DeployedFunction, key: LastingKey) -> FailedEvents:
        title = "".join(word.title() for word in rule.function.split("_"))
        undelivered = FailedEvents(self, f"{title}Undelivered", key=key)
        target = LambdaFunction(
            function.live,
            dead_letter_queue=undelivered,
            max_event_age=Duration.seconds(rule.max_event_age_s),
            retry_attempts=rule.retries,
        )
        Rule(
            self,
            title,
            rule_name=cell.prefix + rule.name,
            event_bus=self._bus,
            event_pattern=EventPattern(source=rule.pattern["source"], detail_type=rule.pattern["detail-type"]),
            targets=[target],
        )
        return undelivered
