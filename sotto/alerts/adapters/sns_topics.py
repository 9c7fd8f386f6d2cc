"""E-mails by the tenants' own SNS topics: names of rules, figures, and a link to where the rest is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from sotto.alerts.alert import Alert
from sotto.alerts.deliver import TopicUnavailable
from sotto.alerts.message import message_of
from sotto.core.errors import Retryable


class AnswerLost(Retryable):
    """Whether the topic took the message is not known."""


class SnsTopics:
    """An AlertTopic by a boto3 client of SNS, one that does not try again by itself, because a topic takes the same
    message twice. ``topic_arn`` holds ``{tenant}`` where a tenant's name belongs. ``address``: of the manager's app;
    None: no links."""

    def __init__(self, client: Any, topic_arn: str, address: str | None) -> None:
        self._client = client
        self._topic_arn = topic_arn
        self._address = address

    def publish(self, tenant: str, alerts: Sequence[Alert]) -> None:
        message = message_of(alerts, self._address)
        arn = self._topic_arn.replace("{tenant}", tenant)
        try:
            self._client.publish(TopicArn=arn, Subject=message.subject, Message=message.text)
        except (ClientError, EndpointConnectionError) as error:
            raise TopicUnavailable(f"SNS took nothing: {type(error).__name__}") from error
        except ConnectionClosedError as error:
            raise AnswerLost("SNS closed the connection before it answered") from error
        except Exception as error:
            raise AnswerLost(f"SNS gave no answer: {type(error).__name__}") from error
