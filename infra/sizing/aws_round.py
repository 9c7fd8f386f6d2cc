"""A round of guidance on AWS, from the final in hand until the panel's socket has it, by either runner.

Each part takes what a hop takes (``hops``) and what our functions compute at their share of a processor; environments
of functions, executions at once and the shard's instances are limited, and what is refused comes again as Lambda and
the state machine try again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from infra.sizing.aws_services import Endpoint, Function, Throttled
from infra.sizing.event_loop import Draw, EventLoop, Part, Process
from infra.sizing.hops import CORE_MB, OwnTime

EVENT_AGE_MS = 60_000.0
"""``max_age_s`` of orchestrate_utterance: guidance about what was said a minute ago helps nobody."""
NODE_RETRIES, DELIVERY_RETRIES = 1, 3
"""Of statemachines/guide_utterance.asl.json: the first after a second, then after two and four, with full jitter."""


@dataclass(slots=True)
class Outcome:
    """``took_ms``: of each round that was shown; ``cold_took_ms``: of those that waited for a new environment."""

    took_ms: list[float] = field(default_factory=list)
    cold_took_ms: list[float] = field(default_factory=list)
    lost: int = 0
    degraded: int = 0
    executions: int = 0
    execution_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class World:
    """``draws``: one for each of ``HOPS``, and ``wave`` and ``one`` for the shard's passes. ``chance``: uniform.
    ``second_wave``: how often a round has one. ``models``: nodes of a wave. ``worker_share``: of a processor."""

    loop: EventLoop
    draws: dict[str, Draw]
    chance: Draw
    orchestrate: Function
    route: Function
    deliver: Function
    endpoint: Endpoint
    own: OwnTime
    second_wave: float
    models: int
    worker_share: float
    outcome: Outcome = field(default_factory=Outcome)

    def direct(self) -> Process:
        """All of it in orchestrate_utterance."""
        began_ms = self.loop.now_ms
        started = yield from self._dispatched()
        if started is None:
            return
        cold_ms, first_ms = started
        runs_ms = self.loop.now_ms
        own_ms = _at(self.own.direct_round, self.orchestrate)
        yield first_ms + own_ms * 0.4 + self.draws["read"]()
        yield self.loop.all_of([self.endpoint.asked(self.draws["shard"](), self.draws["wave"]()), self._read()])
        if self._has_second_wave():  # asked while the first is stored and published
            again = self.endpoint.asked(self.draws["shard"](), self.draws["wave"]())
            yield self.loop.all_of([again, self._stored_and_published(own_ms * 0.3)])
        yield from self._stored_and_published(own_ms * 0.3)
        self.orchestrate.end(self.loop.now_ms - runs_ms)
        yield from self._shown(began_ms, is_cold=cold_ms > 0)

    def by_machine(self) -> Process:
        """orchestrate_utterance plans, the state machine asks a function for each node and one that delivers."""
        began_ms = self.loop.now_ms
        started = yield from self._dispatched()
        if started is None:
            return
        cold_ms, first_ms = started
        runs_ms = self.loop.now_ms
        yield first_ms + _at(self.own.plan, self.orchestrate) + self.draws["read"]()
        self.orchestrate.end(self.loop.now_ms - runs_ms)
        started_ms, colds = self.loop.now_ms, [cold_ms]
        yield self.draws["machine"]()
        for wave in range(1 + self._has_second_wave()):
            if wave:
                yield self.draws["step"]() + self.draws["invoke"]()
            yield self.loop.all_of([self._node(colds) for _ in range(self.models)])
            yield self.draws["step"]()
            if not (yield from self._delivered(colds)):
                self.outcome.lost += 1
                return
        self.outcome.executions += 1
        self.outcome.execution_ms += self.loop.now_ms - started_ms
        yield from self._shown(began_ms, is_cold=any(colds))

    def _dispatched(self) -> Part[tuple[float, float] | None]:
        """The worker redacts and stores, and Lambda takes the event: what a new environment took, and what its
        first event takes more, or None where the event grew too old."""
        yield self.own.worker / self.worker_share + self.draws["store"]()
        yield self.draws["dispatch"]()
        waited_ms, pause_ms = 0.0, 1_000.0
        while True:
            try:
                cold_ms, first_ms = self.orchestrate.begin()
            except Throttled:
                if waited_ms + pause_ms > EVENT_AGE_MS:
                    self.outcome.lost += 1
                    return None
                yield pause_ms
                waited_ms, pause_ms = waited_ms + pause_ms, pause_ms * 2
                continue
            yield cold_ms
            return cold_ms, first_ms

    def _node(self, colds: list[float]) -> Process:
        for attempt in range(1 + NODE_RETRIES):
            try:
                cold_ms, first_ms = self.route.begin()
            except Throttled:
                if attempt < NODE_RETRIES:
                    yield 1_000.0
                continue
            colds.append(cold_ms)
            yield cold_ms
            runs_ms = self.loop.now_ms
            yield first_ms + _at(self.own.route, self.route)
            yield from self.endpoint.asked(self.draws["shard"](), self.draws["one"]())
            self.route.end(self.loop.now_ms - runs_ms)
            return
        self.outcome.degraded += 1

    def _delivered(self, colds: list[float]) -> Part[bool]:
        pause_ms = 1_000.0
        for attempt in range(1 + DELIVERY_RETRIES):
            yield self.draws["invoke"]()
            try:
                cold_ms, first_ms = self.deliver.begin()
            except Throttled:
                if attempt < DELIVERY_RETRIES:
                    yield pause_ms * self.chance()
                    pause_ms *= 2
                continue
            colds.append(cold_ms)
            yield cold_ms
            runs_ms = self.loop.now_ms
            yield first_ms + self.draws["read"]()
            yield from self._stored_and_published(_at(self.own.deliver, self.deliver))
            self.deliver.end(self.loop.now_ms - runs_ms)
            return True
        return False

    def _stored_and_published(self, own_ms: float) -> Process:
        yield own_ms + self.draws["store"]() + self.draws["publish"]()

    def _read(self) -> Process:
        yield self.draws["read"]()

    def _has_second_wave(self) -> bool:
        return self.chance() < self.second_wave

    def _shown(self, began_ms: float, *, is_cold: bool) -> Process:
        yield self.draws["socket"]()
        self.outcome.took_ms.append(self.loop.now_ms - began_ms)
        if is_cold:
            self.outcome.cold_took_ms.append(self.loop.now_ms - began_ms)


def _at(core_ms: float, function: Function) -> float:
    """What ``core_ms`` of a whole processor take at the function's share of one."""
    return core_ms * max(1.0, CORE_MB / 1024 / function.gb)
