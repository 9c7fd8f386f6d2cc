"""A Lambda function as it describes itself, in functions/<name>/function.py: see docs/adding-a-function.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

from sotto.core.needs import Need
from sotto.core.resources import RuleSpec, StateMachineSpec, subscription
from sotto.core.settings import (
    AwsRegion,
    Capability,
    Channel,
    Logging,
    Measurement,
    MissingSetting,
    Setting,
    Settings,
    Tracing,
)
from sotto.core.triggers import BusRule, Events, StepOf, Subscription, TaskOf, Trigger

Kind = TypeVar("Kind")
FunctionStack = Literal[
    "call-path", "learning", "rest-api", "alerts", "workflows", "siprec", "imports", "media-gateway"
]
OF_EVERY_FUNCTION: tuple[type[Setting], ...] = (AwsRegion, Measurement, Logging, Tracing)


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """``handler`` as Lambda writes it: ``package.module.callable``.

    ``asynchronous``, ``async_retries``, ``max_event_age_s``, ``failures_to``: as ``Events``. ``snap_start``: a cold
    start would be noticed on a call. ``share_of_calls``: how many run at once, per call in progress; None leaves it to
    the account's common pool. ``calls_itself``: one execution starts the next, which Lambda would otherwise take for a
    loop. ``channel``: deployed where a tenant's panels are told by it; None: everywhere. ``settings``: what it is told
    beside what its needs tell it. ``capability``: deployed where the deployment asks for it by this name; None:
    everywhere. ``stack``: in which it is deployed (infra/stacks): a subject that calls do not wait for has one of its
    own.
    """

    name: str
    handler: str
    timeout_s: float
    memory_mb: int = 512
    reserved_concurrency: int | None = None
    async_retries: int = 2
    asynchronous: bool = False
    max_event_age_s: int = 300
    snap_start: bool = False
    share_of_calls: float | None = None
    calls_itself: bool = False
    failures_to: str | None = None
    triggers: tuple[Trigger, ...] = ()
    needs: tuple[Need, ...] = ()
    settings: tuple[type[Setting], ...] = ()
    channel: Channel | None = None
    capability: Capability | None = None
    stack: FunctionStack = "call-path"

    @property
    def rules(self) -> tuple[RuleSpec, ...]:
        of_connect = [RuleSpec(each.name, each.pattern, self.name) for each in self.triggered_by(BusRule)]
        return (*of_connect, *(subscription(self.name, *each.types) for each in self.triggered_by(Subscription)))

    @property
    def all_settings(self) -> tuple[type[Setting], ...]:
        """Its own, and those of what it needs."""
        of_needs = (part for need in self.needs for part in need.settings)
        return tuple(dict.fromkeys((*OF_EVERY_FUNCTION, *of_needs, *self.settings)))

    @property
    def variables(self) -> tuple[str, ...]:
        """Of its environment."""
        return tuple(dict.fromkeys(name for part in self.all_settings for name in part.variables()))

    def check(self, settings: Settings) -> None:
        """Raises MissingSetting with everything that is missing or wrong."""
        problems = []
        for part in self.all_settings:
            try:
                settings.of(part)
            except MissingSetting as problem:
                problems.append(str(problem))
        if problems:
            raise MissingSetting(f"function {self.name}: {'; '.join(problems)}")

    def is_task_of(self, machine: StateMachineSpec) -> bool:
        return any(each.machine.name == machine.name for each in self.triggered_by(TaskOf))

    def steps_of(self, machine: StateMachineSpec) -> list[StepOf]:
        return [each for each in self.triggered_by(StepOf) if each.machine.name == machine.name]

    def triggered_by(self, kind: type[Kind]) -> list[Kind]:
        return [each for each in self.triggers if isinstance(each, kind)]

    def needs_of(self, kind: type[Kind]) -> list[Kind]:
        return [each for each in self.needs if isinstance(each, kind)]


def function(
    module: str,
    *triggers: Trigger,
    timeout_s: float,
    memory_mb: int = 512,
    needs: tuple[Need, ...] = (),
    settings: tuple[type[Setting], ...] = (),
    snap_start: bool = False,
    share_of_calls: float | None = None,
    calls_itself: bool = False,
    channel: Channel | None = None,
    capability: Capability | None = None,
    stack: FunctionStack = "call-path",
) -> FunctionSpec:
    """``module``: ``__name__`` of functions/<name>/function.py, so that the folder alone names the function."""
    package = module.rpartition(".")[0]
    events = next((each for each in triggers if isinstance(each, Events)), None)
    queued = Events() if events is None else events
    return FunctionSpec(
        name=package.rpartition(".")[2],
        handler=f"{package}.handler.handler",
        timeout_s=timeout_s,
        memory_mb=memory_mb,
        asynchronous=events is not None,
        async_retries=queued.retries,
        max_event_age_s=queued.max_age_s,
        failures_to=queued.failures_to,
        snap_start=snap_start,
        share_of_calls=share_of_calls,
        calls_itself=calls_itself,
        triggers=triggers,
        needs=needs,
        settings=settings,
        channel=channel,
        capability=capability,
        stack=stack,
    )
