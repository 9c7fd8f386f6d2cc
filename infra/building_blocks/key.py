"""Keys that turn over every year and outlive the stack that made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk.aws_iam import IGrantable, PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import Key, KeySpec, KeyUsage
from constructs import Construct

DECRYPT = ("kms:Decrypt",)
ENCRYPT = ("kms:Decrypt", "kms:GenerateDataKey")
KEEP_STREAMS = (*ENCRYPT, "kms:DescribeKey", "kms:CreateGrant")
KEEP_TABLES = (
    "kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:CreateGrant",
)  # fmt: skip
"""What DynamoDB asks for, without wildcards.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
"""


class SigningKey(Key):
    """P-256. Asymmetric keys do not turn over; whoever has a certificate keeps the public half that checks it."""

    def __init__(self, scope: Construct, id: str, *, description: str) -> None:
        super().__init__(
            scope,
            id,
            description=description,
            key_spec=KeySpec.ECC_NIST_P256,
            key_usage=KeyUsage.SIGN_VERIFY,
            removal_policy=RemovalPolicy.RETAIN,
            pending_window=Duration.days(30),
        )


class LastingKey(Key):
    """What is encrypted with it stays readable after the stack is gone: it is never removed with it."""

    def __init__(self, scope: Construct, id: str, *, description: str) -> None:
        super().__init__(
            scope,
            id,
            description=description,
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
            pending_window=Duration.days(30),
        )

    def let_service_use(
        self, service: str, actions: Sequence[str] = ENCRYPT, **conditions: Mapping[str, object]
    ) -> None:
        """Let a service of AWS's use the key for this account. ``conditions`` by operator, with more to insist on."""
        own = {"aws:SourceAccount": Stack.of(self).account, **conditions.pop("StringEquals", {})}
        self.add_to_resource_policy(
            PolicyStatement(
                principals=[ServicePrincipal(service)],
                actions=list(actions),
                resources=["*"],  # in a key's policy: this key
                conditions={"StringEquals": own, **conditions},
            )
        )

    def let_use_through(self, service: str, who: IGrantable, actions: Sequence[str]) -> None:
        """Let ``who`` use the key for what ``service`` (such as ``dynamodb``) keeps under it, and only there."""
        through = {"kms:ViaService": f"{service}.{Stack.of(self).region}.amazonaws.com"}
        who.grant_principal.add_to_principal_policy(
            PolicyStatement(actions=list(actions), resources=[self.key_arn], conditions={"StringEquals": through})
        )
