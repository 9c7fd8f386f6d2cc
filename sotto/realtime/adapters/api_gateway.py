"""The channel over API Gateway's WebSocket API: what is published is posted to every connection that listens."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable
from sotto.realtime.channel import (
    AgentAssignment,
    AssignmentState,
    ChannelUnavailable,
    MessageTooLarge,
    PanelMessage,
    PanelUnreachable,
)
from sotto.realtime.connections import ANYONE, ConnectionGone, ConnectionTable, Posts, Subscriber, Topic
from sotto.realtime.frames import LARGEST_MESSAGE_BYTES, as_schema, parts_of, text_of
from sotto.realtime.shapes import Shape, assignment_shape, message_shape

_ATTEMPTS = 3
_MOST_AT_ONCE = 8
_MOST_IN_A_FRAME_BYTES = 30 * 1024
"""Together; a longer message travels alone, in parts."""


class ManagedConnections:
    """Posts by the management API. ``client`` is boto3's ``apigatewaymanagementapi`` with the stage's address as its
    endpoint, and without retries of its own. ``wait_s`` pauses between attempts."""

    def __init__(self, client: Any, *, wait_s: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._wait_s = wait_s

    def post(self, connection_id: str, frame: bytes) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            problem = self._attempt(connection_id, frame)
            if problem is None:
                return
            if not problem.may_succeed_later or attempt == _ATTEMPTS:
                raise problem.error
            self._wait_s(random.uniform(0.02, 0.05) * 2**attempt)

    def _attempt(self, connection_id: str, frame: bytes) -> _Problem | None:
        try:
            self._client.post_to_connection(ConnectionId=connection_id, Data=frame)
        except ClientError as error:
            return _judged(error)
        except BotoCoreError as error:
            return _Problem(ChannelUnavailable(f"API Gateway is not reachable: {type(error).__name__}"), True)
        return None


@dataclass(frozen=True, slots=True)
class _Problem:
    error: ChannelUnavailable
    may_succeed_later: bool = False


def _judged(error: ClientError) -> _Problem:
    """LimitExceeded: too many posts, or a client that reads too slowly. Messages of errors are not repeated."""
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status == 410 or code == "GoneException":
        raise ConnectionGone from error
    if status in (401, 403):
        refused = f"API Gateway refused the caller ({status} {code}): let its role manage the connections"
        return _Problem(ChannelUnavailable(refused))
    if status == 429:
        return _Problem(PanelUnreachable(f"API Gateway answered {status} {code}"), True)
    return _Problem(ChannelUnavailable(f"API Gateway answered {status} {code}"), status >= 500)


class ApiGatewayChannel:
    """A Channel. May be shared by threads; a listener that is slow or gone does not hold up the others."""

    def __init__(self, connections: ConnectionTable, posts: Posts, clock: Clock) -> None:
        self._connections = connections
        self._posts = posts
        self._clock = clock
        self._side = ThreadPoolExecutor(max_workers=_MOST_AT_ONCE, thread_name_prefix="connections")

    def publish(self, messages: Sequence[PanelMessage]) -> None:
        shapes = [(Topic(each.tenant, contact_id=each.contact_id), as_schema(message_shape(each))) for each in messages]
        fitting = [(topic, shape) for topic, shape in shapes if len(text_of(shape)) <= LARGEST_MESSAGE_BYTES]
        failures: list[ChannelUnavailable] = []
        for topic, group in groupby(fitting, key=lambda pair: pair[0]):
            frames = [{"type": "data", "messages": batch} for batch in _batches(shape for _, shape in group)]
            failures += self._send_to_topic(topic, frames)
        _raise_worst(failures)
        if len(fitting) < len(shapes):
            raise MessageTooLarge(_too_large([shape for _, shape in shapes]))

    def assign(self, assignments: Sequence[AgentAssignment]) -> None:
        failures: list[ChannelUnavailable] = []
        for each in assignments:
            if each.state is AssignmentState.RELEASED:
                failures += self._end(each)
            frame = {"type": "data", "assignment": assignment_shape(each)}
            failures += self._send_to_topic(Topic(each.contact.tenant, agent=each.agent), [frame])
        _raise_worst(failures)

    def close(self) -> None:
        self._side.shutdown()

    def _end(self, released: AgentAssignment) -> list[ChannelUnavailable]:
        """First forgotten, then notified: from here on nothing more is posted to them."""
        topic = Topic(released.contact.tenant, contact_id=released.contact.contact_id)
        try:
            ending = [each for each in self._listeners(topic) if each.ends_with in (released.agent, ANYONE)]
        except ChannelUnavailable as failure:
            return [failure]
        forgotten = [self._forgotten(each) for each in ending]
        return [each for each in forgotten if each is not None] + self._send_to_all(ending, [{"type": "complete"}])

    def _send_to_topic(self, topic: Topic, frames: Sequence[Shape]) -> list[ChannelUnavailable]:
        try:
            return self._send_to_all(self._listeners(topic), frames)
        except ChannelUnavailable as failure:
            return [failure]

    def _listeners(self, topic: Topic) -> list[Subscriber]:
        now_s = self._clock.now_ms() / 1000
        try:
            found = self._connections.listeners(topic)
        except Retryable as error:
            raise _no_table(error) from error
        return [each for each in found if each.expires_at > now_s]

    def _send_to_all(self, listeners: Sequence[Subscriber], frames: Sequence[Shape]) -> list[ChannelUnavailable]:
        if len(listeners) == 1:
            outcomes = [self._send_to(listeners[0], frames)]
        else:
            outcomes = list(self._side.map(self._send_to, listeners, [frames] * len(listeners)))
        return [failure for failure in outcomes if failure is not None]

    def _send_to(self, listener: Subscriber, frames: Iterable[Shape]) -> ChannelUnavailable | None:
        try:
            for frame in frames:
                for part in parts_of(text_of({"id": listener.id, **frame})):
                    self._posts.post(listener.connection_id, part)
        except ConnectionGone:
            return self._forgotten(listener)
        except ChannelUnavailable as failure:
            return failure
        return None

    def _forgotten(self, listener: Subscriber) -> ChannelUnavailable | None:
        try:
            self._connections.remove(listener)
        except Retryable as error:
            return _no_table(error)
        return None


def _no_table(error: Retryable) -> ChannelUnavailable:
    return ChannelUnavailable(f"the connection table did not answer: {error}")


def _batches(shapes: Iterable[Shape]) -> Iterator[list[Shape]]:
    batch: list[Shape] = []
    size = 0
    for shape in shapes:
        length = len(text_of(shape)) + 1
        if batch and size + length > _MOST_IN_A_FRAME_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(shape)
        size += length
    if batch:
        yield batch


def _raise_worst(failures: Sequence[ChannelUnavailable]) -> None:
    """A slow panel is said to be the trouble only where nothing else is."""
    for failure in sorted(failures, key=lambda each: isinstance(each, PanelUnreachable)):
        raise failure


def _too_large(shapes: Sequence[Shape]) -> str:
    worst = max(shapes, key=lambda shape: len(text_of(shape)))
    return (
        f"message: {len(text_of(worst))} bytes; API Gateway delivers at most {LARGEST_MESSAGE_BYTES}. "
        f"Shorten the {str(worst['kind']).lower()}'s text or citations."
    )


def management_url(url: str) -> str:
    """The management API's address of a stage whose address the panel knows: ``wss://x/live`` -> ``https://x/live``."""
    if not url.startswith(("wss://", "ws://")):
        raise Rejected("SOTTO_WEBSOCKET_URL: must begin with wss:// or ws://")
    return url.replace("ws", "http", 1)
