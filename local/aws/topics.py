"""The SNS topics of a deployment: one of each tenant, to which its alerts are published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

TOPIC = "sotto-alerts-{tenant}"


def create_topics(tenants: Iterable[str], sns: Any) -> dict[str, str]:
    """As the engineer. What functions are told of them."""
    arns = [sns.create_topic(Name=TOPIC.replace("{tenant}", each))["TopicArn"] for each in tenants]
    beginning = arns[0].rpartition(":")[0] if arns else "arn:aws:sns:us-east-1:123456789012"
    return {"SOTTO_ALERT_TOPIC_ARN": f"{beginning}:{TOPIC}"}
