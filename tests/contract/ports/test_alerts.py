"""Contract tests: rules, alerts and topics, in memory and in the emulated account."""

from __future__ import annotations

import json
from collections.abc import Callable

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns import sns_backends

from local.aws.topics import create_topics
from sotto.alerts.adapters.dynamodb_alerts import DynamoAlertRules, DynamoAlerts
from sotto.alerts.adapters.sns_topics import SnsTopics
from sotto.alerts.deliver import AlertTopic, TopicUnavailable
from sotto.alerts.store import AlertStore, RuleStore
from sotto.aws import keys
from sotto.aws.table import Table
from tests.contract.ports.alerts_contract import (
    AlertStoreContract,
    AlertTopicContract,
    RuleStoreContract,
    SendingStoreContract,
    any_alert,
)
from tests.contract.ports.conftest import REGION
from tests.fakes.alerts import AlertRulesInMemory, AlertsInMemory, TopicsInMemory
from tests.fakes.retention import KeptUntil

Announced = Callable[[], list[str]]


class TestAlertRulesInMemory(RuleStoreContract):
    @pytest.fixture
    def rules(self) -> RuleStore:
        return AlertRulesInMemory()


class TestDynamoAlertRules(RuleStoreContract):
    @pytest.fixture
    def rules(self, table: Table) -> RuleStore:
        return DynamoAlertRules(table)


class TestAlertsInMemory(AlertStoreContract, SendingStoreContract):
    @pytest.fixture
    def alerts(self) -> AlertStore:
        return AlertsInMemory()

    @pytest.fixture
    def announced(self, alerts: AlertsInMemory) -> Announced:
        return lambda: [each.name for each in alerts.events]


class TestDynamoAlerts(AlertStoreContract, SendingStoreContract):
    @pytest.fixture
    def alerts(self, table: Table) -> AlertStore:
        return DynamoAlerts(table, KeptUntil())

    @pytest.fixture
    def announced(self, table: Table) -> Announced:
        def names() -> list[str]:
            pk = keys.of_contact("bank", any_alert().id)
            return [item["sk"].removeprefix(keys.EVENT) for item in table.between(pk, keys.EVENT, f"{keys.EVENT}~")]

        return names


class TestTopicsInMemory(AlertTopicContract):
    @pytest.fixture
    def topics(self) -> AlertTopic:
        return TopicsInMemory()

    @pytest.fixture
    def received(self, topics: TopicsInMemory) -> Callable[[], int]:
        return lambda: sum(tenant == "bank" for tenant, _ in topics.published)


class TestSnsTopics(AlertTopicContract):
    @pytest.fixture
    def arn(self, aws: boto3.Session) -> str:
        return create_topics(["bank", "garage"], aws.client("sns"))["SOTTO_ALERT_TOPIC_ARN"]

    @pytest.fixture
    def topics(self, aws: boto3.Session, arn: str) -> AlertTopic:
        return SnsTopics(aws.client("sns"), arn, "https://panel.example.com/manager/")

    @pytest.fixture
    def received(self, arn: str) -> Callable[[], int]:
        topic = sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics[arn.replace("{tenant}", "bank")]
        return lambda: len(topic.sent_notifications)

    def test_a_message_names_rule_figure_and_link_and_nothing_else(
        self, topics: AlertTopic, received: Callable[[], int], arn: str
    ) -> None:
        topics.publish("bank", [any_alert(value=512.0, level=400.0)])
        topic = sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics[arn.replace("{tenant}", "bank")]
        _, message, subject, attributes, _ = topic.sent_notifications[0]
        assert subject == "Alert: Long calls" and not attributes
        link = f"https://panel.example.com/manager/#/alerts/{any_alert().id}"
        assert message == f"Long calls\n512, above 400\n{link}\n"
        assert not any(word in json.dumps(message) for word in ("service", "billing", "bank"))

    def test_of_a_topic_that_is_not_there_it_is_certain_that_nothing_went_out(
        self, aws: boto3.Session, arn: str
    ) -> None:
        topics = SnsTopics(aws.client("sns"), arn + "-gone", None)
        with pytest.raises(TopicUnavailable):
            topics.publish("bank", [any_alert()])
