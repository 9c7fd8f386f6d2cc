"""Calls of other telephone systems, which a border controller copies to a Voice Connector by SIPREC, where a region has
one. A stack of its own: Connect's calls do not depend on it. Their audio is read by the call path's own worker."""

from __future__ import annotations

import json
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
from infra.deployment import Cell, Region
from infra.stacks.call_path import CallPathStack
from sotto.core.resources import DEFAULT_BUS, resources_of


class SiprecStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        records: CallRecords,
        call_path: CallPathStack,
        topic: ITopic,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        functions = CallFunctions(self, "Functions", cell=cell, region=region, records=records, stack="siprec")
        rules = [
            DefaultBusRule(
                self, rule_id(rule), spec=rule, prefix=cell.prefix, function=functions[rule.function], key=records.key
            )
            for rule in resources_of(cell.functions_in("siprec")).rules_of(DEFAULT_BUS)
        ]
        functions.let_start_each_other()
        functions.let_show_panels(call_path.api)
        if call_path.desktops is not None:
            functions.let_show_desktops(call_path.desktops, records)
        connectors = json.dumps({each.id: each.tenant for each in cell.voice_connectors})
        for function in functions.by_name.values():
            function.knows(SOTTO_VOICE_CONNECTORS=connectors)
        if region.release == "canary":
            Releases(self, "Releases", functions=functions.by_name.values())
        queues = [each.failures for each in functions.by_name.values() if each.failures is not None]
        given_up = Trouble(
            page="siprec-events-given-up",
            says="Events of recorded calls were given up: such a call may have no guidance.",
            metric=total(
                [
                    metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", QueueName=queue.queue_name)
                    for queue in (*queues, *(rule.undelivered for rule in rules))
                ],
                "events given up",
            ),
            from_=1,
        )
        RunbookAlarm(self, "GivenUp", prefix=cell.prefix, trouble=given_up, topic=topic)
        self.add_stack_dependency(call_path)  # where the tenants' roles and the audio worker are
