"""How much of AWS a number of calls at once needs, and what it costs, by formula. Pure arithmetic.

Every figure that goes in is named here with where it comes from, so that yours can take its place.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from functions.specs import function_specs
from infra.deployment import ShardSettings
from sotto.core.metrics.measure import MEASURES
from sotto.core.metrics.stages import ALL

GET_DATA_ENDPOINT_A_SECOND = 300
"""Of a new account."""
APPSYNC = ("appsync",)
"""How panels are reached, unless a deployment says otherwise; a message goes by every channel that its tenant names."""


CHANNELS = {"appsync": "AppSync", "websocket": "API Gateway"}
HOURS_A_MONTH = 24 * 30.4


@dataclass(frozen=True, slots=True)
class Load:
    """What one call does, per minute of talk unless said otherwise.

    Utterances are those of the sample calls in events/calls (10 to 11 a minute). Interim rounds follow from
    sotto.transcription.segmentation.interim_throttle: four new words or more, at most every 1.2 s. Models,
    waves and kilobytes of metrics were counted in the metrics of events/calls/bank_card played in real time
    (docs/observability.md). Durations, and texts (one for every other utterance), are assumed until measured on AWS.
    A round that needs no text is run by one function, in ``round_ms``; with a text (``machine_rounds``), the state
    machine asks for it and delivers it. Ticks follow from sotto.transcription.worker. Over the second channel a panel
    asks every twenty seconds, and a few times when it opens a call.
    """

    utterances: float = 10.5
    interim_rounds: float = 30.0
    models_a_round: float = 3.0
    waves_a_round: float = 1.2
    messages: float = 80.0
    writes: float = 66.0  # an utterance is written with the lease and its event, in one transaction
    events: float = 11.0  # of the bus: one for each utterance, and those of a call
    reads: float = 140.0  # one a second looks whether the contact has ended
    round_ms: float = 110.0  # plan, ask, guide, store, publish, each wave after the other
    machine_rounds: float = 5.0
    deliver_ms: float = 40.0
    summarise_ms: float = 2_000.0  # waits for guidance on the last words; with a model longer
    execution_ms: float = 2_100.0  # of the state machine: a text, and its delivery
    after_call_transitions: float = 27.0  # a call: an execution of 15 with two steps, and one of 12 that came early
    ticks: float = 10.0  # seven in the first 40 s of bank_cancel
    tick_ms: float = 15.0
    texts: float = 5.0
    text_ms: float = 2_000.0
    desktop_asks: float = 5.0
    desktop_ms: float = 30.0
    log_kb: float = 30.0
    metrics_kb: float = 42.0  # of the audio worker
    metrics_kb_a_round: float = 4.7
    audio_kb: float = 1_920.0  # two tracks of 16 KB a second
    call_minutes: float = 6.0
    talk_hours_a_month: float = 120.0  # of one agent

    @property
    def rounds(self) -> float:
        return self.utterances + self.interim_rounds

    @property
    def logged_kb(self) -> float:
        return self.log_kb + self.metrics_kb + self.rounds * self.metrics_kb_a_round


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars, list prices of us-east-1 without free tiers and discounts; see docs/unverified.md."""

    lambda_gb_s: float = 0.0000133334
    lambda_million: float = 0.20
    express_million: float = 1.00
    express_gb_s: float = 0.00001667
    standard_million: float = 25.00  # state transitions
    transcribe_minutes: tuple[tuple[float, float], ...] = (
        (250_000, 0.024), (750_000, 0.015), (4_000_000, 0.0102), (math.inf, 0.0078),
    )  # fmt: skip
    kvs_gb_in: float = 0.0085
    kvs_gb_out: float = 0.0085
    appsync_million: float = 4.00
    appsync_delivered_million: float = 2.00
    appsync_connected_million: float = 0.08
    dynamodb_writes_million: float = 0.625
    dynamodb_reads_million: float = 0.125
    pipe_million: float = 0.40
    event_million: float = 1.00
    websocket_million: float = 1.00
    websocket_connected_million: float = 0.25
    sagemaker_hour: float = 0.408  # ml.c6i.2xlarge
    writer_hour: float = 1.408  # ml.g5.xlarge
    logs_gb: float = 0.50
    metric_month: float = 0.30
    dashboard_month: float = 3.00
    alarm_month: float = 0.10


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
    functions = [spec for spec in function_specs() if spec.channel is None or spec.channel in channels]
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
        wanted = calls * load.rounds * load.models_a_round / shard.invocations_per_minute
    return max(shard.fewest, _up(wanted))


