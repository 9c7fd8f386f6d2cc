"""Contract tests: webhooks, in memory and in the emulated account."""

from __future__ import annotations

import boto3
import pytest

from local.aws.keys import create_keys
from sotto.aws.table import Table
from sotto.webhooks.adapters.dynamodb_webhooks import DynamoDeliveries, DynamoEndpoints
from sotto.webhooks.adapters.kms_secrets import KmsSecrets
from sotto.webhooks.delivery import Deliveries
from sotto.webhooks.endpoint import Endpoints, SecretKeys
from tests.contract.ports.webhooks_contract import DeliveriesContract, EndpointsContract, SecretKeysContract
from tests.fakes.webhooks import DeliveriesInMemory, EndpointsInMemory, KeysInClear


class TestEndpointsInMemory(EndpointsContract):
    @pytest.fixture
    def endpoints(self) -> Endpoints:
        return EndpointsInMemory()


class TestDynamoEndpoints(EndpointsContract):
    @pytest.fixture
    def endpoints(self, table: Table) -> Endpoints:
        return DynamoEndpoints(table)


class TestDeliveriesInMemory(DeliveriesContract):
    @pytest.fixture
    def deliveries(self) -> Deliveries:
        return DeliveriesInMemory()


class TestDynamoDeliveries(DeliveriesContract):
    @pytest.fixture
    def deliveries(self, table: Table) -> Deliveries:
        return DynamoDeliveries(table)


class TestKeysInClear(SecretKeysContract):
    @pytest.fixture
    def secret_keys(self) -> SecretKeys:
        return KeysInClear()


class TestKmsSecrets(SecretKeysContract):
    @pytest.fixture
    def secret_keys(self, aws: boto3.Session) -> SecretKeys:
        kms = aws.client("kms")
        alias = create_keys(["bank"], kms)["SOTTO_TENANT_KEY"]
        return KmsSecrets(lambda tenant: kms, lambda tenant: alias.replace("{tenant}", tenant))
