"""DynamoDB tables as ``sotto.resources`` describes them, with the defaults that every table of ours has."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk.aws_dynamodb import (
    Attribute,
    AttributeType,
    BillingMode,
    PointInTimeRecoverySpecification,
    StreamViewType,
    Table,
    TableEncryption,
)
from aws_cdk.aws_kms import IKey
from constructs import Construct

from infra.building_blocks.reviewed import accept
from sotto.resources import TableSpec


class LastingTable(Table):
    """On demand, recoverable to any second of 35 days, encrypted with the cell's key, kept when the stack goes."""

    def __init__(self, scope: Construct, id: str, *, name: str, spec: TableSpec, key: IKey) -> None:
        super().__init__(
            scope,
            id,
            table_name=name,
            partition_key=Attribute(name=spec.partition_key, type=AttributeType.STRING),
            sort_key=Attribute(name=spec.sort_key, type=AttributeType.STRING) if spec.sort_key else None,
            billing_mode=BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=spec.ttl_attribute,
            stream=StreamViewType[spec.stream] if spec.stream else None,
            encryption=TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True),
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )


class PassingTable(Table):
    """On demand, encrypted with the cell's key, gone with its stack: what it holds lives for hours."""

    def __init__(self, scope: Construct, id: str, *, name: str, spec: TableSpec, key: IKey) -> None:
        super().__init__(
            scope,
            id,
            table_name=name,
            partition_key=Attribute(name=spec.partition_key, type=AttributeType.STRING),
            sort_key=Attribute(name=spec.sort_key, type=AttributeType.STRING) if spec.sort_key else None,
            billing_mode=BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=spec.ttl_attribute,
            encryption=TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            removal_policy=RemovalPolicy.DESTROY,
        )
        accept(self, "AwsSolutions-DDB3", because="Connections of two hours: recovered, none of them would be open.")
