"""What a round takes on AWS, as Markdown: docs/latency.md, made by ``python -m benchmarks.aws_latency --write``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from functions.specs import function_specs
from infra.markdown import prose, row
from infra.sizing.aws_services import Start
from infra.sizing.hops import CORE_MB, HOPS, ColdStart, OwnTime
from infra.sizing.simulated import RUNNERS, Simulated

KEPT = Path(__file__).parent / "sizing" / "simulated.json"
"""What the simulation found, so that the page can be made without running it for minutes; a test runs a part again."""
DEPLOYED = Start.SNAP_BUILT
BUDGET_MS, WORD_TO_SCREEN_MS = 150, 1_500


def kept() -> list[Simulated]:
    return [Simulated(**{**each, "start": Start(each["start"])}) for each in json.loads(KEPT.read_text())]


def page(found: Sequence[Simulated] | None = None) -> Iterator[str]:
    found = found if found is not None else kept()
    full = [one for one in found if one.limit == 1.0]
    yield "# How late guidance would be on AWS"
    yield ""
    yield from prose(
        "Made by `sotto bench aws-latency` (`python -m benchmarks.aws_latency --write`): a simulation, "
        "seeded, of rounds from",
        "the final in hand until the panel's socket has the guidance. Nothing here was measured on AWS. What "
        "our code and the",
        "shard take was measured on this repository's machine; what the services take are other people's "
        "published figures, as",
        "lognormal distributions by median and 99th percentile. How each is founded stands beside it; those "
        "that are only",
        "assumed are to be replaced first ([unverified.md](unverified.md)).",
    )
    yield "![Latency by agents, and of what it is made](images/aws-latency.svg)"
    yield ""
    yield from _runners(full)
    yield from _decides(full, found)
    yield from _starts(full)
    yield from _hops()
    yield from _model()


def _of(found: Sequence[Simulated], agents: int, runner: str, start: Start = DEPLOYED) -> Simulated:
    return next(one for one in found if (one.agents, one.runner, one.start) == (agents, runner, start))


def _sizes(found: Sequence[Simulated]) -> list[int]:
    return sorted({one.agents for one in found})


def _runners(found: Sequence[Simulated]) -> Iterator[str]:
    yield "## Both runners side by side"
    yield ""
    titles = ("p50 ms", "p95 ms", "p99 ms", "invocations", "requests", "$ a million rounds", "instances", "busy")
    yield row("agents", "runner", *titles)
    yield row("--:", "---", *("--:" for _ in range(8)))
    for agents in _sizes(found):
        for runner in RUNNERS:
            one = _of(found, agents, runner)
            times = (f"{each:.0f}" for each in (one.p50_ms, one.p95_ms, one.p99_ms))
            cells = (
                f"{one.invocations:.1f}",
                f"{one.requests:.1f}",
                f"{one.dollars:.2f}",
                f"{one.instances}",
                f"{one.busy:.0%}",
            )
            yield row(f"{agents:,}", runner, *times, *cells)
    yield ""
    yield from prose(
        "Invocations and requests to SageMaker are of a round, beside the audio worker. Dollars: Lambda, "
        "Step Functions and",
        "SnapStart; the shard's instances stand in any case (docs/cost.md). One agent's restores weigh on few rounds.",
    )


def _decides(full: Sequence[Simulated], found: Sequence[Simulated]) -> Iterator[str]:
    most = _sizes(full)[-1]
    direct, machine = (_of(full, most, runner) for runner in RUNNERS)
    starts = {start: _of(full, most, RUNNERS[0], start) for start in Start}
    before_ms = HOPS["fragment"].p50_ms + HOPS["recogniser"].p50_ms
    saved = HOPS["dispatch"].p50_ms - HOPS["invoke"].p50_ms
    yield "## What it says"
    yield ""
    yield from _points(
        f"**The direct runner** is {machine.p50_ms - direct.p50_ms:.0f} ms earlier in the median and "
        f"{machine.p95_ms - direct.p95_ms:.0f} at p95 than the state machine, for "
        f"{direct.dollars / machine.dollars:.0%} of its price: decision 0395 holds on AWS as it does here.",
        f"**The budget of {BUDGET_MS} ms** (p95, all of our own code) is about our code, and on AWS most of a "
        "round is not: of "
        f"{direct.p50_ms:.0f} ms in the median the services take about {_services_ms():.0f}. By these figures "
        "AWS does not keep "
        f"{BUDGET_MS} ms, whatever the runner: two transactions, one dispatch and one publication alone take longer.",
        f"**From the last word**, {before_ms:.0f} ms lie before the final in the median; "
        f"{before_ms + direct.p50_ms:.0f} ms are the "
        f"whole, against {WORD_TO_SCREEN_MS:,} at p95. The stream and the recogniser decide that, not the round.",
        f"**SnapStart: yes, with the ports built before the snapshot.** A round that meets a new environment takes "
        f"{_ms(starts[Start.PLAIN])} without SnapStart, {_ms(starts[Start.SNAP_START])} with it alone, "
        "because what is built at "
        f"first use runs after the restore, and {_ms(starts[DEPLOYED])} when it is built before "
        "(docs/decisions/0421). That pays while "
        f"a restore takes less than {_break_even_ms():,.0f} ms; of Python's no percentile is published.",
        f"**Provisioned concurrency: no.** It saves the {starts[DEPLOYED].cold:.2%} of rounds that meet a new "
        "environment in the worst "
        f"minute of a morning ({starts[DEPLOYED].p99_ms:.0f} ms at p99 become "
        f"{starts[Start.PROVISIONED].p99_ms:.0f}), excludes SnapStart, and must "
        "follow the number of calls; of one agent it costs more than the rounds. Once agents are at work, "
        "one round in "
        f"{_one_in(_of(full, 100, RUNNERS[0]).cold)} is cold.",
        "**What would help most** is outside the functions: an invocation that is waited for instead of an "
        "asynchronous one "
        f"({saved:.0f} ms), and not waiting for the utterance's transaction before guidance is asked for "
        f"({HOPS['store'].p50_ms:.0f} ms). Both give up something: Lambda's retries, and that nothing is "
        "shown that is not stored.",
    )
    yield ""
    yield from _throttled(found)


def _points(*points: str) -> Iterator[str]:
    for point in points:
        first, *rest = list(prose(point))[:-1]
        yield f"- {first}"
        yield from (f"  {line}" for line in rest)


def _ms(one: Simulated) -> str:
    return "nothing more" if one.cold_p50_ms is None else f"{one.cold_p50_ms:,.0f} ms"


def _one_in(share: float) -> str:
    return f"{round(1 / share):,}" if share else "none"


def _break_even_ms() -> float:
    """What a restore may take before a plain start is as quick, of orchestrate_utterance."""
    cold = ColdStart()
    (memory_mb,) = (spec.memory_mb for spec in function_specs() if spec.name == "orchestrate_utterance")
    return cold.platform.p50_ms + cold.imports_ms + cold.first_use_ms * CORE_MB / memory_mb


def _services_ms() -> float:
    names = ("store", "dispatch", "read", "shard", "store", "publish", "socket")
    return sum(HOPS[name].p50_ms for name in names)


def _throttled(found: Sequence[Simulated]) -> Iterator[str]:
    short = [one for one in found if one.limit < 1.0]
    yield "## When too little was asked for"
    yield ""
    yield row(
        "agents", "runner", "of the executions", "throttled", "p50 ms", "p95 ms", "p99 ms", "lost", "nodes left out"
    )
    yield row("--:", "---", *("--:" for _ in range(7)))
    for one in short:
        times = (f"{each:,.0f}" for each in (one.p50_ms, one.p95_ms, one.p99_ms))
        cells = (f"{one.limit:.0%}", f"{one.throttled:,}", *times, f"{one.lost:,}", f"{one.degraded:,}")
        yield row(f"{one.agents:,}", one.runner, *cells)
    yield ""
    yield from prose(
        "Executions at once beside the audio workers', as a share of what each runner should have been given. Lambda",
        "takes a refused asynchronous event again after a second, two and four, until it is a minute old; the state",
        "machine tries a node once more and a delivery three times. Guidance becomes late before it is "
        "lost, and a runner",
        "that asks for more executions loses more.",
    )


def _starts(found: Sequence[Simulated]) -> Iterator[str]:
    yield "## How environments start"
    yield ""
    yield row("agents", "runner", "start", "cold rounds", "such a round, p50 ms", "p99 ms of all", "$ a million rounds")
    yield row("--:", "---", "---", *("--:" for _ in range(4)))
    for agents in _sizes(found):
        for runner in RUNNERS:
            for start in Start:
                one = _of(found, agents, runner, start)
                cold = "-" if one.cold_p50_ms is None else f"{one.cold_p50_ms:,.0f}"
                yield row(
                    f"{agents:,}", runner, start, f"{one.cold:.2%}", cold, f"{one.p99_ms:,.0f}", f"{one.dollars:.2f}"
                )
    yield ""
    yield from prose(
        "One agent: ten half days of calls, each from nothing, with two minutes between calls. 100: half an "
        "hour, all logging",
        "in within ten minutes of a morning in which nothing is warm. 10,000: the first minute, all logging in within",
        "forty seconds, which is harsher than any morning. Provisioned: as many environments as executions at "
        "once are expected.",
    )


def _hops() -> Iterator[str]:
    yield "## Hops"
    yield ""
    yield row("hop", "p50 ms", "p99 ms", "founded", "source")
    yield row("---", "--:", "--:", "---", "---")
    for hop in HOPS.values():
        yield row(hop.title, f"{hop.p50_ms:g}", f"{hop.p99_ms:g}", hop.grade, hop.source)
    yield ""
    yield from prose(
        "The first two lie before the final and the last two beside the round; no guidance waits for a "
        "stream or the bus."
    )


def _model() -> Iterator[str]:
    own, cold = OwnTime(), ColdStart()
    yield "## What is simulated"
    yield ""
    yield from _points(
        f"Our code, milliseconds of one core: audio worker {own.worker:g}, a round in one function "
        f"{own.direct_round:g}, "
        f"by the machine {own.plan:g} to plan, {own.route:g} for each node, {own.deliver:g} to deliver. "
        f"Lambda gives memory / {CORE_MB:,} MB of a core.",
        f"The shard: {own.shard_wave:g} ms (p99 {own.shard_wave_p99:g}) for a wave in one request, "
        f"{own.shard_one:g} ({own.shard_one_p99:g}) for one model; "
        "one pass at a time on each instance, the least loaded is asked, batches are left out.",
        f"A new environment: {cold.platform.p50_ms:g} ms (p99 {cold.platform.p99_ms:g}) and "
        f"{cold.imports_ms:g} of imports, or a restore of "
        f"{cold.restore.p50_ms:g} ({cold.restore.p99_ms:g}); then {cold.first_use_ms:g} of a core at first "
        "use, unless built before. "
        "Idle ones are kept ten minutes; a function gets 1,000 more in ten seconds at most.",
        "Executions at once: the account's quota as asked for, less the audio workers'; throttles and "
        "retries as AWS documents "
        "them and the state machine has them. Rounds come at random, eleven a minute of talk, one in ten "
        "with a second wave.",
        "Left out: DynamoDB's and AppSync's throttling (quotas are asked for), failures of services, and the "
        "network to the panel "
        "beyond AppSync's own delivery.",
    )
