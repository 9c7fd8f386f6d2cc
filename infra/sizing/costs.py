"""What a number of agents costs a month, by service."""

from __future__ import annotations

import math
from collections.abc import Collection

from functions.specs import function_specs
from infra.parts import ShardSettings
from infra.sizing.load import Load
from infra.sizing.needs import APPSYNC, instances
from infra.sizing.prices import HOURS_A_MONTH, Prices
from sotto.core.metrics.measure import MEASURES
from sotto.core.metrics.stages import ALL

CHANNELS = {"appsync": "AppSync", "websocket": "API Gateway"}


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
        + handed_over * load.execution_ms / 1000 * 0.0625 * prices.express_gb_s,
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
        if measure.name.startswith("Hosted"):  # of the self-hosted recogniser, which is off by default
            continue
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
