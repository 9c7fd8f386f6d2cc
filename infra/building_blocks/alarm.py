"""Alarms that say what to do: each has a page in docs/runbook named as the alarm is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk.aws_cloudwatch import Alarm, ComparisonOperator, IMetric, Metric, TreatMissingData
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_sns import ITopic, Topic
from aws_cdk.aws_sns_subscriptions import EmailSubscription
from constructs import Construct

from infra.building_blocks.key import LastingKey

MINUTE = Duration.minutes(1)
_RISES = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
_FALLS = ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD


@dataclass(frozen=True, slots=True)
class Trouble:
    """``page``: the runbook's. Raised when ``metric`` is at least ``from_`` in ``of_minutes`` of ``minutes``.
    ``group``: where several alarms share a page, because one adds up at most ten metrics. ``falls``: raised when it is
    at most that."""

    page: str
    says: str
    metric: IMetric
    from_: float
    minutes: int = 5
    of_minutes: int = 3
    group: int = 0
    falls: bool = False

    @property
    def name(self) -> str:
        return f"{self.page}-{self.group + 1}" if self.group else self.page


class RunbookAlarm(Alarm):
    def __init__(self, scope: Construct, id: str, *, prefix: str, trouble: Trouble, topic: ITopic) -> None:
        super().__init__(
            scope,
            id,
            alarm_name=prefix + trouble.name,
            alarm_description=f"{trouble.says} What to do: docs/runbook/{trouble.page}.md",
            metric=trouble.metric,
            threshold=trouble.from_,
            evaluation_periods=trouble.minutes,
            datapoints_to_alarm=trouble.of_minutes,
            comparison_operator=_FALLS if trouble.falls else _RISES,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        )
        self.add_alarm_action(SnsAction(topic))
        self.add_ok_action(SnsAction(topic))


class AlarmTopic(Topic):
    """Where alarms are sent. TLS only, under the cell's key."""

    def __init__(self, scope: Construct, id: str, *, key: LastingKey, emails: tuple[str, ...], account: str) -> None:
        super().__init__(scope, id, master_key=key, enforce_ssl=True)
        for email in emails:
            self.add_subscription(EmailSubscription(email))
        # A topic with any policy of its own has lost the default one, by which alarms could publish.
        self.add_to_resource_policy(
            PolicyStatement(
                principals=[ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": account}},
            )
        )


def metric(namespace: str, name: str, statistic: str, **dimensions: Any) -> Metric:
    """By the minute."""
    return Metric(
        namespace=namespace, metric_name=name, statistic=statistic, period=MINUTE, dimensions_map=dimensions or None
    )
