"""Media from Amazon Kinesis Video Streams: GetDataEndpoint, then GetMedia there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from urllib3.exceptions import HTTPError

from sotto.core.errors import Rejected, Retryable
from sotto.media.media_source import MediaCause, MediaRefused, MediaStart, MediaUnavailable, StartKind

if TYPE_CHECKING:
    from mypy_boto3_kinesis_video_media import KinesisVideoMediaClient
    from mypy_boto3_kinesisvideo import KinesisVideoClient

READ_BYTES = 64 << 10
_REFUSED = frozenset({"ResourceNotFoundException", "NotAuthorizedException", "InvalidArgumentException",
                      "AccessDeniedException", "ValidationException"})  # fmt: skip
# GetMedia holds the connection while the producer is quiet; the listener's own patience ends before this does.
_CONFIG = Config(connect_timeout=3, read_timeout=60, retries={"mode": "standard", "max_attempts": 3})


class KinesisVideoMedia:
    """One GetMedia connection per ``open``, read by a thread of its own; bytes are handed over as they arrive.

    Clients are asked for at each ``open``: those of a tenant's session do not outlive it, and a call may."""

    def __init__(
        self, control: Callable[[], KinesisVideoClient], media_at: Callable[[str], KinesisVideoMediaClient]
    ) -> None:
        self._control = control
        self._media_at = media_at
        self._endpoints: dict[str, str] = {}

    @classmethod
    def by(cls, client: Callable[..., Any]) -> KinesisVideoMedia:
        """``client(service, **how)``: one of boto3's, with the rights that it has now."""
        return cls(
            lambda: client("kinesisvideo", config=_CONFIG),
            lambda endpoint: client("kinesis-video-media", endpoint_url=endpoint, config=_CONFIG),
        )

    @asynccontextmanager
    async def open(self, stream_arn: str, start: MediaStart) -> AsyncIterator[AsyncIterator[bytes]]:
        loop = asyncio.get_running_loop()
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="getmedia")
        opening = thread.submit(self._get_media, stream_arn, start)
        try:
            body = await asyncio.wrap_future(opening)
            yield _pieces(loop, thread, body)
        finally:
            # The thread may be inside a read, which shutting the socket ends, or still connecting: then it hangs up
            # itself, as the loop of a worker that dies is closed by then, and a stream has room for few connections.
            opening.add_done_callback(_hang_up)
            thread.shutdown(wait=False, cancel_futures=False)

    def _get_media(self, stream_arn: str, start: MediaStart) -> Any:
        try:
            with _translated():
                media = self._media_at(self._endpoint(stream_arn))
                answer = media.get_media(StreamARN=stream_arn, StartSelector=_selector(start))  # type: ignore[arg-type]
        except (MediaRefused, MediaUnavailable):
            self._endpoints.pop(stream_arn, None)
            raise
        # StreamingBody.read fills its buffer before it returns; the response inside it hands over what has arrived.
        return answer["Payload"].__enter__()

    def _endpoint(self, stream_arn: str) -> str:
        if stream_arn not in self._endpoints:
            answer = self._control().get_data_endpoint(StreamARN=stream_arn, APIName="GET_MEDIA")
            self._endpoints[stream_arn] = answer["DataEndpoint"]
        return self._endpoints[stream_arn]


async def _pieces(loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor, body: Any) -> AsyncIterator[bytes]:
    while piece := await loop.run_in_executor(thread, _read, body):
        yield piece


def _read(body: Any) -> bytes:
    with _translated():
        return bytes(body.read1(READ_BYTES))


def _hang_up(opening: Future[Any]) -> None:
    if opening.cancelled() or opening.exception() is not None:
        return
    body = opening.result()
    with suppress(OSError, RuntimeError, ValueError):  # the connection is closed already
        body.shutdown()
    body.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        kind = MediaRefused if code in _REFUSED else MediaUnavailable
        cause = MediaCause(type(error).__name__, code, error.response.get("ResponseMetadata", {}).get("HTTPStatusCode"))
        raise kind(f"{error.operation_name}: {code}: {error.response['Error'].get('Message', '')}", cause) from error
    except Retryable as error:  # the tenant's session
        raise MediaUnavailable(f"GetMedia: {error}", MediaCause(type(error).__name__)) from error
    except Rejected as error:
        raise MediaRefused(f"GetMedia: {error}", MediaCause(type(error).__name__)) from error
    except ParamValidationError as error:
        raise MediaRefused(f"GetMedia: {error}", MediaCause(type(error).__name__)) from error
    except (BotoCoreError, HTTPError, OSError) as error:
        cause = MediaCause(" < ".join(_classes(error)))
        raise MediaUnavailable(f"GetMedia: {type(error).__name__}: {error}", cause) from error


def _classes(error: BaseException | None) -> Iterator[str]:
    """The error and what it was raised from: "ProtocolError < IncompleteRead" says more than its first half."""
    for _ in range(4):
        if error is None:
            return
        yield type(error).__name__
        error = error.__cause__ or error.__context__


def _selector(start: MediaStart) -> dict[str, Any]:
    match start.kind:
        case StartKind.PRODUCER_TIMESTAMP | StartKind.SERVER_TIMESTAMP:
            at = datetime.fromtimestamp(start.at_ms / 1000, UTC)
            return {"StartSelectorType": start.kind.value, "StartTimestamp": at}
        case StartKind.AFTER_FRAGMENT:
            return {"StartSelectorType": start.kind.value, "AfterFragmentNumber": start.value}
        case StartKind.CONTINUATION_TOKEN:
            return {"StartSelectorType": start.kind.value, "ContinuationToken": start.value}
        case _:
            return {"StartSelectorType": start.kind.value}
