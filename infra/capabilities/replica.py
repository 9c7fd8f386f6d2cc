"""Copies of a cell's records in another region, for the day when its own is gone: tables, books and models.

What was said on calls is not copied as audio or capture. The deployment file names the regions, and is refused where a
tenant of the cell may not live there.
"""

from __future__ import annotations

from aws_cdk import CfnOutput
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_kms import IKey
from aws_cdk.aws_s3 import Bucket, CfnBucket
from constructs import Construct

from infra.building_blocks.bucket import AccessLogs, LastingBucket
from infra.building_blocks.key import LastingKey
from infra.building_blocks.reviewed import accept
from infra.capabilities.tenants_bucket import kept_while_current
from infra.deployment import Cell

REPLICA = "replica"


def replica_key_arn(cell: Cell, region: str) -> str:
    """By its alias: the key's id is known only once it is there."""
    return f"arn:aws:kms:{region}:{cell.account}:{cell.replica_key_alias}"


class ReplicaHome(Construct):
    """What must be there before anything is copied: a key, and a bucket. Tables' copies are made by DynamoDB."""

    def __init__(self, scope: Construct, id: str, *, cell: Cell, region: str) -> None:
        super().__init__(scope, id)
        key = LastingKey(self, "Key", description=f"Sotto {cell.title}: copies of the records of {cell.region}")
        key.add_alias(cell.replica_key_alias)
        logs = AccessLogs(self, "AccessLogs")
        accept(logs, "AwsSolutions-S1", because="It holds the access logs; logging its own would not end.")
        name = cell.bucket_of(REPLICA, region)
        LastingBucket(self, "Artifacts", name=name, key=key, logs=logs, lifecycle=kept_while_current(cell))
        CfnOutput(self, "Bucket", value=name, description=f"Copies of the artifacts of {cell.region}")


class CopiedArtifacts(Construct):
    """S3 replication. By hand: the CDK's own role may do it to every object under every key."""

    def __init__(
        self, scope: Construct, id: str, *, cell: Cell, artifacts: Bucket, key: IKey, regions: tuple[str, ...]
    ) -> None:
        super().__init__(scope, id)
        self._cell = cell
        self._role = Role(self, "Role", assumed_by=ServicePrincipal("s3.amazonaws.com"))
        self._let_read(artifacts.bucket_arn, key)
        for region in regions:
            self._let_write(region)
        bucket = artifacts.node.default_child
        assert isinstance(bucket, CfnBucket)
        bucket.replication_configuration = CfnBucket.ReplicationConfigurationProperty(
            role=self._role.role_arn, rules=[self._rule(at, region) for at, region in enumerate(regions)]
        )

    def _rule(self, at: int, region: str) -> CfnBucket.ReplicationRuleProperty:
        enabled = "Enabled"
        encryption = CfnBucket.EncryptionConfigurationProperty(replica_kms_key_id=replica_key_arn(self._cell, region))
        return CfnBucket.ReplicationRuleProperty(
            id=region,
            status=enabled,
            priority=at,
            filter=CfnBucket.ReplicationRuleFilterProperty(prefix=""),
            delete_marker_replication=CfnBucket.DeleteMarkerReplicationProperty(status=enabled),
            source_selection_criteria=CfnBucket.SourceSelectionCriteriaProperty(
                sse_kms_encrypted_objects=CfnBucket.SseKmsEncryptedObjectsProperty(status=enabled)
            ),
            destination=CfnBucket.ReplicationDestinationProperty(
                bucket=f"arn:aws:s3:::{self._cell.bucket_of(REPLICA, region)}", encryption_configuration=encryption
            ),
        )

    def _let_read(self, bucket_arn: str, key: IKey) -> None:
        self._may(["s3:GetReplicationConfiguration", "s3:ListBucket"], f"arn:aws:s3:::{self._cell.bucket_name}")
        objects = f"arn:aws:s3:::{self._cell.bucket_name}/*"
        reading = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
        self._may(reading, objects)
        self._accept(objects)
        through = {"kms:ViaService": f"s3.{self._cell.region}.amazonaws.com"}
        self._may(["kms:Decrypt"], key.key_arn, StringEquals=through)

    def _let_write(self, region: str) -> None:
        objects = f"arn:aws:s3:::{self._cell.bucket_of(REPLICA, region)}/*"
        self._may(["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], objects)
        self._accept(objects)
        keys = f"arn:aws:kms:{region}:{self._cell.account}:key/*"
        through = {"kms:ViaService": f"s3.{region}.amazonaws.com"}
        alias = {"kms:ResourceAliases": self._cell.replica_key_alias}
        self._may(
            ["kms:Encrypt", "kms:GenerateDataKey"], keys, **{"StringEquals": through, "ForAnyValue:StringEquals": alias}
        )
        self._accept(keys, because="The one key with the alias of the condition; its id is known only there.")

    def _may(self, actions: list[str], resource: str, **conditions: dict[str, str]) -> None:
        self._role.add_to_policy(
            PolicyStatement(actions=actions, resources=[resource], conditions=dict(conditions) or None)
        )

    def _accept(self, resource: str, because: str = "Every object of the cell's own bucket is copied.") -> None:
        accept(self._role, f"AwsSolutions-IAM5[Resource::{resource}]", because=because)
