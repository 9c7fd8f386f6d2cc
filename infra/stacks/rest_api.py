"""The REST API, where a region asks for it. A stack of its own: calls do not depend on it, and it may go any time."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble, metric
from infra.building_blocks.measured import total
from infra.capabilities.call_functions import CallFunctions
from infra.capabilities.event_bus import Subscriptions
from infra.capabilities.http_api import RestApi
from infra.capabilities.records import CallRecords
from infra.capabilities.timetable import Timetable
from infra.deployment import Cell, Region
from infra.stacks.call_path import CallPathStack
from infra.stacks.models import ModelsStack
from sotto.core.resources import EVENTS, resources_of
from sotto.core.triggers import HttpRoutes


class RestApiStack(Stack):
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
        functions = CallFunctions(self, "Functions", cell=cell, region=region, records=records, stack="rest-api")
        self.api = RestApi(self, "Rest", cell=cell, region=region, function=functions.triggered_by(HttpRoutes))
        Timetable(self, "Timetable", prefix=cell.prefix, functions=functions.by_name.values())
        subscriptions = Subscriptions(
            self,
            "Subscriptions",
            cell=cell,
            bus=EVENTS,
            rules=resources_of(cell.functions_in("rest-api")).rules_of(EVENTS),
            functions=functions.by_name,
            key=records.key,
        )
        functions.let_sign_in()
        functions.let_keep_recordings(records)
        functions.let_ask_models(models.shard)
        functions.let_write_texts(models.writer or models.shard)
        functions.let_review(call_path.review)
        functions.let_import(records)
        functions.let_show_panels(call_path.api)
        if call_path.desktops is not None:
            functions.let_show_desktops(call_path.desktops, records)
        failing = Trouble(
            page="rest-api-fails",
            says="Requests of other systems fail by our fault.",
            metric=metric("AWS/ApiGateway", "5xx", "Sum", ApiId=self.api.id),
            from_=5,
        )
        RunbookAlarm(self, "Fails", prefix=cell.prefix, trouble=failing, topic=topic)
        queues = [each.failures for each in functions.by_name.values() if each.failures is not None]
        unsent = Trouble(
            page="webhooks-unsent",
            says="Events for webhooks were given up before they were stored.",
            metric=total(
                [
                    metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", QueueName=queue.queue_name)
                    for queue in (*queues, *subscriptions.undelivered.values())
                ],
                "events given up",
            ),
            from_=1,
        )
        RunbookAlarm(self, "Unsent", prefix=cell.prefix, trouble=unsent, topic=topic)
        self.add_stack_dependency(call_path)