def costs_a_month(
    agents: int,
    *,
    shard: ShardSettings | None = None,
    writer: ShardSettings | None = None,
    channels: Collection[str] = APPSYNC,
    load: Load | None = None,
    prices: Prices | None = None,
) -> dict[str, float]:
    """US dollars by service for ``agents`` who talk ``load.talk_hours_a_month`` each."""
    load, prices, shard = load or Load(), prices or Prices(), shard or ShardSettings()
    minutes = agents * load.talk_hours_a_month * 60
    rounds = minutes * load.rounds
    handed_over = minutes * load.machine_rounds
    gb = {spec.name: spec.memory_mb / 1024 for spec in function_specs()}
    asked = minutes * load.desktop_asks if "websocket" in channels else 0.0
    compute = (
        rounds * gb["orchestrate_utterance"] * load.round_ms / 1000
        + handed_over * gb["route_inference"] * load.text_ms / 1000
        + handed_over * gb["deliver_annotations"] * load.deliver_ms / 1000
        + minutes * load.ticks * gb["deliver_annotations"] * load.tick_ms / 1000
        + asked * gb["serve_connection"] * load.desktop_ms / 1000
        + minutes * 60 * gb["transcribe_call"]
    )
    requests = rounds + 2 * handed_over + minutes * load.ticks + asked
    delivered = minutes * load.messages
    delivery = {
        "appsync": delivered / 1e6 * (prices.appsync_million + prices.appsync_delivered_million)
        + minutes / 1e6 * prices.appsync_connected_million,
        "websocket": (delivered + asked) / 1e6 * prices.websocket_million
        + minutes / 1e6 * prices.websocket_connected_million,
    }
    writers = instances(agents, writer, load) if writer else 0
    return {
        "Transcribe": _tiered(minutes, prices.transcribe_minutes),
        "Lambda": compute * prices.lambda_gb_s + requests / 1e6 * prices.lambda_million,
        "Step Functions": handed_over / 1e6 * prices.express_million
        + handed_over * load.execution_ms / 1000 * 0.0625 * prices.express_gb_s
        + minutes / load.call_minutes * load.after_call_transitions / 1e6 * prices.standard_million,
        "SageMaker": instances(agents, shard, load) * prices.sagemaker_hour * HOURS_A_MONTH,
        **({"SageMaker, writer": writers * prices.writer_hour * HOURS_A_MONTH} if writers else {}),
        **{title: delivery[channel] for channel, title in CHANNELS.items() if channel in channels},
        "DynamoDB": minutes / 1e6
        * (load.writes * prices.dynamodb_writes_million + load.reads * prices.dynamodb_reads_million),
        "EventBridge": minutes * load.events / 1e6 * (prices.pipe_million + prices.event_million),
        "Kinesis Video": minutes * load.audio_kb / 1e6 * (prices.kvs_gb_in + prices.kvs_gb_out),
        "Logs": minutes * load.logged_kb / 1e6 * prices.logs_gb,
    }  # fmt: skip


def metrics_a_month(tenants: int, *, models: int = 5, alarms: int = 25, prices: Prices | None = None) -> float:
    """US dollars for CloudWatch's metrics, dashboards and alarms of a cell. CloudWatch charges for each combination of
    dimensions: so many of the cell, and the same again for each tenant. Volume discounts are left out."""
    prices = prices or Prices()
    values = {"stage": len(ALL), "model": models, "outcome": 3, "kind": 8, "provider": 2, "speaker": 3, "task": 2}
    of_shard = ("Shard", "Adapter", "Batch")
    series = {True: 0, False: 0}
    for measure in MEASURES.values():
        combinations = math.prod(values.get(name, 3) for name in measure.by)
        series[False] += combinations + (measure.total and bool(measure.by))
        if not measure.name.startswith(of_shard):
            series[True] += combinations
    metrics = series[False] + tenants * series[True]
    return metrics * prices.metric_month + (1 + tenants) * prices.dashboard_month + alarms * prices.alarm_month


def _tiered(amount: float, tiers: tuple[tuple[float, float], ...]) -> float:
    cost = 0.0
    for size, price in tiers:
        within = min(amount, size)
        cost += within * price
        amount -= within
    return cost


def _burst(rate: float, factor: float = 1.5) -> int:
    return _up(rate * factor)


def _up(number: float) -> int:
    """Rounded up, but not for what floating point adds."""
    return math.ceil(round(number, 6))
