"""The REST API and webhooks: serve_api, deliver_webhooks and the ``sotto keys`` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import ApiRecords
from sotto.wiring.analytics import AnalyticsParts
from sotto.wiring.imports import ImportParts
from sotto.wiring.insights import InsightParts

if TYPE_CHECKING:
    from sotto.api.adapters.dynamodb_keys import DynamoKeys
    from sotto.api.keys.use_cases import KeyPorts
    from sotto.api.rest.answer import GatePorts
    from sotto.api.usage.use_cases import UsagePorts
    from sotto.api.webhooks.use_cases import WebhookPorts
    from sotto.aws.table import Table
    from sotto.webhooks.adapters.kms_secrets import KmsSecrets
    from sotto.webhooks.send import Sender, SendPorts


class RestParts(InsightParts, AnalyticsParts, ImportParts):
    @built
    def api_table(self) -> Table:
        from sotto.aws.table import Table

        return Table(self.records("dynamodb"), self.settings.of(ApiRecords).table)

    @built
    def api_keys(self) -> DynamoKeys:
        from sotto.api.adapters.dynamodb_keys import DynamoKeys

        return DynamoKeys(self.api_table)

    @built
    def key_ports(self) -> KeyPorts:
        from sotto.api.keys.use_cases import KeyPorts
        from sotto.api.rest.routing import all_scopes

        return KeyPorts(self.api_keys, self.audit_log, self.clock, all_scopes())

    @built
    def usage_ports(self) -> UsagePorts:
        from sotto.api.usage.use_cases import UsagePorts

        return UsagePorts(lambda tenant: self.books.current(tenant).settings.budgets, self.budget_counters, self.clock)

    @built
    def webhook_keys(self) -> KmsSecrets:
        from functools import partial

        from sotto.webhooks.adapters.kms_secrets import KmsSecrets
        from sotto.wiring.stores import key_of

        return KmsSecrets(self.kms_of, partial(key_of, self._tenant_key))

    @built
    def webhook_ports(self) -> WebhookPorts:
        from sotto.api.webhooks.use_cases import WebhookPorts
        from sotto.webhooks.adapters.dynamodb_webhooks import DynamoDeliveries, DynamoEndpoints

        table = self.api_table
        return WebhookPorts(
            DynamoEndpoints(table), DynamoDeliveries(table), self.webhook_keys, self.audit_log, self.clock
        )

    @built
    def webhook_sender(self) -> Sender:
        from sotto.webhooks.adapters.https_sender import HttpsSender

        return HttpsSender()

    @built
    def webhook_send_ports(self) -> SendPorts:
        from random import random

        from sotto.core.metrics.measure import WEBHOOKS
        from sotto.webhooks.send import SendPorts

        def noted(outcome: str) -> None:
            self.metrics.add(WEBHOOKS, outcome=outcome)

        of_api = self.webhook_ports
        return SendPorts(
            of_api.endpoints,
            of_api.deliveries,
            of_api.keys,
            self.webhook_sender,
            self.audit_log,
            self.clock,
            random,
            noted,
        )

    @built
    def gate_ports(self) -> GatePorts:
        from sotto.api.adapters.dynamodb_requests import DynamoRequests, DynamoWrites
        from sotto.api.keys.authorise import DoorPorts, Uses
        from sotto.api.rest.answer import GatePorts
        from sotto.api.rest.route import ApiPorts

        door = DoorPorts(self.api_keys, self.tokens, self.signed_tenants, self.admission_directory, self.clock, Uses())
        api = ApiPorts(
            panel=lambda: self.agent_ports,
            keys=lambda: self.key_ports,
            privacy=lambda: self.privacy_ports,
            figures=lambda: self.figure_ports,
            webhooks=lambda: self.webhook_ports,
            insights=lambda: self.insight_ports,
            usage=lambda: self.usage_ports,
            imports=lambda: self.managed_imports,
        )
        return GatePorts(
            door,
            DynamoRequests(self.api_table),
            DynamoWrites(self.api_table),
            self.clock,
            api,
            self._request_failed,
        )

    def _request_failed(self, error: Exception) -> None:
        from sotto.wiring.unquoted import unquoted

        self.logger("serve_api").error("request failed", extra={"error": unquoted(error)})
