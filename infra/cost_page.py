"""What an agent's hour of talk costs, as Markdown: docs/cost.md, made by ``sotto bench cost``.

The same calculation as the tables of docs/quotas.md (``infra/sizing``), divided by hours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from functions.specs import function_specs
from infra.conversation_cost import section
from infra.markdown import prose, row
from infra.parts import ShardSettings
from infra.sizing import Load, Prices, costs_a_month, instances, metrics_a_month
from infra.sizing.load import ASSUMED
from infra.sizing.needs import APPSYNC
from infra.sizing.worker import SIZES_MB, WorkerNeeds

AGENTS = 1_000
GOAL_DOLLARS = 0.06
MOST_INSTANCES = 12
RECOGNISERS = ("Transcribe",)
ASSUMED_SHARD = ShardSettings(invocations_per_minute=3_000)
RATES = (1_000, 1_500, 2_000, 3_000, 5_000)
"""Fused requests a minute of an instance."""
DEEPGRAM_MINUTE = 0.0077
"""Of a channel, Nova-3 streaming."""


def page(prices: Prices | None = None) -> Iterator[str]:
    prices = prices or Prices()
    yield "# What an agent's hour of talk costs"
    yield ""
    yield from prose(
        "Made by `sotto bench cost` from the same calculation as the tables in [quotas.md](quotas.md): what a",
        "call does, list",
        "prices of us-east-1 without free tiers and discounts, and formulas are in `infra/sizing`. Prices are",
        "inputs: noted in",
        "November 2026, Lambda's alone were found alike in several public places. Give yours: `--price",
        "sagemaker_hour=0.5`.",
    )
    yield from _by_service(prices)
    yield from section(AGENTS, prices)
    yield from _ways_there(prices)
    yield from _instances()
    yield from _worker(prices)
    yield from _recognisers(prices)


def an_hour(
    load: Load,
    prices: Prices,
    channels: Collection[str] = APPSYNC,
    *,
    worker_mb: int | None = None,
    shard: ShardSettings | None = None,
) -> dict[str, float]:
    """US dollars of one agent's hour by service, at ``AGENTS``. ``worker_mb``: of the audio worker, instead of what it
    is deployed with."""
    month = costs_a_month(AGENTS, load=load, prices=prices, channels=channels, shard=shard) | {
        "Metrics, one tenant": metrics_a_month(1, prices=prices)
    }
    hours = AGENTS * load.talk_hours_a_month
    found = {service: dollars / hours for service, dollars in month.items()}
    if worker_mb is not None:
        needs = WorkerNeeds()
        found["Lambda"] += needs.dollars_an_hour(worker_mb, prices) - needs.dollars_an_hour(deployed_mb(), prices)
    return found


def ours(costs: Mapping[str, float]) -> float:
    """Everything but the recogniser."""
    return sum(dollars for service, dollars in costs.items() if service not in RECOGNISERS)


def deployed_mb() -> int:
    (worker,) = (spec for spec in function_specs() if spec.name == "transcribe_call")
    return worker.memory_mb


def _by_service(prices: Prices) -> Iterator[str]:
    before = an_hour(ASSUMED, prices, worker_mb=1_024, shard=ASSUMED_SHARD)
    now = an_hour(Load(), prices)
    yield f"## Our part at {AGENTS:,} agents, US dollars an agent-hour, against ${GOAL_DOLLARS:.2f}"
    yield ""
    yield from prose(
        "*Assumed*: the inputs of before the route was measured, with an audio worker of 1,024 MB.",
        "*Measured*: as deployed.",
    )
    yield row("service", "assumed inputs", "measured inputs", f"left of ${GOAL_DOLLARS:.2f} after it")
    yield row("---", "--:", "--:", "--:")
    left = GOAL_DOLLARS
    for service in sorted(set(now) - set(RECOGNISERS), key=lambda name: -now[name]):
        left -= now[service]
        yield row(service, f"{before[service]:.4f}", f"{now[service]:.4f}", f"{left:.4f}")
    yield row("**our part**", f"**{ours(before):.3f}**", f"**{ours(now):.3f}**", f"**{left:.3f}**")
    yield ""
    kept = "kept" if left >= 0 else f"missed by ${-left:.3f}"
    yield from prose(
        f"The goal of ${GOAL_DOLLARS:.2f} is {kept}. Instances of SageMaker are counted day and night, as many",
        "as the busiest hour",
        "needs. Texts by a language model, one for every other utterance, are in it (Lambda and Step",
        "Functions), the model is not.",
    )


def _ways_there(prices: Prices) -> Iterator[str]:
    load = Load()
    yield "## What bounds it"
    yield ""
    yield from prose(
        "Our part by the audio worker's memory and the channel to the panels; AppSync takes $6 for a million",
        "messages, API",
        "Gateway's WebSocket API one. The last column leaves texts out, as in a deployment without `generation`.",
    )
    yield row("audio worker", "AppSync", "WebSocket", "WebSocket, no texts")
    yield row("--:", "--:", "--:", "--:")
    plain = replace(load, machine_rounds=0.0, texts=0.0)
    for size in SIZES_MB:
        cells = (
            ours(an_hour(load, prices, worker_mb=size)),
            ours(an_hour(load, prices, ("websocket",), worker_mb=size)),
            ours(an_hour(plain, prices, ("websocket",), worker_mb=size)),
        )
        yield row(f"{size:,} MB", *(f"**{each:.3f}**" if each <= GOAL_DOLLARS else f"{each:.3f}" for each in cells))
    yield ""
    yield from prose(
        "Budgets that a test of played calls keeps (`tests/call/test_budget_of_calls.py`), a minute of talk:",
        f"{load.messages:.0f} messages,",
        f"{load.logged_kb:.0f} kB of logs and metrics.",
    )


def _instances() -> Iterator[str]:
    shard = ShardSettings()
    yield f"## Instances of {shard.instance_type} for {AGENTS:,} agents"
    yield ""
    yield row("inputs", "rounds a minute", "requests a round", "requests a minute of an instance", "instances")
    yield row("---", "--:", "--:", "--:", "--:")
    for title, load, which in (("assumed", ASSUMED, ASSUMED_SHARD), ("measured", Load(), shard)):
        cells = (f"{load.rounds:g}", f"{load.requests_a_round:g}", f"{which.invocations_per_minute:,}")
        yield row(title, *cells, f"**{instances(AGENTS, which, load)}**")
    yield ""
    yield from prose(
        f"Goal: {MOST_INSTANCES} at most. With the measured rounds, by how many fused requests a minute an",
        "instance takes:",
    )
    yield row("requests a minute", *(f"{rate:,}" for rate in RATES))
    yield row("---", *("--:" for _ in RATES))
    counts = (instances(AGENTS, shard.model_copy(update={"invocations_per_minute": rate}), Load()) for rate in RATES)
    yield row("instances", *map(str, counts))
    yield ""
    yield from prose(
        "A wave in one request takes the shard 12 ms at p95 on a quiet machine (`sotto bench waves`), and 20.9 ms of",
        "a",
        "processor in two runs on cores that others kept busy (`sotto bench wave-rate`, one thread). One pass",
        "at a time,",
        "that is 2,900 to 5,000 a minute; queues grow long above two thirds of it, so that an instance is deployed for",
        "2,000, where 3,000 were assumed. Batches, which make queues shorter, are in neither.",
    )


def _worker(prices: Prices) -> Iterator[str]:
    needs = WorkerNeeds()
    yield "## The audio worker's memory"
    yield ""
    yield from prose(
        f"Its process needs {needs.peak_mb:.0f} MB at most, and Lambda's runtime {needs.runtime_mb:.0f} beside",
        f"it; {needs.share:.3f} of a core",
        "while people speak, by `python -m benchmarks.worker_memory` with Transcribe's protocol (Deepgram's:",
        "the same memory, less",
        "of a core). What more memory buys is processor time: to start, and from a final in hand until",
        "guidance is asked for.",
    )
    yield row("memory", "$ an hour", "of a core", "busy", "starts in", "a final is sent on in")
    yield row("--:", "--:", "--:", "--:", "--:", "--:")
    for size in SIZES_MB:
        mark = "**" if size == deployed_mb() else ""
        cells = (
            f"{size:,} MB",
            f"{needs.dollars_an_hour(size, prices):.4f}",
            f"{needs.core(size):.2f}",
            f"{needs.share / needs.core(size):.0%}",
            f"{needs.starts_in_s(size):.1f} s",
            f"{needs.round_takes_ms(size):.0f} ms",
        )
        yield row(*(f"{mark}{each}{mark}" for each in cells))
    yield ""
    yield from prose(
        "Processor time alone, without the services' part. Deployed is the line in bold",
        "(docs/decisions/0422). A cell with the",
        "embedded recogniser has 3,538 MB, for its two processors.",
    )


def _recognisers(prices: Prices) -> Iterator[str]:
    yield "## Beside it: the recogniser"
    yield ""
    yield row("recogniser", "$ an hour of one call")
    yield row("---", "--:")
    yield row("Amazon Transcribe, streaming, first tier", f"{60 * prices.transcribe_minutes[0][1]:.2f}")
    yield row(f"the same, {AGENTS:,} agents through its tiers", f"{an_hour(Load(), prices)['Transcribe']:.2f}")
    yield row("Deepgram Nova-3, streaming, two channels", f"{2 * 60 * DEEPGRAM_MINUTE:.2f}")
    yield ""
    yield from prose(
        "Not in the tables: what Connect and its stream's ingestion cost with or without Sotto, the",
        "telephone, and language models.",
    )
