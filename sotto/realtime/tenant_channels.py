"""Each tenant's messages over the channels that the deployment chose for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

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


@dataclass(slots=True)
class _Way:
    channel: PanelChannel
    resting_until_ms: float = field(default=float("-inf"))


class TenantChannels:
    """A PanelChannel. ``chosen``: tenant -> names of channels; ANY_TENANT for those that it does not name. Every chosen
    channel is published to, at the same time, whatever becomes of the others; then the first failure is raised."""

    def __init__(self, channels: Mapping[str, PanelChannel], chosen: Mapping[str, Sequence[str]], clock: Clock) -> None:
        self._ways = {name: _Way(channel) for name, channel in channels.items()}
        self._chosen = chosen
        self._clock = clock
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
            self._send_over(self._ways_of(tenant), partial(_flipped, send, mine), may_rest)

    def _ways_of(self, tenant: str) -> list[_Way]:
        return [self._ways[name] for name in self._chosen.get(tenant, self._chosen.get(ANY_TENANT, ()))]

    def _send_over(self, ways: Sequence[_Way], send: Callable[[PanelChannel], None], may_rest: bool) -> None:
        if len(ways) == 1:
            send(ways[0].channel)
            return
        outcomes = list(self._side.map(lambda way: self._try(way, send, may_rest), ways))
        failures = [each for each in outcomes if each is not None]
        if failures:
            raise failures[0]

    def _try(
        self, way: _Way, send: Callable[[PanelChannel], None], may_rest: bool
    ) -> ChannelUnavailable | MessageTooLarge | None:
        if may_rest and self._clock.monotonic_ms() < way.resting_until_ms:
            return ChannelUnavailable("a channel has just failed and is left out for a moment")
        try:
            send(way.channel)
        except PanelUnreachable as failure:
            return failure
        except ChannelUnavailable as failure:
            way.resting_until_ms = self._clock.monotonic_ms() + REST_MS
            return failure
        except MessageTooLarge as failure:
            return failure
        return None


def _flipped(send: Callable[[PanelChannel, Sequence[T]], None], mine: Sequence[T], channel: PanelChannel) -> None:
    send(channel, mine)
