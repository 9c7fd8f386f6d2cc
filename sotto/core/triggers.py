"""What makes a function run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sotto.core.resources import StateMachineSpec


@dataclass(frozen=True, slots=True)
class Trigger:
    """Base of those below."""


@dataclass(frozen=True, slots=True)
class Events(Trigger):
    """Invoked asynchronously: Lambda queues the events, tries each again ``retries`` times, and gives it up when it is
    older than ``max_age_s`` (60 to 21,600). ``failures_to``: the function that gets the record of an event given up, as
    Lambda writes it; without one it goes to a queue."""

    retries: int = 2
    max_age_s: int = 300
    failures_to: str | None = None


@dataclass(frozen=True, slots=True)
class BusRule(Trigger):
    """A rule on the account's default bus; name it beside ``Events``, because EventBridge invokes asynchronously."""

    name: str
    pattern: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Every(Trigger):
    """Invoked asynchronously with an empty event, every so many minutes; name it beside ``Events``."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Subscription(Trigger):
    """Events of these types (sotto.call.events), from the outbox: at least once, in any order. Name it beside
    ``Events``, as ``BusRule``."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactFlow(Trigger):
    """Amazon Connect waits for the answer, at most 8 s."""


@dataclass(frozen=True, slots=True)
class TaskOf(Trigger):
    """``${FunctionNameArn}`` in the machine's definition."""

    machine: StateMachineSpec


@dataclass(frozen=True, slots=True)
class StepOf(Trigger):
    """A step of the machine's plan. Branches of a stage run side by side; within its ``branch`` a step comes after
    those that ``after`` names. ``early``: it also runs while more of the transcript comes, and again when all is there.
    ``awaits``: events that it waits for without holding up any other step: each runs it alone, and again while it
    answers that what it needs is still to come.
    """

    machine: StateMachineSpec
    branch: str = "conversation"
    after: tuple[str, ...] = ()
    stage: Literal["made", "filed"] = "made"
    early: bool = False
    awaits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactLensStream(Trigger):
    """Records of the Kinesis streams of Contact Lens's segments."""


@dataclass(frozen=True, slots=True)
class InstanceStream(Trigger):
    """Records of the Kinesis streams to which Connect instances export; ``exports`` is Connect's word for what. Off for
    instances whose deployment names no such stream."""

    exports: Literal["CONTACT_TRACE_RECORDS", "AGENT_EVENTS"]


@dataclass(frozen=True, slots=True)
class GraphQLFields(Trigger):
    """Every field of the panel's schema that needs an answer."""


@dataclass(frozen=True, slots=True)
class SocketAuthoriser(Trigger):
    """The WebSocket API asks it before it opens a connection."""


@dataclass(frozen=True, slots=True)
class SocketRoutes(Trigger):
    """Of the WebSocket API; a message's route is its ``action``. Each route has an integration of its own, so that it
    is counted and throttled for itself; what has none is answered with an error."""

    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HttpRoutes(Trigger):
    """Every address of the REST API."""
