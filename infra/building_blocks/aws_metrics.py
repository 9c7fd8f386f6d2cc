"""What AWS itself measures of a cell's parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from aws_cdk.aws_cloudwatch import IMetric, Metric
from aws_cdk.aws_sqs import IQueue

from functions.specs import deployed, of_channel
from infra.building_blocks.alarm import metric
from infra.building_blocks.measured import total
from infra.deployment import Cell
from sotto.core.function_spec import FunctionSpec

MOST_IN_AN_ALARM = 10
"""Metrics that one alarm adds up."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AwsMetrics:
    """``queues``: of events that a function failed; ``undelivered``: of those that reached none. ``desktops``: id and
    stage of the WebSocket API, where there is one. ``after_call_arns``: of the machines that work after calls."""

    cell: Cell
    machine_arn: str
    after_call_arns: tuple[str, ...]
    api_id: str
    queues: tuple[IQueue, ...]
    undelivered: tuple[IQueue, ...]
    desktops: tuple[str, str] | None = None

    def function(self, name: str, what: str, statistic: str = "Sum") -> Metric:
        return metric("AWS/Lambda", what, statistic, FunctionName=self.cell.prefix + name)

    def functions(self, what: str) -> IMetric:
        return self._of_all(deployed().functions, what)

    def functions_in_groups(self, what: str) -> list[IMetric]:
        """For alarms."""
        return [self._of_all(each, what) for each in _in_groups(deployed().functions)]

    def desktop_functions(self, what: str) -> IMetric:
        return self._of_all(of_channel("websocket").functions, what)

    def _of_all(self, functions: Sequence[FunctionSpec], what: str) -> IMetric:
        return total([self.function(spec.name, what) for spec in functions], what)

    def calls_at_once(self) -> Metric:
        """An audio worker runs for each call."""
        return self.function("transcribe_call", "ConcurrentExecutions", "Maximum")

    def machine(self, what: str, statistic: str) -> Metric:
        return metric("AWS/States", what, statistic, StateMachineArn=self.machine_arn)

    def machines_failed(self) -> IMetric:
        return total(
            [self.machine(each, "Sum") for each in ("ExecutionsFailed", "ExecutionsTimedOut")], "executions failed"
        )

    def after_call_failed(self) -> IMetric:
        """Executions that ended before their steps: a step that fails fails nothing but itself. And reviews whose end
        nobody noted."""
        failed = [
            metric("AWS/States", each, "Sum", StateMachineArn=arn)
            for arn in self.after_call_arns
            for each in ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")
        ]
        return total(failed, "work after calls failed")

    def rounds_failed(self) -> IMetric:
        """In the function that runs quick graphs, or in the machine that runs the others."""
        failed = [self.machine(each, "Sum") for each in ("ExecutionsFailed", "ExecutionsTimedOut")]
        return total([self.function("orchestrate_utterance", "Errors"), *failed], "rounds failed")

    def api(self, what: str, statistic: str) -> Metric:
        return metric("AWS/AppSync", what, statistic, GraphQLAPIId=self.api_id)

    def desktops_api(self, what: str, statistic: str = "Sum") -> Metric:
        """https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html"""
        assert self.desktops is not None
        api, stage = self.desktops
        return metric("AWS/ApiGateway", what, statistic, ApiId=api, Stage=stage)

    def failed_events(self) -> IMetric:
        return _waiting_in(self.queues, "failed events")

    def failed_events_in_groups(self) -> list[IMetric]:
        """For alarms."""
        return [_waiting_in(each, "failed events") for each in _in_groups(self.queues)]

    def undelivered_events_in_groups(self) -> list[IMetric]:
        """For alarms."""
        return [_waiting_in(each, "undelivered events") for each in _in_groups(self.undelivered)]


def _waiting_in(queues: Sequence[IQueue], label: str) -> IMetric:
    waiting = [
        metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", QueueName=queue.queue_name)
        for queue in queues
    ]
    return total(waiting, label)


def _in_groups(all_of_them: Sequence[T]) -> list[Sequence[T]]:
    return [all_of_them[at : at + MOST_IN_AN_ALARM] for at in range(0, len(all_of_them), MOST_IN_AN_ALARM)]
