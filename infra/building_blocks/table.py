"""DynamoDB tables as ``sotto.core.resources`` describes them, with the defaults that every table of ours has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import RemovalPolicy
from aws_cdk.aws_dynamodb import (
    Attribute,
    AttributeType,
    Billing,
    BillingMode,
    PointInTimeRecoverySpecification,
    ReplicaTableProps,
    StreamViewType,
    Table,
    TableEncryption,
    TableEncryptionV2,
    TableV2,
)
from aws_cdk.aws_kms import IKey
from constructs import Construct

from infra.building_blocks.reviewed import accept
from sotto.core.resources import TableSpec

LONGEST_RECOVERY_DAYS = 35
"""And DynamoDB's default."""


class LastingTable(Table):
    """On demand, recoverable to any second of as many days as its spec says, encrypted with the cell's key, kept when
    the stack goes."""

    def __init__(self, scope: Construct, id: str, *, name: str, spec: TableSpec, key: IKey) -> None:
        super().__init__(
            scope,
            id,
            **_named(name, spec),
            billing_mode=BillingMode.PAY_PER_REQUEST,
            stream=StreamViewType[spec.stream] if spec.stream else None,
            encryption=TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=_recovery(spec),
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )


class ReplicatedTable(TableV2):
    """The same, with copies in other regions, each under a key that is there. ``keys``: ARNs by region.

    Our functions write in the table's own region only: conditions hold within one region. A stream of a table with
    copies carries old and new images, as DynamoDB insists.
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str, spec: TableSpec, key: IKey, keys: Mapping[str, str]
    ) -> None:
        recovery = _recovery(spec)
        super().__init__(
            scope,
            id,
            **_named(name, spec),
            billing=Billing.on_demand(),
            dynamo_stream=StreamViewType.NEW_AND_OLD_IMAGES,
            encryption=TableEncryptionV2.customer_managed_key(key, dict(keys)),
            point_in_time_recovery_specification=recovery,
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
            replicas=[
                ReplicaTableProps(
                    region=region, deletion_protection=True, point_in_time_recovery_specification=recovery
                )
                for region in keys
            ],
        )


class PassingTable(Table):
    """On demand, encrypted with the cell's key, gone with its stack: what it holds lives for hours."""

    def __init__(self, scope: Construct, id: str, *, name: str, spec: TableSpec, key: IKey) -> None:
        super().__init__(
            scope,
            id,
            **_named(name, spec),
            billing_mode=BillingMode.PAY_PER_REQUEST,
            encryption=TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            removal_policy=RemovalPolicy.DESTROY,
        )
        accept(self, "AwsSolutions-DDB3", because="Connections of two hours: recovered, none of them would be open.")


def _recovery(spec: TableSpec) -> PointInTimeRecoverySpecification:
    days = None if spec.recovery_days == LONGEST_RECOVERY_DAYS else spec.recovery_days
    return PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True, recovery_period_in_days=days)


def _named(name: str, spec: TableSpec) -> dict[str, Any]:
    """What a table of any kind takes from its spec."""
    return {
        "table_name": name,
        "partition_key": Attribute(name=spec.partition_key, type=AttributeType.STRING),
        "sort_key": Attribute(name=spec.sort_key, type=AttributeType.STRING) if spec.sort_key else None,
        "time_to_live_attribute": spec.ttl_attribute,
    }
