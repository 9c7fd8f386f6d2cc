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


DEFAULT_BUS = "default"


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """An EventBridge rule with one Lambda target. ``bus``: as ``Resources.buses`` names it, or the account's own.

    What cannot be handed over is tried again ``retries`` times or until it is older than ``max_event_age_s``, then it
    goes to the rule's dead-letter queue.
    """

    name: str
    pattern: Mapping[str, Any]
    function: str
    bus: str = DEFAULT_BUS
    retries: int = 8
    max_event_age_s: int = 300


@dataclass(frozen=True, slots=True)
class PipeSpec:
    """An EventBridge pipe from a table's stream to a bus. It carries items that are new and whose sort key begins with
    ``prefix``; of each the attributes ``fields``, which are strings. ``type_field`` becomes the detail-type.
    """

    name: str
    table: str
    bus: str
    source: str
    prefix: str
    fields: tuple[str, ...]
    type_field: str = "type"
    batch_size: int = 10
    retries: int = 100
    max_record_age_s: int = 43_200
    """Half of what DynamoDB keeps: what fails for so long is in the dead letters while it can still be read."""

    @property
    def pattern(self) -> Mapping[str, Any]:
        return {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": self.prefix}]}}}}

    @property
    def template(self) -> str:
        """A variable that is not in quotes becomes a JSON string, quotes included.
        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html"""
        return "{" + ", ".join(f'"{field}": <{self.path_of(field)}>' for field in self.fields) + "}"

    def path_of(self, field: str) -> str:
        return f"$.dynamodb.NewImage.{field}.S"


@dataclass(frozen=True, slots=True)
class Resources:
    tables: tuple[TableSpec, ...] = ()
    buckets: tuple[str, ...] = ()
    functions: tuple[FunctionSpec, ...] = ()
    state_machines: tuple[StateMachineSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()
    buses: tuple[str, ...] = ()
    pipes: tuple[PipeSpec, ...] = ()

    def rules_of(self, bus: str) -> tuple[RuleSpec, ...]:
        return tuple(rule for rule in self.rules if rule.bus == bus)


def _function(name: str, timeout_s: float, memory_mb: int = 512, **more: Any) -> FunctionSpec:
    return FunctionSpec(name, f"functions.{name}.handler.handler", timeout_s, memory_mb, **more)


EVENTS = "sotto-events"
"""The bus of what is settled: sotto/call/events.py."""
EVENT_SOURCE = "sotto"


def _subscription(function: str, *types: str) -> RuleSpec:
    """``function`` consumes these events. They stay true, so they are tried for a day."""
    pattern = {"source": [EVENT_SOURCE], "detail-type": list(types)}
    return RuleSpec(f"events-to-{function.replace('_', '-')}", pattern, function, EVENTS, 185, 86_400)


SOTTO = Resources(
    tables=(
        TableSpec("sotto-contacts", ttl_attribute="expires_at", stream="NEW_IMAGE"),
        TableSpec("sotto-tenants"),
        TableSpec("sotto-models"),
        TableSpec("sotto-audit", ttl_attribute="expires_at"),
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
        _function("erase_contact", 60, asynchronous=True, max_event_age_s=21_600),  # and must not be lost
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
        _subscription("summarise_call", "transcript.completed", "conversation.ended"),
        _subscription("erase_contact", "consent.withdrawn"),
    ),
    buses=(EVENTS,),
    pipes=(
        PipeSpec(
            "event-outbox",
            table="sotto-contacts",
            bus=EVENTS,
            source=EVENT_SOURCE,
            prefix="event#",
            fields=("id", "type", "schema_version", "tenant", "contact_id", "record", "number", "occurred_at"),
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
