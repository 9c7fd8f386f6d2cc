"""Contact Lens's real-time segments of an instance, of calls and chats, through a stream to ingest_contact_lens."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk.aws_connect import CfnInstanceStorageConfig
from aws_cdk.aws_iam import AnyPrincipal, PolicyStatement
from aws_cdk.aws_kinesis import Stream, StreamEncryption, StreamMode
from aws_cdk.aws_lambda import CfnEventSourceMapping
from constructs import Construct

from infra.building_blocks.function import DeployedFunction, FailedEvents
from infra.building_blocks.key import DECRYPT, ENCRYPT, LastingKey
from infra.building_blocks.reviewed import accept
from infra.deployment import Instance

_READ = ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards", "SubscribeToShard")
OLDEST_S = 300


class ContactLensSegments(Construct):
    """What was said is in the stream unredacted, so it is under the tenant's own key and kept for a day, which is the
    least that Kinesis knows."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        instance: Instance,
        function: DeployedFunction,
        key: LastingKey,
        given_up: FailedEvents,
        given_up_key: LastingKey,
    ) -> None:
        super().__init__(scope, id)
        self._function = function
        self._given_up = given_up
        self.stream = Stream(
            self,
            "Segments",
            stream_mode=StreamMode.ON_DEMAND,
            retention_period=Duration.hours(24),
            encryption=StreamEncryption.KMS,
            encryption_key=key,
        )
        accept(self.stream, "AwsSolutions-KDS3", because="What was said is under the tenant's key, also in transit.")
        for name, channel in (("Storage", "VOICE"), ("Chats", "CHAT")):
            CfnInstanceStorageConfig(
                self,
                name,
                instance_arn=instance.arn,
                resource_type=f"REAL_TIME_CONTACT_ANALYSIS_{channel}_SEGMENTS",
                storage_type="KINESIS_STREAM",
                kinesis_stream_config=CfnInstanceStorageConfig.KinesisStreamConfigProperty(
                    stream_arn=self.stream.stream_arn
                ),
            )
        self._read(key)
        function.may(["sqs:SendMessage"], [given_up.queue_arn])
        given_up_key.let_use_through("sqs", function.role, ENCRYPT)

    def _read(self, key: LastingKey) -> None:
        """Failed records are tried again alone, and given up when nobody on the call could use them any more. The queue
        gets where they were in the stream, not what they said: they can be read there for a day."""
        function = self._function
        function.may([f"kinesis:{action}" for action in _READ], [self.stream.stream_arn])
        key.let_use_through("kinesis", function.role, DECRYPT)
        CfnEventSourceMapping(
            self,
            "Mapping",
            function_name=function.live.function_arn,
            event_source_arn=self.stream.stream_arn,
            starting_position="LATEST",
            batch_size=100,
            parallelization_factor=10,
            bisect_batch_on_function_error=True,
            function_response_types=["ReportBatchItemFailures"],
            maximum_record_age_in_seconds=OLDEST_S,
            maximum_retry_attempts=10,
            destination_config=CfnEventSourceMapping.DestinationConfigProperty(
                on_failure=CfnEventSourceMapping.OnFailureProperty(destination=self._given_up.queue_arn)
            ),
        ).node.add_dependency(function.role)


def let_connect_write(key: LastingKey, account: str) -> None:
    """Connect puts records as its service-linked role, which has no right to the key by itself."""
    role = f"arn:aws:iam::{account}:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect_*"
    key.add_to_resource_policy(
        PolicyStatement(
            principals=[AnyPrincipal()],
            actions=list(ENCRYPT),
            resources=["*"],  # in a key's policy: this key
            conditions={"StringEquals": {"kms:CallerAccount": account}, "ArnLike": {"aws:PrincipalArn": role}},
        )
    )
