"""How much of AWS a number of calls at once needs: quotas, executions at once, instances."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from functions.specs import function_specs
from infra.parts import ShardSettings
from infra.recogniser import RecogniserSettings
from infra.sizing.load import Load

GET_DATA_ENDPOINT_A_SECOND = 300
"""Of a new account."""
APPSYNC = ("appsync",)
"""How panels are reached, unless a deployment says otherwise; a message goes by every channel that its tenant names."""


@dataclass(frozen=True, slots=True)
class Quota:
    """``default``: of a new account, None where it differs by region or age. ``needed`` for the given calls."""

    service: str
    name: str
    default: int | None
    needed: int

    @property
    def to_raise(self) -> bool:
        return self.default is None or self.needed > self.default


def quotas(
    calls: int,
    *,
    shard: ShardSettings | None = None,
    writer: ShardSettings | None = None,
    recogniser: RecogniserSettings | None = None,
    channels: Collection[str] = APPSYNC,
    load: Load | None = None,
) -> Iterator[Quota]:
    """Half as much again as the formula for what comes in bursts."""
    load = load or Load()
    shard = shard or ShardSettings()
    starts = calls / (load.call_minutes * 60)
    handovers = calls / (14 * 60)
    yield Quota("Connect", "concurrent active calls per instance", 10, calls)
    yield Quota("Transcribe", "concurrent HTTP/2 streams", 25, transcribe_streams(calls))
    yield Quota("Kinesis Video", "streams", 10_000, _burst(calls, 1.2))
    endpoints = _burst(starts + handovers)
    yield Quota("Kinesis Video", "GetDataEndpoint requests a second", GET_DATA_ENDPOINT_A_SECOND, endpoints)
    yield Quota("Lambda", "concurrent executions", 1_000, sum(concurrency(calls, load, channels).values()))
    handed_over = _burst(calls * load.machine_rounds / 60)
    yield Quota("Step Functions", "StartExecution a second (Express)", 6_000, handed_over)
    if "appsync" in channels:
        yield Quota("AppSync", "request tokens a second", 5_000, _burst(calls * load.messages / 60))
    if "websocket" in channels:
        asked = calls * (load.messages + load.desktop_asks) / 60
        yield Quota("API Gateway", "requests a second of all APIs, posts to connections too", 10_000, _burst(asked))
        # When a network is back, every desktop connects again; panels spread that over about half a minute.
        yield Quota("API Gateway", "new WebSocket connections a second", 500, _burst(calls / 30))
    yield Quota("DynamoDB", "write units a second of a table", 40_000, _burst(calls * load.writes / 60))
    yield Quota("DynamoDB", "read units a second of a table", 40_000, _burst(calls * load.reads / 60))
    needed = {shard.instance_type: instances(calls, shard, load)}
    if writer is not None:
        needed[writer.instance_type] = needed.get(writer.instance_type, 0) + instances(calls, writer, load)
    if recogniser is not None and recogniser.url is None:
        own = recogniser_instances(calls, recogniser)
        needed[recogniser.instance_type] = needed.get(recogniser.instance_type, 0) + own
    for instance_type, count in needed.items():
        yield Quota("SageMaker", f"{instance_type} for endpoints", None, count)


def transcribe_streams(calls: int) -> int:
    """One for each call, and a tenth more for those that are being handed over or opened again."""
    return _burst(calls, 1.1)


def concurrency(calls: int, load: Load | None = None, channels: Collection[str] = APPSYNC) -> dict[str, int]:
    """Lambda executions at once by function: reserved where the table of resources says so, else rate times time."""
    load = load or Load()
    rounds = calls * load.rounds / 60
    handed_over = calls * load.machine_rounds / 60
    busy = {
        "orchestrate_utterance": rounds * load.round_ms,
        "route_inference": handed_over * load.text_ms,
        "deliver_annotations": handed_over * load.deliver_ms + calls * load.ticks / 60 * load.tick_ms,
        "serve_connection": calls * load.desktop_asks / 60 * load.desktop_ms,
        "summarise_call": 2 * calls / (load.call_minutes * 60) * load.summarise_ms,
    }
    of_calls = (spec for spec in function_specs() if spec.capability is None)
    functions = [spec for spec in of_calls if spec.channel is None or spec.channel in channels]
    shares = {spec.name: spec.share_of_calls for spec in functions}
    return {
        name: _up(share * calls) if share else _burst(busy.get(name, 10.0 * calls / 60) / 1000, 2.0)
        for name, share in shares.items()
    }


def instances(calls: int, shard: ShardSettings, load: Load | None = None) -> int:
    """Of a shard that classifies, by requests a minute; of one that writes, by texts at once."""
    load = load or Load()
    if shard.writes:
        wanted = calls * load.texts / 60 * load.text_ms / 1000 / shard.concurrent_requests
    else:
        wanted = calls * load.rounds * load.requests_a_round / shard.invocations_per_minute
    return max(shard.fewest, _up(wanted))


def recogniser_instances(calls: int, recogniser: RecogniserSettings) -> int:
    """Of the self-hosted recogniser when every call has a session there and instances are as busy as scaling keeps
    them."""
    return max(recogniser.fewest, _up(calls / (recogniser.sessions * recogniser.busy_percent / 100)))


def _burst(rate: float, factor: float = 1.5) -> int:
    return _up(rate * factor)


def _up(number: float) -> int:
    """Rounded up, but not for what floating point adds."""
    return math.ceil(round(number, 6))
