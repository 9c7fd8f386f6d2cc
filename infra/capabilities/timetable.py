"""Functions that run every so many minutes."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk.aws_events import Rule, RuleTargetInput, Schedule
from aws_cdk.aws_events_targets import LambdaFunction
from constructs import Construct

from infra.building_blocks.function import DeployedFunction
from sotto.core.triggers import Every


class Timetable(Construct):
    """A run that EventBridge cannot start is not made up for: the next one is due soon. What a function that ran has
    failed at ends in its own queue."""

    def __init__(self, scope: Construct, id: str, *, prefix: str, functions: Iterable[DeployedFunction]) -> None:
        super().__init__(scope, id)
        for function in functions:
            for each in function.spec.triggered_by(Every):
                name = function.spec.name.replace("_", "-")
                Rule(
                    self,
                    name,
                    rule_name=f"{prefix}{name}",
                    schedule=Schedule.rate(Duration.minutes(each.minutes)),
                    targets=[LambdaFunction(function.live, event=RuleTargetInput.from_object({}), retry_attempts=2)],
                )
