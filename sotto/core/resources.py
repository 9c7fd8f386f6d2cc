"""What Sotto is made of in AWS, as data: the embedded stack creates it, the CDK app deploys it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LIVE = "live"
"""The alias under which every function is invoked: snapshots, rollbacks and failure queues hang on it."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A DynamoDB table, on demand. Both keys are strings; ``stream`` is a StreamViewType or None."""

    name: str
    partition_key: str = "pk"
    sort_key: str | None = "sk"
    ttl_attribute: str | None = None
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A Lambda function. ``handler`` as Lambda writes it: ``package.module.callable``.

    ``asynchronous``: invoked with events that Lambda queues, retries ``async_retries`` times and drops when they are
    older than ``max_event_age_s`` (60 to 21,600). ``snap_start``: a cold start would be noticed on a call.
    ``share_of_calls``: how many run at once, per call in progress; None leaves it to the account's common pool.
    ``calls_itself``: one execution starts the next, which Lambda would otherwise take for a loop.
    ``failures_to``: the function that is told of an event given up after its last retry, as Lambda records it; without
    one the record goes to a queue.
    """

    name: str
    handler: str
    timeout_s: float
    memory_mb: int = 512
    reserved_concurrency: int | None = None
    async_retries: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)
    asynchronous: bool = False
    max_event_age_s: int = 300
    snap_start: bool = False
    share_of_calls: float | None = None
    calls_itself: bool = False
    failures_to: str | None = None


@dataclass(frozen=True, slots=True)
class StateMachineSpec:
    """An Express state machine. ``substitutions`` maps each ``${Name}`` of the definition to a function's name."""

    name: str
    definition: str
    substitutions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """An EventBridge rule on the default bus with one Lambda target."""

    name: str
    pattern: Mapping[str, Any]
    function: str


@dataclass(frozen=True, slots=True)
class Resources:
    tables: tuple[TableSpec, ...] = ()
    buckets: tuple[str, ...] = ()
    functions: tuple[FunctionSpec, ...] = ()
    state_machines: tuple[StateMachineSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()


def _function(name: str, timeout_s: float, memory_mb: int = 512, **more: Any) -> FunctionSpec:
    return FunctionSpec(name, f"functions.{name}.handler.handler", timeout_s, memory_mb, **more)


SOTTO = Resources(
    tables=(
        TableSpec("sotto-contacts", ttl_attribute="expires_at", stream="NEW_IMAGE"),
        TableSpec("sotto-tenants"),
        TableSpec("sotto-models"),
    ),
    buckets=("sotto-artifacts",),
    functions=(
        _function("start_guidance", 8, snap_start=True, share_of_calls=0.05),  # Connect waits no longer
        # Lambda's own limit; a longer call is handed over, and for a while two workers hear it. An event ages while its
        # worker runs: with a lower limit a worker that crashes late would never be retried.
        _function(
            "transcribe_call",
            900,
            1024,
            asynchronous=True,
            max_event_age_s=3_600,
            calls_itself=True,
            failures_to="follow_contact",
            share_of_calls=1.1,
        ),
        # Guidance about what was said a minute ago helps nobody.
        _function("orchestrate_utterance", 30, asynchronous=True, max_event_age_s=60, snap_start=True),
        _function("route_inference", 10, snap_start=True),
        _function("deliver_annotations", 15, asynchronous=True, max_event_age_s=60, snap_start=True),
        _function("follow_contact", 15, asynchronous=True, calls_itself=True),  # by way of the worker that it revives
        _function("serve_agent", 10, snap_start=True),
        _function("summarise_call", 60, asynchronous=True, max_event_age_s=3_600),  # nobody waits for it on a call
        _function("ingest_contact_lens", 60, snap_start=True),  # a batch of segments from a stream
    ),
    state_machines=(
        StateMachineSpec(
            "guide_utterance",
            "statemachines/guide_utterance.asl.json",
            {"RouteInferenceArn": "route_inference", "DeliverAnnotationsArn": "deliver_annotations"},
        ),
    ),
    rules=(
        RuleSpec(
            "connect-contact-events",
            {"source": ["aws.connect"], "detail-type": ["Amazon Connect Contact Event"]},
            "follow_contact",
        ),
    ),
)

WEBSOCKET = Resources(
    # Whose rows are gone with the connection, so they expire by themselves and nothing else.
    tables=(TableSpec("sotto-connections", ttl_attribute="expires_at"),),
    functions=(
        _function("authorise_connection", 10),
        _function("track_connection", 10),
        _function("serve_connection", 10, snap_start=True),
    ),
)
"""The second channel to the panel, over API Gateway: deployed where a tenant asks for it, always there in local/."""

WEBSOCKET_AUTHORISER = "authorise_connection"
WEBSOCKET_ROUTES: Mapping[str, str] = {
    "$connect": "track_connection",
    "$disconnect": "track_connection",
    **dict.fromkeys(("ping", "ask", "subscribe", "unsubscribe", "$default"), "serve_connection"),
}
"""Route key -> function; a message's route is its ``action``. Each has one of its own, so that each is counted and
throttled for itself; what has none is answered with an error."""
