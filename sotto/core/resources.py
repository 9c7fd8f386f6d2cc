"""What Sotto keeps things in and runs, as data: the embedded stack creates it, the CDK app deploys it.

Functions are not listed here: each says of itself what it is and what it needs (functions/<name>/function.py), and what
they need is what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sotto.core.settings import ConnectionRecords, ContactRecords, ModelRecords, Setting, TenantBooks

if TYPE_CHECKING:
    from sotto.core.function_spec import FunctionSpec

LIVE = "live"
"""The alias under which every function is invoked: snapshots, rollbacks and failure queues hang on it."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A DynamoDB table, on demand. Both keys are strings; ``stream`` is a StreamViewType or None. ``setting``: by which
    functions learn its name. ``lasting``: is kept when everything else goes; what does not last lives for hours."""

    name: str
    partition_key: str = "pk"
    sort_key: str | None = "sk"
    ttl_attribute: str | None = None
    stream: str | None = None
    setting: type[Setting] | None = None
    lasting: bool = True

    @property
    def variable(self) -> str:
        """The environment variable that holds its name."""
        return f"{self.name.upper().replace('-', '_')}_TABLE"


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


CONTACTS = TableSpec("sotto-contacts", ttl_attribute="expires_at", stream="NEW_IMAGE", setting=ContactRecords)
TENANTS = TableSpec("sotto-tenants", setting=TenantBooks)
MODELS = TableSpec("sotto-models", setting=ModelRecords)
CONNECTIONS = TableSpec("sotto-connections", ttl_attribute="expires_at", setting=ConnectionRecords, lasting=False)
"""Its rows are gone with the connection, so they expire by themselves and nothing else."""
ARTIFACTS = "sotto-artifacts"
ARTIFACTS_VARIABLE = "SOTTO_ARTIFACTS_BUCKET"
GUIDE_UTTERANCE = StateMachineSpec("guide_utterance", "statemachines/guide_utterance.asl.json")


def resources_of(functions: Iterable[FunctionSpec]) -> Resources:
    """These functions, and all that they need."""
    functions = tuple(functions)
    needs = [need for spec in functions for need in spec.needs]
    tables = {table.name: table for need in needs for table in need.tables}
    machines = {machine.name: machine for need in needs for machine in need.state_machines}
    return Resources(
        tables=tuple(tables[name] for name in sorted(tables)),
        buckets=tuple(sorted({bucket for need in needs for bucket in need.buckets})),
        functions=functions,
        state_machines=tuple(_with_tasks(machine, functions) for machine in machines.values()),
        rules=tuple(rule for spec in functions for rule in spec.rules),
    )


def _with_tasks(machine: StateMachineSpec, functions: Iterable[FunctionSpec]) -> StateMachineSpec:
    """``route_inference`` is ``${RouteInferenceArn}`` in the definition."""
    tasks = [spec.name for spec in functions if spec.is_task_of(machine)]
    return replace(machine, substitutions={f"{_pascal(name)}Arn": name for name in tasks})


def _pascal(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))
