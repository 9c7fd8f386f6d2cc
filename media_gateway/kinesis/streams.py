"""A stream for each call, made when it begins: nobody else's audio is ever in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable

if TYPE_CHECKING:
    from mypy_boto3_kinesisvideo import KinesisVideoClient

ACTIVE_WITHIN_MS = 30_000
LOOK_EVERY_MS = 200
LONGEST_CALL_MS = 24 * 3_600_000
_RETRIED = frozenset({"ClientLimitExceededException", "ThrottlingException", "ResourceInUseException",
                      "ServiceUnavailable", "InternalFailure", "AccountStreamLimitExceededException"})  # fmt: skip


class StreamsUnavailable(Retryable):
    """Kinesis Video Streams throttled us or could not be reached."""


class StreamsRefused(Rejected):
    """No permission, no key."""


class CallStreams:
    """``begin``: of the streams' names, which go on with tenant and contact. ``key_of``: alias of a tenant's KMS key,
    "" for the service's own."""

    def __init__(
        self,
        client: KinesisVideoClient,
        clock: Clock,
        *,
        begin: str,
        key_of: Callable[[str], str],
        retention_hours: int,
    ) -> None:
        self._client, self._clock = client, clock
        self._begin, self._key_of, self._retention_hours = begin, key_of, retention_hours

    def name(self, tenant: str, contact_id: str) -> str:
        return f"{self._begin}{tenant}.{contact_id}"

    async def ready(self, tenant: str, contact_id: str, in_thread: Callable[..., Any]) -> str:
        """ARN of the contact's stream, once it can be written; made if there is none. ``in_thread``: runs what blocks.
        Raises StreamsUnavailable and StreamsRefused."""
        name, until_ms = self.name(tenant, contact_id), self._clock.monotonic_ms() + ACTIVE_WITHIN_MS
        await in_thread(self._create, name, tenant)
        while True:
            arn, status = await in_thread(self._described, name)
            if status == "ACTIVE":
                return str(arn)
            if self._clock.monotonic_ms() > until_ms:
                raise StreamsUnavailable("the stream does not become active")
            await self._clock.sleep_ms(LOOK_EVERY_MS)

    def endpoint(self, name: str) -> str:
        """Where it is written. Raises StreamsUnavailable and StreamsRefused."""
        answer = self._asked("get_data_endpoint", StreamName=name, APIName="PUT_MEDIA")
        return str(answer["DataEndpoint"])

    def delete_old(self) -> int:
        """Those of which nothing can be left: older than a call may last and its audio is kept. How many went."""
        before_s = (self._clock.now_ms() - LONGEST_CALL_MS) / 1_000 - self._retention_hours * 3_600
        condition, token, deleted = {"ComparisonOperator": "BEGINS_WITH", "ComparisonValue": self._begin}, "", 0
        while True:
            page = self._asked("list_streams", StreamNameCondition=condition, **({"NextToken": token} if token else {}))
            for each in page.get("StreamInfoList", ()):
                if each["CreationTime"].timestamp() < before_s:
                    with suppress(StreamsUnavailable):  # the next round finds it
                        self._asked("delete_stream", StreamARN=each["StreamARN"])
                        deleted += 1
            token = page.get("NextToken", "")
            if not token:
                return deleted

    def _create(self, name: str, tenant: str) -> None:
        key = self._key_of(tenant)
        with suppress(_Exists):
            self._asked(
                "create_stream",
                StreamName=name,
                MediaType="audio/x-matroska",
                DataRetentionInHours=self._retention_hours,
                **({"KmsKeyId": key} if key else {}),
            )

    def _described(self, name: str) -> tuple[str, str]:
        try:
            info = self._asked("describe_stream", StreamName=name)["StreamInfo"]
        except _Missing:
            return "", "CREATING"  # of which another of the service's machines does not know yet
        return info["StreamARN"], info["Status"]

    def _asked(self, operation: str, **how: Any) -> Any:
        try:
            return getattr(self._client, operation)(**how)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "ResourceInUseException":
                raise _Exists("the stream is there") from error
            if code == "ResourceNotFoundException":
                raise _Missing("there is no such stream") from error
            kind = StreamsUnavailable if code in _RETRIED else StreamsRefused
            raise kind(f"{error.operation_name}: {code}") from error
        except BotoCoreError as error:
            raise StreamsUnavailable(f"Kinesis Video Streams did not answer: {type(error).__name__}") from error


class _Exists(StreamsUnavailable):
    """Somebody made it before."""


class _Missing(StreamsUnavailable):
    """Nobody has made it."""
