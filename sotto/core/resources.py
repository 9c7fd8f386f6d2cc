"""What Sotto keeps things in and runs, as data: the embedded stack creates it, the CDK app deploys it.

Functions are not listed here: each says of itself what it is and what it needs (functions/<name>/function.py), and what
they need is what there is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sotto.core.settings import (
    ApiRecords,
    AuditRecords,
    ConnectionRecords,
    ContactRecords,
    DataKeyRecords,
    DirectoryRecords,
    ErasureRecords,
    HistoryRecords,
    ModelRecords,
    Setting,
    TenantBooks,
)

if TYPE_CHECKING:
    from sotto.core.function_spec import FunctionSpec
    from sotto.core.triggers import StepOf

LIVE = "live"
"""The alias under which every function is invoked: snapshots, rollbacks and failure queues hang on it."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A DynamoDB table, on demand. Both keys are strings; ``stream`` is a StreamViewType or None. ``setting``: by which
    functions learn its name. ``lasting``: is kept when everything else goes; what does not last lives for hours.
    ``recovery_days``: to any second of how many it can be restored. ``keys``: the table of the keys under which its
    items are encrypted, which everybody needs who reaches it."""

    name: str
    partition_key: str = "pk"
    sort_key: str | None = "sk"
    ttl_attribute: str | None = None
    stream: str | None = None
    setting: type[Setting] | None = None
    lasting: bool = True
    recovery_days: int = 35
    keys: TableSpec | None = None

    @property
    def variable(self) -> str:
        """The environment variable that holds its name."""
        return f"{self.name.upper().replace('-', '_')}_TABLE"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A function that a state machine runs as a step. ``early``: also while more of the transcript comes. ``awaits``:
    events that run it alone."""

    function: str
    early: bool = False
    awaits: tuple[str, ...] = ()


Plan = tuple[tuple[tuple[PlannedStep, ...], ...], ...]
"""Stages that follow each other; of each, branches side by side; of each, steps that follow each other."""


@dataclass(frozen=True, slots=True)
class StateMachineSpec:
    """An Express state machine, or a Standard one (``express`` False). ``substitutions`` maps each ``${Name}`` of the
    definition to a function's name; ``plan`` stands for ``${Plan}`` where functions name themselves steps of it."""

    name: str
    definition: str
    substitutions: Mapping[str, str] = field(default_factory=dict)
    express: bool = True
    plan: Plan = ()

    @property
    def functions(self) -> tuple[str, ...]:
        """All that it calls."""
        steps = [step.function for stage in self.plan for branch in stage for step in branch]
        return tuple(dict.fromkeys((*self.substitutions.values(), *steps)))

    def substituted(self, arns: Mapping[str, str]) -> dict[str, str]:
        """What each ``${Name}`` of the definition becomes; ``arns``: of functions, by name."""
        values = {name: arns[function] for name, function in self.substitutions.items()}
        return values | ({"Plan": self._written_plan(arns)} if self.plan else {})

    def _written_plan(self, arns: Mapping[str, str]) -> str:
        """JSON within a string of JSON: lists in objects, because JSONata takes a list of one for what is in it."""
        stages = [
            {"branches": [{"steps": [_written_step(step, arns) for step in branch]} for branch in stage]}
            for stage in self.plan
        ]
        return json.dumps(stages).replace('"', '\\"')


def _written_step(step: PlannedStep, arns: Mapping[str, str]) -> dict[str, str | bool | list[str]]:
    return {"step": step.function, "arn": arns[step.function], "early": step.early, "awaits": list(step.awaits)}


