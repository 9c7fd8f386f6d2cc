"""Where the tenants' alerts are published, and to whom they go from there by e-mail."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import Stack
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sns_subscriptions import EmailSubscription
from constructs import Construct

from infra.building_blocks.function import DeployedFunction
from infra.building_blocks.key import ENCRYPT
from infra.capabilities.records import CallRecords
from infra.deployment import Cell


class AlertTopics(Construct):
    """A topic for each tenant, TLS only, under the tenant's own key. Nobody subscribes to another tenant's: who gets
    e-mails stands in the deployment file, and each address confirms its subscription."""

    def __init__(self, scope: Construct, id: str, *, cell: Cell, records: CallRecords) -> None:
        super().__init__(scope, id)
        self._cell = cell
        self._keys = {tenant: records.media_keys[tenant] for tenant in cell.tenants}
        self._topics = {tenant: self._topic(tenant) for tenant in cell.tenants}

    def let_publish(self, functions: Iterable[DeployedFunction], manager_url: str) -> None:
        """``manager_url``: where the links of messages lead."""
        stack = Stack.of(self)
        arn = stack.format_arn(service="sns", resource=self._name("{tenant}"))
        for function in functions:
            function.knows(SOTTO_ALERT_TOPIC_ARN=arn, SOTTO_MANAGER_URL=manager_url)
            function.may(["sns:Publish"], [topic.topic_arn for topic in self._topics.values()])
            for key in self._keys.values():
                key.let_use_through("sns", function.role, ENCRYPT)

    def _topic(self, tenant: str) -> Topic:
        topic = Topic(self, tenant, topic_name=self._name(tenant), master_key=self._keys[tenant], enforce_ssl=True)
        for email in self._cell.tenants[tenant].alert_emails:
            topic.add_subscription(EmailSubscription(email))
        return topic

    def _name(self, tenant: str) -> str:
        return f"{self._cell.prefix}alerts-{tenant}"
