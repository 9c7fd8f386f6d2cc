"""Buckets whose objects belong to tenants: under ``<tenant>/``, and kept as long as the tenant's retention says."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk.aws_iam import AnyPrincipal, Effect, PolicyStatement
from aws_cdk.aws_s3 import IBucket, LifecycleRule
from constructs import Construct

from infra.building_blocks.bucket import LastingBucket
from infra.building_blocks.key import LastingKey
from infra.deployment import Cell

MODELS_PREFIX = "models/"


class TenantsBucket(Construct):
    """Each tenant's objects are under that tenant's own key, or are not taken; ``otherwise`` is the key of what is no
    tenant's. They go when the retention is over.

    ``audio`` holds redacted recordings, and what SageMaker captures for tenants that asked for it; unredacted audio
    nobody may write there. Documents that answers cite need none: they are published with the book.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        what: str,
        keys: Mapping[str, LastingKey],
        otherwise: LastingKey,
        logs: IBucket,
    ) -> None:
        super().__init__(scope, id)
        rules = kept_for_retention(cell)
        name = cell.bucket_of(what)
        bucket = LastingBucket(self, "Bucket", name=name, key=otherwise, logs=logs, lifecycle=rules)
        for tenant in cell.tenants:
            bucket.add_to_resource_policy(_under_no_other_key(f"arn:aws:s3:::{name}/{tenant}/*", keys[tenant]))


def kept_while_current(cell: Cell) -> list[LifecycleRule]:
    """Current books and models stay as long as they are current; what they replaced goes after the retention."""
    return [
        _rule(f"{name}-{what}", prefix, tenant.retention_days, lasts=True)
        for name, tenant in cell.tenants.items()
        for what, prefix in (("books", f"{name}/"), ("models", f"{MODELS_PREFIX}{name}/"))
    ]


def kept_for_retention(cell: Cell) -> list[LifecycleRule]:
    """Every tenant's objects go when its retention is over."""
    return [_rule(name, f"{name}/", cell.tenants[name].retention_days, lasts=False) for name in cell.tenants]


def _rule(id: str, prefix: str, days: int, *, lasts: bool) -> LifecycleRule:
    return LifecycleRule(
        id=id,
        prefix=prefix,
        expiration=None if lasts else Duration.days(days),
        noncurrent_version_expiration=Duration.days(days if lasts else 1),
        abort_incomplete_multipart_upload_after=Duration.days(1),
    )


def _under_no_other_key(objects: str, key: LastingKey) -> PolicyStatement:
    return PolicyStatement(
        effect=Effect.DENY,
        principals=[AnyPrincipal()],
        actions=["s3:PutObject"],
        resources=[objects],
        conditions={"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key.key_arn}},
    )
