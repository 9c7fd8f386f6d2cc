"""What is watched while calls are guided: alarms with a runbook each, and a dashboard for the cell."""

from __future__ import annotations

import math

from aws_cdk.aws_cloudwatch import (
    Dashboard,
    GraphWidget,
    IMetric,
    MathExpression,
    Metric,
    SingleValueWidget,
    TextWidget,
)
from aws_cdk.aws_sns import ITopic
from aws_cdk.aws_sqs import IQueue
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble, metric
from infra.capabilities.log_metrics import LogMetrics
from infra.capabilities.shard import Shard
from infra.deployment import Cell, Region
from sotto.resources import SOTTO

GUIDANCE_LATE_MS = 500
"""Of the 1.5 s from the last spoken word to the screen, Kinesis Video takes about 1 s: all models have the rest."""
NEAR = 0.8
_WIDE, _HALF, _THIRD = 24, 12, 8


class CallWatch(Construct):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        machine_arn: str,
        api_id: str,
        shard: Shard,
        queues: dict[str, IQueue],
        tell: ITopic,
    ) -> None:
        super().__init__(scope, id)
        self._cell = cell
        self._machine_arn = machine_arn
        self._api_id = api_id
        self._shard = shard
        self._logs = LogMetrics(self, "Logs", cell=cell).metrics
        self._failed = [metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", QueueName=queue.queue_name)
                        for queue in queues.values()]  # fmt: skip
        for trouble in self._troubles(region):
            RunbookAlarm(self, trouble.page, prefix=cell.prefix, trouble=trouble, tell=tell)
        self._dashboard(region)

    def _troubles(self, region: Region) -> list[Trouble]:
        calls = max(1, math.floor(NEAR * region.calls))
        return [
            Trouble("guidance-unavailable", "Calls begin without guidance.", self._logs["GuidanceUnavailable"], 1),
            Trouble("audio-worker-failed", "Audio workers crash.", self._of("transcribe_call", "Errors"), 1, 5, 1),
            Trouble("media-not-heard", "Media streams cannot be read.", self._logs["MediaConnectionsFailed"], 5),
            Trouble("guidance-late", "Guidance comes late.", self._machine("ExecutionTime", "p95"), GUIDANCE_LATE_MS),
            Trouble("guidance-failed", "Utterances go without guidance.", self._machines_failed(), 1),
            Trouble("agents-not-told", "Panels miss what was found.", self._logs["NotDelivered"], 5),
            Trouble("agents-api-errors", "The panel's API fails.", self._api("5XXError", "Sum"), 5),
            Trouble("failed-events", "Events were given up.", self._sum(self._failed, "failed events"), 1, 1, 1),
            Trouble("functions-throttled", "Functions are throttled.", self._all("Throttles"), 1),
            Trouble("calls-near-limit", "More calls than planned for.", self._calls_at_once(), calls, 5, 5),
        ]

    def _dashboard(self, region: Region) -> None:
        board = Dashboard(self, "Dashboard", dashboard_name=f"{self._cell.prefix}calls".replace("_", "-"))
        title = f"# Sotto: {self._cell.title}, {self._cell.region}\nTenants: {', '.join(self._cell.tenants)}"
        board.add_widgets(TextWidget(markdown=title, width=_WIDE, height=2))
        board.add_widgets(
            SingleValueWidget(title="Calls now", metrics=[self._calls_at_once()], width=_THIRD),
            SingleValueWidget(title="Failed events", metrics=[self._sum(self._failed, "failed")], width=_THIRD),
            SingleValueWidget(title="Guidance p95 (ms)", metrics=[self._machine("ExecutionTime", "p95")], width=_THIRD),
        )
        started = [self._logs[name] for name in ("GuidanceStarted", "GuidanceSkipped", "GuidanceUnavailable")]
        heard = [self._logs[name] for name in ("CallsHeard", "WorkersSuperseded", "MediaConnectionsFailed")]
        board.add_widgets(_graph("Guidance asked for", started), _graph("Audio workers", heard))
        machine = [self._machine("ExecutionTime", statistic) for statistic in ("p50", "p90", "p99")]
        stages = ("orchestrate_utterance", "route_inference", "deliver_annotations")
        board.add_widgets(
            _graph("One utterance, all waves (ms)", machine),
            _graph("Stages, p95 (ms)", [self._of(name, "Duration", "p95") for name in stages]),
        )
        latency = [self._shard.metric("ModelLatency", statistic=statistic) for statistic in ("p50", "p90", "p99")]
        loaded = [self._shard.metric("LoadedModelCount", statistic="Average")]
        board.add_widgets(_graph("Models (µs)", latency), _graph("Models resident", loaded))
        board.add_widgets(
            _graph("Panel's API (ms)", [self._api("Latency", "p95")]),
            _graph("Errors", [self._all("Errors"), self._api("5XXError", "Sum"), self._machines_failed()]),
        )

    def _of(self, function: str, name: str, statistic: str = "Sum") -> Metric:
        return metric("AWS/Lambda", name, statistic, FunctionName=self._cell.prefix + function)

    def _all(self, name: str) -> IMetric:
        return self._sum([self._of(spec.name, name) for spec in SOTTO.functions], name.lower())

    def _calls_at_once(self) -> Metric:
        """An audio worker runs for each call."""
        return self._of("transcribe_call", "ConcurrentExecutions", "Maximum")

    def _machine(self, name: str, statistic: str) -> Metric:
        return metric("AWS/States", name, statistic, StateMachineArn=self._machine_arn)

    def _machines_failed(self) -> IMetric:
        failed = [self._machine(name, "Sum") for name in ("ExecutionsFailed", "ExecutionsTimedOut")]
        return self._sum(failed, "executions failed")

    def _api(self, name: str, statistic: str) -> Metric:
        return metric("AWS/AppSync", name, statistic, GraphQLAPIId=self._api_id)

    @staticmethod
    def _sum(metrics: list[Metric], label: str) -> IMetric:
        named = {f"{label.replace(' ', '_')}_{at}": each for at, each in enumerate(metrics)}
        expression = " + ".join(f"FILL({name}, 0)" for name in named)
        period = metrics[0].period
        return MathExpression(expression=expression, using_metrics=named, label=label, period=period)


def _graph(title: str, metrics: list[IMetric] | list[Metric]) -> GraphWidget:
    return GraphWidget(title=title, left=list(metrics), width=_HALF)
