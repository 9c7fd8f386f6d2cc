"""Calls that other telephone systems send by WebSocket, where a region has a media gateway. A stack of its own:
Connect's calls do not depend on it. Their audio is read by the call path's own worker."""

from __future__ import annotations

import json
from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk.aws_cloudwatch import IMetric
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble, metric
from infra.building_blocks.measured import CellMetrics, total
from infra.capabilities.call_functions import CallFunctions
from infra.capabilities.media_gateway import GatewayService
from infra.capabilities.records import CallRecords
from infra.capabilities.releases import Releases
from infra.deployment import Cell, Region
from infra.media_gateway import MediaGateway
from infra.stacks.call_path import CallPathStack
from sotto.core.metrics import measure


class MediaGatewayStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        settings: MediaGateway,
        records: CallRecords,
        call_path: CallPathStack,
        topic: ITopic,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        functions = CallFunctions(self, "Functions", cell=cell, region=region, records=records, stack="media-gateway")
        functions.let_start_each_other()
        functions.let_show_panels(call_path.api)
        if call_path.desktops is not None:
            functions.let_show_desktops(call_path.desktops, records)
        gateways = json.dumps({each.id: each.tenant for each in settings.entries})
        for function in functions.by_name.values():
            function.knows(SOTTO_MEDIA_GATEWAYS=gateways)
        if region.release == "canary":
            Releases(self, "Releases", functions=functions.by_name.values())
        service = GatewayService(
            self, "Gateway", cell=cell, settings=settings, records=records, log_days=region.log_days
        )
        queues = [each.failures for each in functions.by_name.values() if each.failures is not None]
        given_up = total(
            [
                metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", QueueName=queue.queue_name)
                for queue in queues
            ],
            "calls given up",
        )
        ours = CellMetrics(cell)
        lost = ours.of(measure.GATEWAY_SESSIONS_ENDED, outcome="lost")
        troubles = (
            Trouble(
                "gateway-audio-lost",
                "Audio of calls could not be stored.",
                lost,
                1,
                5,
                1,
            ),
            Trouble("gateway-refuses", "The media gateway refuses calls.", _refused(ours), 3, 5, 2),
            Trouble("gateway-calls-given-up", "Nobody followed calls that the media gateway told of.", given_up, 1),
        )
        for each in troubles:
            RunbookAlarm(self, each.page, prefix=cell.prefix, trouble=each, topic=topic)
        CfnOutput(self, "Address", value=service.address, description=f"What {settings.host} must be a CNAME of")
        self.add_stack_dependency(call_path)  # where the tenants' roles and the audio worker are


def _refused(ours: CellMetrics) -> IMetric:
    """But for addresses that are none: whoever looks for servers dials those."""
    reasons = ("full", "secret", "not-authenticated")
    return total([ours.of(measure.GATEWAY_REFUSED, reason=each) for each in reasons], "calls refused")
