"""Buckets with the defaults that every bucket of ours has."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_kms import IKey
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, IBucket, LifecycleRule, ObjectOwnership
from constructs import Construct


class LastingBucket(Bucket):
    """Private, TLS only, versioned, encrypted with the cell's key, kept when the stack goes."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        key: IKey,
        logs: IBucket,
        lifecycle: Sequence[LifecycleRule] = (),
    ) -> None:
        super().__init__(
            scope,
            id,
            bucket_name=name,
            block_public_access=BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            encryption=BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            object_ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=logs,
            lifecycle_rules=list(lifecycle),
            removal_policy=RemovalPolicy.RETAIN,
        )


class AccessLogs(Bucket):
    """Who read which object. S3 delivers access logs only to buckets under S3's own keys."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(
            scope,
            id,
            block_public_access=BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            encryption=BucketEncryption.S3_MANAGED,
            object_ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                LifecycleRule(expiration=Duration.days(365), noncurrent_version_expiration=Duration.days(30))
            ],
            removal_policy=RemovalPolicy.RETAIN,
        )
