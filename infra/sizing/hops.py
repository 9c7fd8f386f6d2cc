"""How long a message takes between two parts of Sotto on AWS: published figures, as distributions, with their sources.

Figures of somebody else's functions in somebody else's region are no measurement of ours: ``grade`` says how far each
can be trusted. Our own dashboard's figures belong in their place after an hour of calls (docs/unverified.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

_Z99 = 2.3263479
"""Standard deviations between a normal distribution's median and its 99th percentile."""


class Grade(StrEnum):
    MEASURED = "measured here"
    """With a command of this repository; what is meant stands in the source."""
    PUBLISHED = "published"
    """Somebody's measurement of this very thing, with percentiles."""
    DERIVED = "derived"
    """The difference of two published figures, or a figure of something close to it."""
    ASSUMED = "assumed"
    """No percentile was found; the source says what was."""


@dataclass(frozen=True, slots=True)
class Hop:
    """Lognormal, by its median and its 99th percentile in milliseconds."""

    title: str
    p50_ms: float
    p99_ms: float
    grade: Grade
    source: str

    @property
    def mu(self) -> float:
        """Of the logarithm of milliseconds."""
        return math.log(self.p50_ms)

    @property
    def sigma(self) -> float:
        return math.log(self.p99_ms / self.p50_ms) / _Z99

    @property
    def mean_ms(self) -> float:
        return self.p50_ms * math.exp(self.sigma**2 / 2)


_COMPARED = "bitesizedserverless.com, “Serverless Messaging: Latency Compared”, 1,024 messages, eu-west-1, 2022"
_TRANSACTIONS = "github.com/alexdebrie/dynamodb-performance-testing, 400 requests each from a Lambda function"

HOPS = {
    "fragment": Hop(
        "media stream, last word until the worker has it", 650, 1_400, Grade.DERIVED,
        "Connect's fragments hold about 1 s (docs/decisions/0031), of which a word is half as old as its fragment on "
        "average; AWS's FAQ: GetMedia has what arrives at once",
    ),
    "recogniser": Hop(
        "recogniser, audio in hand until the final", 600, 1_500, Grade.ASSUMED,
        "Deepgram's documentation: 300 ms or less, and 300 ms of endpointing as we ask for; of Transcribe's finals "
        "no percentile was found",
    ),
    "store": Hop(
        "DynamoDB, TransactWriteItems (an utterance; a round's guidance)", 25.3, 92.5, Grade.PUBLISHED,
        f"{_TRANSACTIONS}: 5 items; ours have two to four",
    ),
    "read": Hop(
        "DynamoDB, GetItem or Query", 7.55, 16.2, Grade.DERIVED, f"{_TRANSACTIONS}: PutItem, which is no quicker"
    ),
    "invoke": Hop(
        "Lambda, a warm function invoked and waited for, beside its own time", 12, 60, Grade.DERIVED,
        f"{_COMPARED}: what is left of SQS to Lambda (16 ms, p99 105) without the queue",
    ),
    "dispatch": Hop(
        "Lambda, asynchronous: invoked until the function runs, warm", 53, 150, Grade.DERIVED,
        f"{_COMPARED}: asynchronous less synchronous invocation by Step Functions, Express 41 ms and Standard 43 ms, "
        "upon the invocation itself",
    ),
    "machine": Hop(
        "Step Functions, Express: started until its first task runs, the task's invocation included", 77.3, 241,
        Grade.PUBLISHED, f"{_COMPARED}: Express, synchronous",
    ),
    "step": Hop(
        "Step Functions, Express: from one state to the next", 6, 30, Grade.ASSUMED,
        "AWS publishes none; p99 such that ten states stay within the published run above",
    ),
    "shard": Hop(
        "SageMaker, what the endpoint adds to the container's time", 7, 30, Grade.ASSUMED,
        "CloudWatch's OverheadLatency is documented, no figures; AWS's guidance for bidding asks less than "
        "20 ms of an "
        "endpoint, model included",
    ),
    "publish": Hop(
        "AppSync, a mutation without a data source, from a function", 60, 250, Grade.DERIVED,
        "github.com/aws/aws-appsync-community, issue 140: “average < 100 ms”, of which the resolver takes 1; single "
        "ones of seconds",
    ),
    "socket": Hop(
        "AppSync, published until the panel's socket has it", 40, 150, Grade.ASSUMED,
        "no percentile was found; Ably says 37 ms of its own service",
    ),
    "pipe": Hop(
        "DynamoDB stream through a pipe: written until the bus has it", 213, 552, Grade.DERIVED,
        f"{_COMPARED}: DynamoDB Streams, polled four times a second, to Lambda",
    ),
    "bus": Hop(
        "EventBridge, put until a function runs", 148, 387, Grade.PUBLISHED,
        f"{_COMPARED}; EventBridge measured again in February 2023",
    ),
}  # fmt: skip
"""``pipe`` and ``bus`` are what follows an event; no guidance waits for them."""


@dataclass(frozen=True, slots=True)
class OwnTime:
    """Processor milliseconds of our functions on one of this machine's cores, warm, and what the shard takes.

    Functions: `python -m benchmarks.call_budget` (the machine's: with ``--tenants`` a copy whose ``guidance.runner`` is
    ``step_functions``); the worker: as in ``infra.sizing.worker``. Lambda gives a function ``memory / 1,769 MB`` of a
    core, so that each takes so much longer there. Shard: `sotto bench waves`. Two shared cores, Python 3.11, no GPU.
    """

    worker: float = 8.0
    direct_round: float = 11.5
    plan: float = 4.3
    route: float = 2.5
    deliver: float = 7.4
    shard_wave: float = 12.0
    """All of a tenant's classifiers in one request."""
    shard_wave_p99: float = 24.0
    shard_one: float = 10.0
    """One model alone."""
    shard_one_p99: float = 20.0


@dataclass(frozen=True, slots=True)
class ColdStart:
    """What a function's first invocation in a new environment takes beside a warm one's time.

    ``platform``: a function that does nothing (github.com/maxday/lambda-perf, data/2025/2025-12-13.json, python3.13 on
    arm64: 75 to 102 ms of initialisation), and twice that for what comes before the initialisation is counted
    (placing, fetching the code). ``imports_ms`` run in the initialisation, at the speed of a whole core;
    ``first_use_ms`` in the first event, at the function's share of one. Both were measured here, processor time of a
    new process: ``python -m benchmarks.first_use``. ``restore``: of a snapshot; AWS says "as low as sub-second", and no
    percentile of Python's was found.
    """

    platform: Hop = Hop("environment and runtime", 260, 600, Grade.DERIVED, "lambda-perf")
    imports_ms: float = 250.0
    first_use_ms: float = 290.0
    restore: Hop = Hop("snapshot restored", 350, 900, Grade.ASSUMED, "AWS documentation of SnapStart")


CORE_MB = 1_769
"""At which Lambda gives a function one processor."""
IDLE_MS = 10 * 60_000.0
"""How long an idle environment is kept: five to fifteen minutes by others' experiments; AWS publishes none."""
NEW_ENVIRONMENTS_A_SECOND = 100.0
"""Lambda's scaling rate: 1,000 environments of a function in ten seconds (AWS documentation)."""
