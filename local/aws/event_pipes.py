"""EventBridge Pipes from a DynamoDB stream to a bus, emulated: moto keeps pipes' definitions and moves nothing.

A pipe here does what is defined: it reads moto's stream from its beginning, a batch at a time and in order, takes what
the filter lets through, fills in the template, puts the events on the bus, repeats what failed, and writes down in the
dead-letter queue where in the stream it gave up. What was put on the bus before it failed may be put again.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws.event_delivery import dead_letter

log = logging.getLogger(__name__)

POLL_S = 0.25
"""As often as AWS looks at a shard."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 5.0
_VARIABLE = re.compile(r"<(\$[^>]*)>")

Clients = Callable[[str], Any]
_pipes: EventPipes | None = None
_installed = threading.Lock()
_done = False


def install(pipes: EventPipes) -> None:
    """Hook moto (once in a process): a pipe that is created runs."""
    global _pipes, _done
    _pipes = pipes
    with _installed:
        if _done:
            return
        _done = True
        from moto.pipes.models import EventBridgePipesBackend

        create = EventBridgePipesBackend.create_pipe

        def created(self: Any, *args: Any, **kwargs: Any) -> Any:
            pipe = create(self, *args, **kwargs)
            assert _pipes is not None
            _pipes.run(pipe)
            return pipe

        EventBridgePipesBackend.create_pipe = created


class EventPipes:
    """Those of one embedded AWS, each in a thread. ``clients(service)`` gives a boto3 client."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._running: list[RunningPipe] = []

    def run(self, pipe: Any) -> None:
        self._running.append(RunningPipe(pipe, self._clients))

    @property
    def carried(self) -> int:
        """How many records have been read so far, events and others."""
        return sum(pipe.carried for pipe in self._running)

    def busy(self) -> bool:
        """Whether a stream holds what has not been carried yet."""
        return any(pipe.behind() for pipe in self._running)

    def stop(self) -> None:
        for pipe in self._running:
            pipe.stop()
        self._running.clear()


@dataclass(frozen=True, slots=True)
class Definition:
    """What CreatePipe was given."""

    stream: str
    bus: str
    source: str
    detail_type: str
    template: str
    patterns: tuple[Mapping[str, Any], ...]
    batch_size: int
    retries: int
    dead_letters: str | None

    @classmethod
    def of(cls, pipe: Any) -> Definition:
        given, target = pipe.source_parameters, pipe.target_parameters
        stream, bus = given["DynamoDBStreamParameters"], target["EventBridgeEventBusParameters"]
        return cls(
            pipe.source,
            pipe.target,
            bus["Source"],
            bus["DetailType"],
            target["InputTemplate"],
            tuple(json.loads(each["Pattern"]) for each in given["FilterCriteria"]["Filters"]),
            stream["BatchSize"],
            stream["MaximumRetryAttempts"],
            stream.get("DeadLetterConfig", {}).get("Arn"),
        )

    def entry(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """As PutEvents takes it."""
        return {
            "EventBusName": self.bus,
            "Source": self.source,
            "DetailType": at_path(record, self.detail_type),
            "Detail": filled_in(self.template, record),
        }

    def takes(self, record: Mapping[str, Any]) -> bool:
        from moto.events.models import EventPattern

        return any(EventPattern(None, dict(each)).matches_event(as_asked(record, each)) for each in self.patterns)


def as_asked(record: Mapping[str, Any], pattern: Mapping[str, Any]) -> dict[str, Any]:
    """As much of a record as a pattern looks at: matching copies all that it is given."""
    return {
        name: as_asked(record[name], inner) if isinstance(inner, Mapping) else record[name]
        for name, inner in pattern.items()
        if name in record
    }


def filled_in(template: str, record: Mapping[str, Any]) -> str:
    """A variable becomes JSON; DynamoDB's values of type S and N are both strings in a record."""
    return _VARIABLE.sub(lambda found: json.dumps(at_path(record, found.group(1))), template)


def at_path(record: Mapping[str, Any], path: str) -> Any:
    found: Any = record
    for step in path.removeprefix("$.").split("."):
        found = found[step]
    return found


class RunningPipe:
    def __init__(self, pipe: Any, clients: Clients) -> None:
        self._pipe = Definition.of(pipe)
        self._streams, self._events = clients("dynamodbstreams"), clients("events")
        self.carried = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._carry, name=f"pipe-{pipe.name}", daemon=True)
        self._thread.start()

    def behind(self) -> bool:
        """In this process, because asking the stream itself would move nothing on."""
        from moto.dynamodb.models import dynamodb_backends

        _, _, _, region, account, table = self._pipe.stream.split(":", 5)
        shard = dynamodb_backends[account][region].get_table(table.split("/")[1]).stream_shard
        return shard is not None and len(shard.items) > self.carried

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _carry(self) -> None:
        try:
            place = self._beginning()
            while not self._stopped.is_set():
                place = self._next_batch(place)
        except (BotoCoreError, ClientError) as error:
            if not self._stopped.is_set():
                log.error("pipe ended", extra={"error": type(error).__name__})

    def _beginning(self) -> str:
        (shard,) = self._streams.describe_stream(StreamArn=self._pipe.stream)["StreamDescription"]["Shards"]
        where = {"StreamArn": self._pipe.stream, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        return str(self._streams.get_shard_iterator(**where)["ShardIterator"])

    def _next_batch(self, place: str) -> str:
        found = self._streams.get_records(ShardIterator=place)
        records = found["Records"]
        wanted = [record for record in records if self._pipe.takes(record)]
        for first in range(0, len(wanted), self._pipe.batch_size):
            self._put(wanted[first : first + self._pipe.batch_size])
        self.carried += len(records)
        if not records:
            self._stopped.wait(POLL_S)
        return str(found["NextShardIterator"])

    def _put(self, records: list[dict[str, Any]]) -> None:
        """Those that fail go again by themselves; a stream waits meanwhile."""
        for attempt in range(self._pipe.retries + 1):
            records = self._refused(records)
            if not records or self._stopped.wait(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**attempt)):
                return
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        log.warning("events undelivered", extra={"count": len(numbers)})
        where = {"streamArn": self._pipe.stream, "startSequenceNumber": numbers[0], "endSequenceNumber": numbers[-1]}
        dead_letter(self._pipe.dead_letters, json.dumps({"DDBStreamBatchInfo": where}))

    def _refused(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not records:
            return []
        try:
            answers = self._events.put_events(Entries=[self._pipe.entry(record) for record in records])["Entries"]
        except (BotoCoreError, ClientError):
            return records
        return [record for record, answer in zip(records, answers, strict=True) if "ErrorCode" in answer]
