"""What stands behind a field: the NONE data source, or a Lambda function, with the code that sotto/realtime/resolvers
gives AppSync for each. The Python here and the JavaScript there are held together by a contract test.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.aws.appsync.filters import Filter, to_subscription_filter

Event = dict[str, Any]
Invoke = Callable[[str, Event], Any]
"""Runs a function by name. Plain functions are given a thread; coroutine functions run on the loop."""


class ResolverError(Exception):
    """``util.error(message, type)``: an entry in the answer's ``errors``."""

    def __init__(self, message: str, error_type: str) -> None:
        super().__init__(message)
        self.error_type = error_type


@dataclass(frozen=True, slots=True)
class Echo:
    """publish_message.js on a NONE data source: the ``input`` argument comes back."""


@dataclass(frozen=True, slots=True)
class EchoAssignment:
    """publish_assignment.js: comes back too, and a release ends the agent's subscription to the contact."""


@dataclass(frozen=True, slots=True)
class LambdaField:
    """serve.js: the function's ``data``, or its ``error`` raised with its type."""

    function: str


@dataclass(frozen=True, slots=True)
class LambdaSubscription:
    """subscribe.js: the function's ``data`` holds the conditions ``deliverWhen`` and ``endWhen``."""

    function: str


Resolver = Echo | EchoAssignment | LambdaField | LambdaSubscription
Resolvers = Mapping[str, Resolver]
"""``"Query.contact"`` to its resolver."""


@dataclass(frozen=True, slots=True)
class Invalidation:
    """``extensions.invalidateSubscriptions``."""

    subscription_field: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value, and what the resolver's code asked of ``extensions``."""

    value: Any
    subscription_filter: Filter | None = None
    invalidation_filter: Filter | None = None
    invalidation: Invalidation | None = None


async def resolve(resolver: Resolver, event: Event, invoke: Invoke) -> Resolved:
    """Run one field's resolver. Raises ResolverError."""
    match resolver:
        case Echo() | EchoAssignment():
            return echoed(resolver, event["arguments"])
        case LambdaField(function):
            return Resolved(_data(await _invoked(invoke, function, event)))
        case LambdaSubscription(function):
            return _subscribed(_data(await _invoked(invoke, function, event)))


def echoed(resolver: Echo | EchoAssignment, arguments: Mapping[str, Any]) -> Resolved:
    given = arguments["input"]
    if isinstance(resolver, Echo) or given["state"] != "RELEASED":
        return Resolved(given)
    released = {"tenant": given["tenant"], "contactId": given["contact"]["contactId"], "agent": given["agent"]}
    return Resolved(given, invalidation=Invalidation("onContactMessage", released))


def _subscribed(conditions: Mapping[str, Any]) -> Resolved:
    deliver, end = conditions["deliverWhen"], conditions["endWhen"]
    return Resolved(None, to_subscription_filter(deliver), to_subscription_filter(end) if end else None)


async def _invoked(invoke: Invoke, function: str, event: Event) -> Any:
    try:
        if inspect.iscoroutinefunction(invoke):
            running: Awaitable[Any] = invoke(function, event)
            return await running
        return await asyncio.to_thread(invoke, function, event)
    except Exception as error:
        # A function that fails is an answer here, as it is for AppSync: Lambda:Unhandled, hidden by serve.js.
        raise ResolverError("This could not be served just now; try again.", "Unavailable") from error


def _data(answer: Any) -> Any:
    if not isinstance(answer, Mapping) or not {"data", "error"} & answer.keys():
        raise ResolverError("This could not be served just now; try again.", "Unavailable")
    if error := answer.get("error"):
        raise ResolverError(error["message"], error["type"])
    return answer["data"]
