"""Events of the account's default bus, brought to the functions whose specs have a rule for them."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk.aws_events import EventPattern, Rule
from aws_cdk.aws_events_targets import LambdaFunction
from constructs import Construct

from infra.building_blocks.function import DeployedFunction, FailedEvents
from infra.building_blocks.key import LastingKey
from sotto.core.resources import RuleSpec


class DefaultBusRule(Construct):
    """Functions themselves pass over what is not of their cell: samples of Connect's events differ in the case of their
    keys, so a pattern over the instance could lose some."""

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
                    max_event_age=Duration.seconds(spec.max_event_age_s),
                    retry_attempts=spec.retries,
                )
            ],
        )


def rule_id(spec: RuleSpec) -> str:
    """Of its construct: ``connect-contact-events`` is ContactEvents, as it was first deployed."""
    return "".join(word.title() for word in spec.name.removeprefix("connect-").split("-"))
