"""What AWS itself measures of a cell's parts."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk.aws_cloudwatch import IMetric, Metric
from aws_cdk.aws_sqs import IQueue

from infra.building_blocks.alarm import metric
from infra.building_blocks.measured import total
from infra.deployment import Cell
from sotto.resources import SOTTO


@dataclass(frozen=True, slots=True)
class AwsMetrics:
    """``queues``: of events that were given up."""

    cell: Cell
    machine_arn: str
    api_id: str
    queues: tuple[IQueue, ...]

    def function(self, name: str, what: str, statistic: str = "Sum") -> Metric:
        return metric("AWS/Lambda", what, statistic, FunctionName=self.cell.prefix + name)

    def functions(self, what: str) -> IMetric:
        return total([self.function(spec.name, what) for spec in SOTTO.functions], what)

    def calls_at_once(self) -> Metric:
        """An audio worker runs for each call."""
        return self.function("transcribe_call", "ConcurrentExecutions", "Maximum")

    def machine(self, what: str, statistic: str) -> Metric:
        return metric("AWS/States", what, statistic, StateMachineArn=self.machine_arn)

    def machines_failed(self) -> IMetric:
        return total(
            [self.machine(each, "Sum") for each in ("ExecutionsFailed", "ExecutionsTimedOut")], "executions failed"
        )

    def api(self, what: str, statistic: str) -> Metric:
        return metric("AWS/AppSync", what, statistic, GraphQLAPIId=self.api_id)

    def failed_events(self) -> IMetric:
        waiting = [
            metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", QueueName=queue.queue_name)
            for queue in self.queues
        ]
        return total(waiting, "failed events")
