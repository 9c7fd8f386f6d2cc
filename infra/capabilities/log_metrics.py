"""Figures that only our own log lines tell, counted from them. What was said or by whom is in none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk.aws_cloudwatch import Metric
from aws_cdk.aws_logs import FilterPattern, LogGroup, MetricFilter
from constructs import Construct

from infra.building_blocks.alarm import metric
from infra.deployment import Cell

NAMESPACE = "Sotto"


@dataclass(frozen=True, slots=True)
class LogLine:
    """``message``: of the log line; ``where``: other fields that it must have."""

    metric: str
    function: str
    message: str
    where: Mapping[str, str]


LINES = (
    LogLine("GuidanceStarted", "start_guidance", "guidance asked for", {"guidance": "started"}),
    LogLine("GuidanceSkipped", "start_guidance", "guidance asked for", {"guidance": "skipped"}),
    LogLine("GuidanceUnavailable", "start_guidance", "guidance asked for", {"guidance": "unavailable"}),
    LogLine("CallsHeard", "transcribe_call", "worker ended", {"how": "finished"}),
    LogLine("WorkersSuperseded", "transcribe_call", "worker ended", {"how": "superseded"}),
    LogLine("MediaConnectionsFailed", "transcribe_call", "media connection failed", {}),
    LogLine("NotTold", "transcribe_call", "not told", {}),
    LogLine("NotDelivered", "deliver_annotations", "not told", {}),
    LogLine("RequestsRefused", "serve_agent", "request refused", {}),
)


class LogMetrics(Construct):
    """``metrics[name]`` sums by the minute. Their names begin with the cell, so that cells do not add up."""

    def __init__(self, scope: Construct, id: str, *, cell: Cell) -> None:
        super().__init__(scope, id)
        self.metrics: dict[str, Metric] = {}
        for line in LINES:
            name = f"{cell.title}/{line.metric}"
            conditions = [FilterPattern.string_value("$.message", "=", line.message)]
            conditions += [FilterPattern.string_value(f"$.{key}", "=", value) for key, value in line.where.items()]
            MetricFilter(
                self,
                line.metric,
                log_group=LogGroup.from_log_group_name(
                    self, f"{line.metric}Logs", f"/aws/lambda/{cell.prefix}{line.function}"
                ),
                filter_pattern=FilterPattern.all(*conditions),
                metric_namespace=NAMESPACE,
                metric_name=name,
                metric_value="1",
            )
            self.metrics[line.metric] = metric(NAMESPACE, name, "Sum")
