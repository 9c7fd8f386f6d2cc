"""Conversations of the past, out of customers' own buckets, where a region has such sources. A stack of its own: no
call waits for any of it."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble, metric
from infra.building_blocks.measured import total
from infra.capabilities.call_functions import CallFunctions
from infra.capabilities.default_bus import DefaultBusRule, rule_id
from infra.capabilities.records import CallRecords
from infra.capabilities.releases import Releases
from infra.capabilities.state_machine import Machine
from infra.deployment import Cell, Region
from infra.stacks.call_path import CallPathStack
from infra.stacks.models import ModelsStack
from sotto.core.resources import DEFAULT_BUS, resources_of


class ImportsStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        records: CallRecords,
        models: ModelsStack,
        call_path: CallPathStack,
        topic: ITopic,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        functions = CallFunctions(self, "Functions", cell=cell, region=region, records=records, stack="imports")
        needed = resources_of(cell.functions_in("imports"))
        (spec,) = needed.state_machines
        machine = Machine(
            self, "Import", spec=spec, prefix=cell.prefix, functions=functions.by_name, log_days=region.log_days
        )
        machine.let_map_apart()
        rules = [
            DefaultBusRule(
                self, rule_id(rule), spec=rule, prefix=cell.prefix, function=functions[rule.function], key=records.key
            )
            for rule in needed.rules_of(DEFAULT_BUS)
        ]
        functions.let_import(records, machine)
        functions.let_recognise(models.recogniser)
        functions.let_ask_models(models.shard)
        if region.release == "canary":
            Releases(self, "Releases", functions=functions.by_name.values())
        queues = [each.failures for each in functions.by_name.values() if each.failures is not None]
        given_up = Trouble(
            page="imports-not-started",
            says="Objects that were put below a source were not imported.",
            metric=total(
                [
                    metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", QueueName=queue.queue_name)
                    for queue in (*queues, *(rule.undelivered for rule in rules))
                ],
                "events given up",
            ),
            from_=1,
        )
        RunbookAlarm(self, "NotStarted", prefix=cell.prefix, trouble=given_up, topic=topic)
        self.add_stack_dependency(call_path)  # where the tenants' roles are
