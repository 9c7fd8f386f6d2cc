"""One run of synchronise_directory: the instances that it was asked for, one after the other, within its time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sotto.call.live import DirectoryOrder
from sotto.contacts.synchronise import Synchronised, SynchronisePorts, state_of, synchronise
from sotto.core.errors import SottoError
from sotto.core.metrics.measure import AGENTS_LEFT, DIRECTORY_AGE, DIRECTORY_SYNCHRONISED
from sotto.core.metrics.recorder import Metrics


@dataclass(frozen=True, slots=True)
class RoundPorts:
    """``go_on(order)``: have the rest of an instance done by another run."""

    synchronise: SynchronisePorts
    go_on: Callable[[DirectoryOrder], None]
    metrics: Metrics


def directory_round(orders: Sequence[DirectoryOrder], ports: RoundPorts, *, budget_ms: float) -> None:
    """A trouble with one instance keeps none of the others. Raises the first one after all had their turn."""
    clock = ports.synchronise.clock
    until_ms = clock.monotonic_ms() + budget_ms
    troubles: list[SottoError] = []
    for order in orders:
        try:
            _one(order, ports, until_ms - clock.monotonic_ms())
        except SottoError as error:
            troubles.append(error)
    if troubles:
        raise troubles[0]


def _one(order: DirectoryOrder, ports: RoundPorts, left_ms: float) -> None:
    done = synchronise(
        order.tenant, order.instance, ports.synchronise, budget_ms=max(0.0, left_ms), goes_on=order.goes_on
    )
    _measure(order, done, ports)
    if done is not None and done.unfinished:
        ports.go_on(replace(order, goes_on=True))


def _measure(order: DirectoryOrder, done: Synchronised | None, ports: RoundPorts) -> None:
    state = done.state if done else state_of(ports.synchronise.store, order.tenant, order.instance)
    age_ms = state.age_ms(ports.synchronise.clock.now_ms())
    ports.metrics.add(DIRECTORY_AGE, age_ms, tenant=order.tenant)
    if done is not None:
        ports.metrics.add(DIRECTORY_SYNCHRONISED, tenant=order.tenant, outcome=state.condition.value)
        ports.metrics.add(AGENTS_LEFT, done.left, tenant=order.tenant)
