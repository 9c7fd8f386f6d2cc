"""Each tenant's messages over the channels that the deployment chose for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sotto.core.circuit_breaker import CircuitBreaker, CircuitOpen
from sotto.core.clock import Clock
from sotto.realtime.channel import (
    AgentAssignment,
    ChannelUnavailable,
    MessageTooLarge,
    PanelChannel,
    PanelMessage,
    PanelUnreachable,
)

ANY_TENANT = "*"
REST_MS = 5_000
"""A channel that failed is given no messages for this long where another one serves the same tenant, so that its
timeouts do not become the other one's delay. Assignments it is given: a release that is not tried lets someone listen
on."""

T = TypeVar("T", PanelMessage, AgentAssignment)


@dataclass(frozen=True, slots=True)
class _Route:
    channel: PanelChannel
    breaker: CircuitBreaker


class TenantChannels:
    """A PanelChannel. ``chosen``: tenant -> names of channels; ANY_TENANT for those that it does not name. Every chosen
    channel is published to, at the same time, whatever becomes of the others; then the first failure is raised."""

    def __init__(self, channels: Mapping[str, PanelChannel], chosen: Mapping[str, Sequence[str]], clock: Clock) -> None:
        self._routes = {
            name: _Route(channel, CircuitBreaker(clock, failures=1, open_ms=REST_MS))
            for name, channel in channels.items()
        }
        self._chosen = chosen
        self._side = ThreadPoolExecutor(max_workers=2 * len(channels), thread_name_prefix="channels")

    def publish(self, messages: Sequence[PanelMessage]) -> None:
        self._send(messages, lambda each: each.tenant, lambda channel, mine: channel.publish(mine), may_rest=True)

    def assign(self, assignments: Sequence[AgentAssignment]) -> None:
        self._send(
            assignments, lambda each: each.contact.tenant, lambda channel, mine: channel.assign(mine), may_rest=False
        )

    def _send(
        self,
        items: Sequence[T],
        tenant_of: Callable[[T], str],
        send: Callable[[PanelChannel, Sequence[T]], None],
        *,
        may_rest: bool,
    ) -> None:
        for tenant in dict.fromkeys(map(tenant_of, items)):
            mine = [each for each in items if tenant_of(each) == tenant]
            self._send_over(self._routes_of(tenant), partial(_flipped, send, mine), may_rest)

    def _routes_of(self, tenant: str) -> list[_Route]:
        return [self._routes[name] for name in self._chosen.get(tenant, self._chosen.get(ANY_TENANT, ()))]

    def _send_over(self, routes: Sequence[_Route], send: Callable[[PanelChannel], None], may_rest: bool) -> None:
        if len(routes) == 1:
            send(routes[0].channel)
            return
        outcomes = list(self._side.map(lambda route: self._try(route, send, may_rest), routes))
        failures = [each for each in outcomes if each is not None]
        if failures:
            raise failures[0]

    def _try(
        self, route: _Route, send: Callable[[PanelChannel], None], may_rest: bool
    ) -> ChannelUnavailable | MessageTooLarge | None:
        unreachable: PanelUnreachable | None = None
        try:
            with route.breaker.attempt(failures=(ChannelUnavailable,), admitted=not may_rest) as attempt:
                try:
                    send(route.channel)
                except PanelUnreachable as failure:  # one panel's, not the channel's
                    unreachable = failure
                attempt.answered()
        except CircuitOpen:
            return ChannelUnavailable("a channel has just failed and is left out for a moment")
        except (ChannelUnavailable, MessageTooLarge) as failure:
            return failure
        return unreachable


def _flipped(send: Callable[[PanelChannel, Sequence[T]], None], mine: Sequence[T], channel: PanelChannel) -> None:
    send(channel, mine)
