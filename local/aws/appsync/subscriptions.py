"""Who has subscribed to what, and what each of them receives when a mutation has run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from local.aws.appsync.execution import Executor, Operation, Outcome, RequestContext, RootField
from local.aws.appsync.filters import passes_arguments, passes_enhanced
from local.aws.appsync.resolvers import Invalidation

LARGEST_MESSAGE_BYTES = 240 * 1024
"""https://docs.aws.amazon.com/general/latest/gr/appsync.html: a larger one is dropped without an error."""


class Receiver(Protocol):
    """A subscriber's connection."""

    def offer(self, frame: str) -> None:
        """Queue ``frame`` without waiting; a connection that cannot take it ends."""
        ...

    def end(self, subscription_id: str) -> None:
        """Forget a subscription that was invalidated, and send the client ``complete``."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Subscription:
    id: str
    receiver: Receiver
    operation: Operation
    caller: RequestContext
    root: RootField

    def wants(self, payload: Mapping[str, Any]) -> bool:
        # A filter that the resolver set replaces the one that the arguments would make.
        if self.root.resolved.subscription_filter is not None:
            return passes_enhanced(payload, self.root.resolved.subscription_filter)
        return passes_arguments(payload, self.root.arguments)

    def ends_with(self, payload: Mapping[str, Any]) -> bool:
        wanted = self.root.resolved.invalidation_filter
        return wanted is not None and passes_enhanced(payload, wanted)


class Subscriptions:
    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._by_field: dict[str, dict[tuple[int, str], Subscription]] = {}

    def add(self, subscription: Subscription) -> None:
        self._by_field.setdefault(subscription.root.name, {})[_key(subscription)] = subscription

    def remove(self, subscription: Subscription) -> None:
        self._by_field.get(subscription.root.name, {}).pop(_key(subscription), None)

    def publish(self, mutation: Outcome) -> None:
        """Publish every root field that gave data to its subscribers, in the operation's order."""
        for root in mutation.roots:
            payload = (mutation.data or {}).get(root.response_key)
            if payload is not None:
                for field in self._executor.api.subscriptions_of.get(root.name, ()):
                    self._deliver(field, payload)
                if root.resolved.invalidation is not None:
                    self._invalidate(root.resolved.invalidation)

    def _invalidate(self, invalidation: Invalidation) -> None:
        for subscription in list(self._by_field.get(invalidation.subscription_field, {}).values()):
            if subscription.ends_with(invalidation.payload):
                subscription.receiver.end(subscription.id)

    def _deliver(self, field: str, payload: Mapping[str, Any]) -> None:
        projected: dict[tuple[Any, ...], str] = {}
        for subscription in list(self._by_field.get(field, {}).values()):
            if subscription.wants(payload):
                alike = (
                    id(subscription.operation.document),
                    subscription.root.response_key,
                    subscription.caller.identity.mode,
                )
                if subscription.operation.variables or alike not in projected:
                    projected[alike] = self._projected(subscription, payload)
                self._send(subscription, projected[alike])

    def _projected(self, subscription: Subscription, payload: Mapping[str, Any]) -> str:
        received = self._executor.project(subscription.operation, subscription.caller, subscription.root.name, payload)
        return json.dumps(received, separators=(",", ":"), ensure_ascii=False)

    def _send(self, subscription: Subscription, received: str) -> None:
        frame = f'{{"id":{json.dumps(subscription.id)},"type":"data","payload":{received}}}'
        if len(frame.encode()) <= LARGEST_MESSAGE_BYTES:
            subscription.receiver.offer(frame)


def _key(subscription: Subscription) -> tuple[int, str]:
    return id(subscription.receiver), subscription.id
