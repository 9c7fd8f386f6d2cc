"""A Lambda function of ours: its own role, its own log group, a trace, and a queue for the events that it failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_iam import AnyPrincipal, Effect, PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_lambda import (
    Alias,
    Architecture,
    CfnEventInvokeConfig,
    Function,
    LoggingFormat,
    RecursiveLoop,
    Runtime,
    SnapStartConf,
    Tracing,
)
from aws_cdk.aws_logs import LogGroup, RetentionDays
from aws_cdk.aws_sqs import IQueue, Queue, QueueEncryption, QueuePolicy
from constructs import Construct

from infra.building_blocks.bundling import function_code
from infra.building_blocks.key import ENCRYPT, LastingKey
from infra.building_blocks.reviewed import accept
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import LIVE

RUNTIME = Runtime.PYTHON_3_13
LOG_DAYS: Mapping[int, RetentionDays] = {
    days: RetentionDays[name]
    for days, name in {
        1: "ONE_DAY", 3: "THREE_DAYS", 5: "FIVE_DAYS", 7: "ONE_WEEK", 14: "TWO_WEEKS", 30: "ONE_MONTH",
        60: "TWO_MONTHS", 90: "THREE_MONTHS", 120: "FOUR_MONTHS", 150: "FIVE_MONTHS", 180: "SIX_MONTHS",
        365: "ONE_YEAR",
    }.items()
}  # fmt: skip


class DeployedFunction(Construct):
    """``live`` is what callers that can name a version invoke: with SnapStart it starts from a snapshot. ``role_path``:
    of its role, by which other roles know it; a path cannot be changed without another role."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        spec: FunctionSpec,
        prefix: str,
        environment: Mapping[str, str],
        log_days: int,
        failures_key: LastingKey,
        reserved_concurrency: int | None,
        extras: tuple[str, ...] = (),
        role_path: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.name = prefix + spec.name
        self.logs = LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{self.name}",
            retention=LOG_DAYS[log_days],
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role = Role(self, "Role", assumed_by=ServicePrincipal("lambda.amazonaws.com"), path=role_path)
        self.function = Function(
            self,
            "Function",
            function_name=self.name,
            runtime=RUNTIME,
            architecture=Architecture.ARM_64,
            code=function_code(spec.name, extras),
            handler=spec.handler,
            timeout=Duration.seconds(spec.timeout_s),
            memory_size=spec.memory_mb,
            environment={
                **environment,
                "POWERTOOLS_SERVICE_NAME": spec.name,
                "POWERTOOLS_METRICS_NAMESPACE": "Sotto",
                "PYTHONDONTWRITEBYTECODE": "1",
            },  # fmt: skip
            role=self.role,
            log_group=self.logs,
            logging_format=LoggingFormat.JSON,
            tracing=Tracing.ACTIVE,
            snap_start=SnapStartConf.ON_PUBLISHED_VERSIONS if spec.snap_start else None,
            reserved_concurrent_executions=reserved_concurrency,
            recursive_loop=RecursiveLoop.ALLOW if spec.calls_itself else None,
        )
        because = "One version below the newest, for which every pinned dependency has wheels and SnapStart is proven."
        accept(self.function, "AwsSolutions-L1", because=because)
        self.live = Alias(self, "Live", alias_name=LIVE, version=self.function.current_version)
        self._write_its_logs()
        self.spec = spec
        self.failures: FailedEvents | None = None
        if spec.asynchronous and spec.failures_to is None:
            self.failures = self._failed_events(failures_key)

    def knows(self, **environment: str) -> None:
        for name, value in environment.items():
            self.function.add_environment(name, value)

    def may(self, actions: Sequence[str], on: Sequence[str], **conditions: Mapping[str, object]) -> None:
        """``conditions`` by operator, such as ``StringEquals={...}``."""
        self.role.add_to_policy(
            PolicyStatement(actions=list(actions), resources=list(on), conditions=conditions or None)
        )

    def _write_its_logs(self) -> None:
        # Not log_group.grant_write: its policy would have to exist before the function, and name the function's logs.
        self.may(["logs:CreateLogStream", "logs:PutLogEvents"], [self.logs.log_group_arn])
        accept(self.role, "AwsSolutions-IAM5[Resource::*]", because="X-Ray's PutTraceSegments knows no resources.")

    def send_failures_to(self, other: DeployedFunction) -> None:
        """Lambda invokes ``other`` with the record of each event that it gives up, in this function's name."""
        self.may(["lambda:InvokeFunction"], [other.live.function_arn])
        self._asynchronously(other.live.function_arn)

    def _failed_events(self, key: LastingKey) -> FailedEvents:
        """By hand, because the CDK's own destination grants the key by wildcards."""
        failures = FailedEvents(self, "Failures", key=key, own_policy=False)
        self.may(["sqs:SendMessage"], [failures.queue_arn])
        key.let_use_through("sqs", self.role, ENCRYPT)
        self._asynchronously(failures.queue_arn)
        return failures

    def _asynchronously(self, destination: str) -> None:
        config = CfnEventInvokeConfig(
            self,
            "Asynchronously",
            function_name=self.function.function_name,
            qualifier=LIVE,
            maximum_retry_attempts=self.spec.async_retries,
            maximum_event_age_in_seconds=self.spec.max_event_age_s,
            destination_config=CfnEventInvokeConfig.DestinationConfigProperty(
                on_failure=CfnEventInvokeConfig.OnFailureProperty(destination=destination)
            ),
        )
        config.node.add_dependency(self.role, self.live)


class FailedEvents(Queue):
    """Events that could not be handled, for three days. They may hold what was said, redacted. ``own_policy``: else it
    is under ``only_over_tls`` with others."""

    def __init__(self, scope: Construct, id: str, *, key: LastingKey, own_policy: bool = True) -> None:
        super().__init__(
            scope,
            id,
            encryption=QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=own_policy,
            retention_period=Duration.days(3),
        )
        accept(self, "AwsSolutions-SQS3", because="This is where failed events end; an alarm watches its length.")


def only_over_tls(scope: Construct, id: str, queues: Sequence[IQueue]) -> None:
    """One policy for all of them: CloudFormation takes 500 resources in a stack. In the policy of a queue "*" is the
    queue."""
    QueuePolicy(scope, id, queues=list(queues)).document.add_statements(
        PolicyStatement(
            effect=Effect.DENY,
            principals=[AnyPrincipal()],
            actions=["sqs:*"],
            resources=["*"],
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        )
    )
