"""Contact records and agent events of an instance: the customer's streams, read by the functions that take them in."""

from __future__ import annotations

from aws_cdk.aws_lambda import CfnEventSourceMapping
from constructs import Construct

from infra.building_blocks.function import DeployedFunction, FailedEvents
from infra.building_blocks.key import DECRYPT, ENCRYPT, LastingKey
from infra.deployment import Instance
from sotto.core.triggers import InstanceStream

_READ = ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards", "SubscribeToShard")
OLDEST_S = 21_600
"""Records stay true; but a stream keeps them for a day, and others wait behind what fails."""


class InstanceExports(Construct):
    """Of one instance: a mapping for each stream that it names. What is given up is left in the stream; the queue says
    where."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        instance: Instance,
        functions: tuple[DeployedFunction, ...],
        given_up: FailedEvents,
        given_up_key: LastingKey,
    ) -> None:
        super().__init__(scope, id)
        for function in functions:
            for each in function.spec.triggered_by(InstanceStream):
                if stream := instance.exports.get(each.exports):
                    self._map(function, each.exports, stream, instance, given_up)
                    given_up_key.let_use_through("sqs", function.role, ENCRYPT)

    def _map(
        self, function: DeployedFunction, exports: str, stream: str, instance: Instance, given_up: FailedEvents
    ) -> None:
        function.may([f"kinesis:{action}" for action in _READ], [stream])
        function.may(["sqs:SendMessage"], [given_up.queue_arn])
        if instance.streams_key_arn:
            through = {"kms:ViaService": f"kinesis.{stream.split(':')[3]}.amazonaws.com"}
            function.may(list(DECRYPT), [instance.streams_key_arn], StringEquals=through)
        CfnEventSourceMapping(
            self,
            exports.title().replace("_", ""),
            function_name=function.live.function_arn,
            event_source_arn=stream,
            starting_position="LATEST",
            batch_size=100,
            bisect_batch_on_function_error=True,
            function_response_types=["ReportBatchItemFailures"],
            maximum_record_age_in_seconds=OLDEST_S,
            maximum_retry_attempts=50,
            destination_config=CfnEventSourceMapping.DestinationConfigProperty(
                on_failure=CfnEventSourceMapping.OnFailureProperty(destination=given_up.queue_arn)
            ),
        ).node.add_dependency(function.role)