STAGES = ("made", "filed")
"""Of a plan: what is made of a conversation, then what carries it elsewhere."""
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
    vector_buckets: tuple[str, ...] = ()
    functions: tuple[FunctionSpec, ...] = ()
    state_machines: tuple[StateMachineSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()
    buses: tuple[str, ...] = ()
    pipes: tuple[PipeSpec, ...] = ()

    def rules_of(self, bus: str) -> tuple[RuleSpec, ...]:
        return tuple(rule for rule in self.rules if rule.bus == bus)


DATA_KEYS = TableSpec("sotto-data-keys", ttl_attribute="expires_at", setting=DataKeyRecords, recovery_days=1)
"""Restorable for one day, so that a key that is destroyed is gone a day later, and with it what backups hold."""
CONTACTS = TableSpec(
    "sotto-contacts", ttl_attribute="expires_at", stream="NEW_IMAGE", setting=ContactRecords, keys=DATA_KEYS
)
ERASURES = TableSpec("sotto-erasures", ttl_attribute="expires_at", setting=ErasureRecords)
"""What was asked to be erased and what must not be, and by what people are found: no identity in clear."""
TENANTS = TableSpec("sotto-tenants", setting=TenantBooks)
MODELS = TableSpec("sotto-models", setting=ModelRecords)
AUDIT = TableSpec("sotto-audit", ttl_attribute="expires_at", setting=AuditRecords)
DIRECTORY = TableSpec("sotto-directory", ttl_attribute="expires_at", setting=DirectoryRecords)
HISTORY = TableSpec("sotto-history", ttl_attribute="expires_at", setting=HistoryRecords)
"""A row for each conversation, and a copy of it in each list that it is in: sotto/history."""
CONNECTIONS = TableSpec("sotto-connections", ttl_attribute="expires_at", setting=ConnectionRecords, lasting=False)
"""Its rows are gone with the connection, so they expire by themselves and nothing else."""
API = TableSpec("sotto-api", ttl_attribute="expires_at", setting=ApiRecords)
"""Of the REST API: keys, how much each has asked, answers to writes that may be sent again."""
ARTIFACTS = "sotto-artifacts"
SEARCH = "sotto-search"
"""The vector bucket: an index for each tenant."""
SEARCH_VARIABLE = "SOTTO_SEARCH_BUCKET"
ARTIFACTS_VARIABLE = "SOTTO_ARTIFACTS_BUCKET"
FACTS = "sotto-facts"
"""The bucket of what analytics counts: ``<tenant>/<fact>/dt=<day>/part.parquet``."""
FACTS_VARIABLE = "SOTTO_FACTS_BUCKET"
RECORDINGS = "sotto-audio"
"""Redacted recordings, each tenant's under its own key."""
RECORDINGS_VARIABLE = "SOTTO_AUDIO_BUCKET"
GUIDE_UTTERANCE = StateMachineSpec("guide_utterance", "statemachines/guide_utterance.asl.json")
AFTER_CALL = StateMachineSpec("after_call", "statemachines/after_call.asl.json", express=False)
REVIEW = StateMachineSpec("review_conversation", "statemachines/review_conversation.asl.json", express=False)
RUN_WORKFLOW = StateMachineSpec("run_workflow", "statemachines/run_workflow.asl.json", express=False)
IMPORT_CONVERSATIONS = StateMachineSpec(
    "import_conversations", "statemachines/import_conversations.asl.json", express=False
)
EVENTS = "sotto-events"
"""The bus of what is settled: sotto/call/events.py."""
EVENT_SOURCE = "sotto"
EVENT_OUTBOX = PipeSpec(
    "event-outbox",
    table=CONTACTS.name,
    bus=EVENTS,
    source=EVENT_SOURCE,
    prefix="event#",
    fields=("id", "type", "schema_version", "tenant", "contact_id", "record", "number", "occurred_at"),
)
PIPES = (EVENT_OUTBOX,)


def subscription(function: str, *types: str) -> RuleSpec:
    """``function`` consumes these events. They stay true, so they are tried for a day."""
    pattern = {"source": [EVENT_SOURCE], "detail-type": list(types)}
    return RuleSpec(f"events-to-{function.replace('_', '-')}", pattern, function, EVENTS, 185, 86_400)


def resources_of(functions: Iterable[FunctionSpec]) -> Resources:
    """These functions, and all that they need."""
    functions = tuple(functions)
    needs = [need for spec in functions for need in spec.needs]
    tables = {table.name: table for need in needs for table in need.tables}
    machines = {machine.name: machine for need in needs for machine in need.state_machines}
    pipes = tuple(pipe for pipe in PIPES if pipe.table in tables)
    return Resources(
        tables=tuple(tables[name] for name in sorted(tables)),
        buckets=tuple(sorted({bucket for need in needs for bucket in need.buckets})),
        vector_buckets=tuple(sorted({bucket for need in needs for bucket in need.vector_buckets})),
        functions=functions,
        state_machines=tuple(_with_tasks(machine, functions) for machine in machines.values()),
        rules=tuple(rule for spec in functions for rule in spec.rules),
        buses=tuple(sorted({pipe.bus for pipe in pipes})),
        pipes=pipes,
    )


def _with_tasks(machine: StateMachineSpec, functions: Iterable[FunctionSpec]) -> StateMachineSpec:
    """``route_inference`` is ``${RouteInferenceArn}`` in the definition."""
    functions = tuple(functions)
    tasks = [spec.name for spec in functions if spec.is_task_of(machine)]
    return replace(
        machine, substitutions={f"{_pascal(name)}Arn": name for name in tasks}, plan=_plan(machine, functions)
    )


def _plan(machine: StateMachineSpec, functions: Iterable[FunctionSpec]) -> Plan:
    """Raises ValueError where a step follows one that its branch does not have, or itself by a detour."""
    steps = [(spec.name, step) for spec in functions for step in spec.steps_of(machine)]
    stages = sorted({step.stage for _, step in steps}, key=STAGES.index)
    return tuple(
        tuple(
            _in_order({name: step for name, step in steps if (step.stage, step.branch) == (stage, branch)})
            for branch in sorted({step.branch for _, step in steps if step.stage == stage})
        )
        for stage in stages
    )


def _in_order(branch: Mapping[str, StepOf]) -> tuple[PlannedStep, ...]:
    """What each follows comes before it; else by name."""
    placed: dict[str, PlannedStep] = {}
    while len(placed) < len(branch):
        ready = [
            name for name in sorted(branch) if name not in placed and all(each in placed for each in branch[name].after)
        ]
        if not ready:
            stuck = ", ".join(sorted(set(branch) - set(placed)))
            raise ValueError(f"steps without an order: {stuck}; each follows only steps of its own branch")
        placed[ready[0]] = PlannedStep(ready[0], branch[ready[0]].early, branch[ready[0]].awaits)
    return tuple(placed.values())


def _pascal(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))
