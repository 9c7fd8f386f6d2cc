"""Connect's contact events on the account's default bus, brought to follow_contact."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk.aws_events import EventPattern, Rule
from aws_cdk.aws_events_targets import LambdaFunction
from constructs import Construct

from infra.building_blocks.function import DeployedFunction, FailedEvents
from infra.building_blocks.key import LastingKey
from sotto.core.resources import RuleSpec


class ContactEvents(Construct):
    """The function itself passes over instances that are not of its cell: samples of these events differ in the case of
    their keys, so a pattern over the instance could lose some."""

    def __init__(
        self, scope: Construct, id: str, *, spec: RuleSpec, prefix: str, function: DeployedFunction, key: LastingKey
    ) -> None:
        super().__init__(scope, id)
        self.undelivered = FailedEvents(self, "Undelivered", key=key)
        Rule(
            self,
            "Rule",
            rule_name=prefix + spec.name,
            event_pattern=EventPattern(source=spec.pattern["source"], detail_type=spec.pattern["detail-type"]),
            targets=[
                LambdaFunction(
                    function.live,
                    dead_letter_queue=self.undelivered,
                    max_event_age=Duration.minutes(5),
                    retry_attempts=8,
                )
            ],
        )
