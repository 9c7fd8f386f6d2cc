"""Routes nodes of the inference graph to models: lookup, variant, placement, deadline, circuit breaker, fallback.

A late or broken model never raises out of here: the node's result is degraded, with its reason, and the call goes on.

A call sees one version of a model (``Rollout.for_call``), before those to fall back on. Each attempt may take half of
the time that is left, the last one all of it; an endpoint that would have to load the model says so at once when there
is another one.

The nodes of a wave whose first attempts go to one endpoint share a request. What that request could not answer for a
node, and every further attempt, is the node's own affair, with the time that it still has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from sotto.core.clock import Clock
from sotto.core.errors import SottoError
from sotto.graph.node import NodeCall, NodeResult, NodeStatus
from sotto.inference.attempts import SHORTEST_CALL_MS, NodeAttempts, served_by
from sotto.inference.endpoints import Endpoints
from sotto.inference.shard import AskAlone, ModelAsked, ModelLate, ModelRequest, Shard
from sotto.inference.side_by_side import Job, SideBySide, Threads, failed, routing
from sotto.models.registry import Found, ModelRegistry, Rollout, UnknownModel

MOST_IN_A_WAVE = 32
"""In one request; the shard takes twice as many."""


class EarlierUtterancesPort(Protocol):
    def before(self, call: NodeCall) -> tuple[str, ...]:
        """What was said on this call before this utterance, the oldest first; empty when that cannot be known."""
        ...


@dataclass(frozen=True, slots=True)
class _Member:
    """A node of a wave, its place in the results, and its first attempt."""

    place: int
    node: NodeAttempts
    asked: ModelAsked


@dataclass(frozen=True, slots=True)
class _Times:
    clock: Clock
    started_ms: float
    looked_up_ms: float

    @property
    def lookup(self) -> dict[str, float]:
        return {"lookup": self.looked_up_ms - self.started_ms}

    def on(self, result: NodeResult) -> NodeResult:
        return replace(result, took_ms={**self.lookup, "invoke": self.clock.monotonic_ms() - self.looked_up_ms})


class Router:
    """``earlier``: for the nodes that want to know what was said before; without it they are asked without."""

    def __init__(
        self,
        registry: ModelRegistry,
        shard: Shard,
        clock: Clock,
        *,
        earlier: EarlierUtterancesPort | None = None,
        side_by_side: SideBySide | None = None,
    ) -> None:
        self._registry = registry
        self._endpoints = Endpoints(shard, clock)
        self._clock = clock
        self._earlier = earlier
        self._side_by_side = side_by_side or Threads(name="wave")

    def route(self, call: NodeCall) -> NodeResult:
        started = self._clock.monotonic_ms()
        try:
            found: Found = self._registry.find(call.utterance.tenant, call.node.model)
        except Exception as error:
            found = error
        return self._routed(call, found, _Times(self._clock, started, self._clock.monotonic_ms()))

    def route_all(self, calls: Sequence[NodeCall]) -> list[NodeResult]:
        started = self._clock.monotonic_ms()
        found = self._found(calls)
        times = _Times(self._clock, started, self._clock.monotonic_ms())
        results = [failed(call, "NotRouted") for call in calls]
        members, jobs = list[_Member](), list[Job]()
        for place, call in enumerate(calls):
            own = found[call.utterance.tenant, call.node.model]
            if (member := self._member(place, call, own, times)) is not None:
                members.append(member)
            else:
                jobs.append(routing(partial(self._routed, found=own, times=times), call, results, place))
        jobs += [self._wave(wave, results, times) for wave in _waves(members)]
        self._side_by_side.run(jobs)
        return results

    def shadow(self, call: NodeCall, version: str, *, timeout_ms: float) -> NodeResult:
        """What the shadow says to ``call``, for comparing; failed when ``version`` is the shadow no longer."""
        rollout = self._registry.find(call.utterance.tenant, call.node.model)
        shadow = rollout.shadow_of(call.utterance.contact_id)
        if shadow is None or shadow.version != version:
            return failed(call, "NoLongerTheShadow")
        started = self._clock.monotonic_ms()
        target = self._endpoints.preferred(shadow)
        try:
            output = self._endpoints.invoke(target, self._request(call), timeout_ms=timeout_ms, patient=True)
        except SottoError as error:
            return replace(failed(call, type(error).__name__), took_ms={"invoke": self._since(started)})
        took_ms = {"invoke": self._since(started)}
        node = call.node
        return NodeResult(node.id, node.task, NodeStatus.OK, output, served_by(target, "shadow"), took_ms)

    def _found(self, calls: Sequence[NodeCall]) -> dict[tuple[str, str], Found]:
        """By tenant and model: one question for all models of a tenant."""
        models: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for call in calls:
            models[call.utterance.tenant][call.node.model] = None
        found: dict[tuple[str, str], Found] = {}
        for tenant, wanted in models.items():
            try:
                answer: Mapping[str, Found] = self._registry.find_all(tenant, tuple(wanted))
            except Exception as error:
                answer = dict.fromkeys(wanted, error)
            found |= {(tenant, model): each for model, each in answer.items()}
        return found

    def _routed(self, call: NodeCall, found: Found, times: _Times) -> NodeResult:
        """By itself, from its first attempt to its last."""
        if isinstance(found, UnknownModel):
            return replace(failed(call, str(found)), took_ms=times.lookup)
        if isinstance(found, Exception):
            reason = f"the registry did not answer: {type(found).__name__}"
            return replace(failed(call, reason), status=NodeStatus.DEGRADED, took_ms=times.lookup)
        return self._answered(self._node(call, found, times), times)

    def _answered(self, node: NodeAttempts, times: _Times) -> NodeResult:
        while (attempt := node.current()) is not None:
            patient = not attempt.elsewhere
            try:
                output = self._endpoints.invoke(attempt.target, node.request, timeout_ms=node.left_ms, patient=patient)
            except SottoError as error:
                node.failed(error)
            else:
                return times.on(node.answered(output))
        return times.on(node.unanswered())

    def _node(self, call: NodeCall, rollout: Rollout, times: _Times) -> NodeAttempts:
        attempts, reasons = self._endpoints.attempts(rollout.for_call(call.utterance.contact_id))
        deadline_ms = times.started_ms + call.node.deadline_ms
        request = self._request(call)
        return NodeAttempts(
            call, rollout, attempts, request, reasons=reasons, deadline_ms=deadline_ms, clock=self._clock
        )

    def _member(self, place: int, call: NodeCall, found: Found, times: _Times) -> _Member | None:
        """None: it is routed by itself. Reading what was said before takes a while, which must not be the others'."""
        if isinstance(found, Exception) or self._wants_context(call):
            return None
        node = self._node(call, found, times)
        attempt = node.current()
        if attempt is None or not self._endpoints.takes_waves(attempt.target.endpoint):
            return None
        return _Member(place, node, ModelAsked(attempt.target, node.request))

    def _wave(self, members: Sequence[_Member], results: list[NodeResult], times: _Times) -> Job:
        """One request. It has the time of whoever has least; those with more ask again alone, and find what they asked
        for under way."""

        def alone(member: _Member) -> Job:
            return routing(lambda call: self._answered(member.node, times), member.node.call, results, member.place)

        if len(members) == 1:
            return alone(members[0])

        def job() -> Iterable[Job]:
            first = self._endpoints.first_of_wave([each.asked.version for each in members])
            wave = [members[first], *members[:first], *members[first + 1 :]]
            timeout_ms = min(each.node.left_ms for each in wave)
            if not self._endpoints.is_resident(wave[0].asked.version):
                timeout_ms /= 2  # if the first has to be loaded, the others have the rest without it
            try:
                answers = self._endpoints.invoke_wave([each.asked for each in wave], timeout_ms=timeout_ms)
            except Exception as error:  # a defect of the wave is none of its nodes
                answers = [AskAlone(type(error).__name__)] * len(wave)
            for member, answer in zip(wave, answers, strict=True):
                if not isinstance(answer, SottoError):
                    results[member.place] = times.on(member.node.answered(answer))
                    continue
                if not isinstance(answer, AskAlone | ModelLate) or (
                    isinstance(answer, ModelLate) and member.node.left_ms < SHORTEST_CALL_MS
                ):
                    member.node.failed(answer)
                yield alone(member)

        return job

    def _wants_context(self, call: NodeCall) -> bool:
        return self._earlier is not None and call.node.context

    def _request(self, call: NodeCall) -> ModelRequest:
        utterance = call.utterance
        context = self._earlier.before(call) if self._earlier and call.node.context else ()
        return ModelRequest(utterance.tenant, utterance.text, str(utterance.speaker), dict(call.inputs), context)

    def _since(self, started_ms: float) -> float:
        return self._clock.monotonic_ms() - started_ms


def _waves(members: Iterable[_Member]) -> Iterator[list[_Member]]:
    """Those at one endpoint whose times are alike: one in a hurry would leave the others unanswered."""
    groups: defaultdict[tuple[str, str], list[_Member]] = defaultdict(list)
    for member in sorted(members, key=lambda member: -member.node.left_ms):
        groups[member.asked.version.endpoint, member.asked.request.tenant].append(member)
    for group in groups.values():
        wave = group[:1]
        for member in group[1:]:
            if member.node.left_ms < wave[0].node.left_ms / 2 or len(wave) == MOST_IN_A_WAVE:
                yield wave
                wave = []
            wave.append(member)
        yield wave
