"""Routes a node of the inference graph to a model: lookup, variant, placement, deadline, circuit breaker, fallback.

A late or broken model never raises out of here: the node's result is degraded, with its reason, and the call goes on.

A call sees one version of a model (``Rollout.for_call``), before those to fall back on. Of the endpoints that can load
a version, those whose circuit is closed are asked, the one where it lies in memory first. Each attempt may take half of
the time that is left, the last one all of it; an endpoint that would have to load the model says so at once when there
is another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Protocol

from sotto.core.circuit_breaker import CircuitBreaker, CircuitOpen
from sotto.core.clock import Clock
from sotto.core.errors import Degraded, Rejected, Retryable, SottoError
from sotto.graph.node import NodeCall, NodeResult, NodeStatus, Output
from sotto.inference.placement import EndpointPlacement
from sotto.inference.side_by_side import SideBySide, Threads, routed_apart
from sotto.models.registry import Chain, ModelRegistry, ModelVersion, Rollout, UnknownModel

SHORTEST_CALL_MS = 10.0
"""With less than this left, a call could not come back in time: the network and the encoder take about as much."""
MOST_ATTEMPTS = 4
MOST_ENDPOINTS = 2
"""Of one version: a third one would hardly be reached in time."""


class ModelUnavailable(Retryable):
    """The endpoint did not answer, or answered that it cannot: counts against its circuit breaker."""


class ModelLate(Retryable):
    """No answer within the time given: counts against the circuit breaker."""


class ModelNotReady(Retryable):
    """The model is being loaded, or the shard is busy: the endpoint is healthy."""


class ModelRejected(Rejected):
    """The model refused the request: it would refuse it again."""


class ModelMissing(Degraded):
    """The endpoint has no such package, although the registry names it."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What a model is asked. ``inputs`` are the outputs of the nodes that this one depends on; ``context`` is what was
    said before, the oldest first."""

    tenant: str
    text: str
    speaker: str
    inputs: Mapping[str, Output] = field(default_factory=dict)
    context: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        asked = {"tenant": self.tenant, "text": self.text, "speaker": self.speaker, "inputs": dict(self.inputs)}
        return {**asked, "context": list(self.context)} if self.context else asked


class Shard(Protocol):
    """Where models run."""

    def invoke(
        self, version: ModelVersion, request: ModelRequest, *, timeout_ms: float, patient: bool = True
    ) -> Output:
        """At ``version.endpoint``. Raises one of the errors above, and nothing else, within about ``timeout_ms``.

        ``patient``: wait for a model that is being loaded; otherwise ModelNotReady at once.
        """
        ...


class EarlierUtterancesPort(Protocol):
    def before(self, call: NodeCall) -> tuple[str, ...]:
        """What was said on this call before this utterance, the oldest first; empty when that cannot be known."""
        ...


@dataclass(frozen=True, slots=True)
class _Attempt:
    """``target`` is ``version`` at one of its endpoints. ``elsewhere``: the next attempt is the same version."""

    version: ModelVersion
    target: ModelVersion
    elsewhere: bool = False


class Router:
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
        self._shard = shard
        self._clock = clock
        self._earlier = earlier
        self._side_by_side = side_by_side or Threads(name="wave")
        self._placement = EndpointPlacement(clock)
        self._circuits: defaultdict[str, CircuitBreaker] = defaultdict(lambda: CircuitBreaker(clock))

    def route(self, call: NodeCall) -> NodeResult:
        started = self._clock.monotonic_ms()
        try:
            rollout = self._registry.find(call.utterance.tenant, call.node.model)
        except UnknownModel as unknown:
            return _without_output(call, NodeStatus.FAILED, str(unknown), {"lookup": self._since(started)})
        except Exception as error:
            reason = f"the registry did not answer: {type(error).__name__}"
            return _without_output(call, NodeStatus.DEGRADED, reason, {"lookup": self._since(started)})
        looked_up = self._clock.monotonic_ms()
        result = self._first_answer(call, rollout, started + call.node.deadline_ms)
        return replace(result, took_ms={"lookup": looked_up - started, "invoke": self._since(looked_up)})

    def route_all(self, calls: Sequence[NodeCall]) -> list[NodeResult]:
        return routed_apart(self.route, calls, self._side_by_side)

    def shadow(self, call: NodeCall, version: str, *, timeout_ms: float) -> NodeResult:
        """What the shadow says to ``call``, for comparing; failed when ``version`` is the shadow no longer."""
        rollout = self._registry.find(call.utterance.tenant, call.node.model)
        shadow = rollout.shadow_of(call.utterance.contact_id)
        if shadow is None or shadow.version != version:
            return _without_output(call, NodeStatus.FAILED, "NoLongerTheShadow", {})
        started = self._clock.monotonic_ms()
        target = replace(shadow, endpoint=self._placement.targets(shadow)[0])
        try:
            output = self._invoke(target, self._request(call), timeout_ms, patient=True)
        except SottoError as error:
            return _without_output(call, NodeStatus.FAILED, type(error).__name__, {"invoke": self._since(started)})
        served_by = _served_by(target, "shadow")
        took_ms = {"invoke": self._since(started)}
        return NodeResult(call.node.id, call.node.task, NodeStatus.OK, output, served_by, took_ms)

    def _first_answer(self, call: NodeCall, rollout: Rollout, deadline_ms: float) -> NodeResult:
        contact_id, reasons = call.utterance.contact_id, list[str]()
        chain, request = rollout.for_call(contact_id), self._request(call)
        attempts = self._attempts(chain, reasons)
        for place, attempt in enumerate(attempts):
            remaining = deadline_ms - self._clock.monotonic_ms()
            if remaining < SHORTEST_CALL_MS:
                reasons.append(f"deadline of {call.node.deadline_ms} ms passed before {attempt.target.target_model}")
                break
            share = remaining if place + 1 == len(attempts) else remaining / 2
            try:
                output = self._invoke(attempt.target, request, share, patient=not attempt.elsewhere)
            except SottoError as error:
                reasons.append(f"{type(error).__name__}: {error}")
            else:
                shadow = rollout.shadow_of(contact_id)
                return NodeResult(
                    node_id=call.node.id,
                    task=call.node.task,
                    status=NodeStatus.OK if attempt.version == chain[0] else NodeStatus.DEGRADED,
                    output=output,
                    served_by=_served_by(attempt.target, rollout.variant(attempt.version)),
                    reason="; ".join(reasons),
                    shadow=shadow.version if shadow else "",
                )
        return _without_output(call, NodeStatus.DEGRADED, "; ".join(reasons) or "no version to try", {})

    def _attempts(self, chain: Chain, reasons: list[str]) -> list[_Attempt]:
        """``reasons`` gets which endpoints are left alone."""
        open_ones: dict[str, None] = {}
        found = list(islice(self._closed(chain, open_ones), MOST_ATTEMPTS))
        reasons += [f"ModelUnavailable: circuit of endpoint {endpoint} is open" for endpoint in open_ones]
        return [
            replace(attempt, elsewhere=following.version == attempt.version)
            for attempt, following in zip(found, found[1:], strict=False)
        ] + found[-1:]

    def _closed(self, chain: Chain, open_ones: dict[str, None]) -> Iterator[_Attempt]:
        for version in chain:
            targets = self._placement.targets(version)
            open_ones.update((endpoint, None) for endpoint in targets if self._circuits[endpoint].is_open)
            for endpoint in [each for each in targets if each not in open_ones][:MOST_ENDPOINTS]:
                yield _Attempt(version, replace(version, endpoint=endpoint))

    def _invoke(self, target: ModelVersion, request: ModelRequest, timeout_ms: float, *, patient: bool) -> Output:
        try:
            with self._circuits[target.endpoint].attempt(failures=(ModelUnavailable, ModelLate)) as attempt:
                output = self._shard.invoke(target, request, timeout_ms=timeout_ms, patient=patient)
                attempt.answered()
        except CircuitOpen as error:  # somebody else is probing it
            raise ModelUnavailable(f"circuit of endpoint {target.endpoint} is open") from error
        except (ModelNotReady, ModelMissing):
            self._placement.was_cold(target)
            raise
        self._placement.answered(target)
        return output

    def _request(self, call: NodeCall) -> ModelRequest:
        utterance = call.utterance
        context = self._earlier.before(call) if self._earlier and call.node.context else ()
        return ModelRequest(utterance.tenant, utterance.text, str(utterance.speaker), dict(call.inputs), context)

    def _since(self, started_ms: float) -> float:
        return self._clock.monotonic_ms() - started_ms


def _served_by(target: ModelVersion, variant: str) -> dict[str, str]:
    return {
        "model": target.target_model,
        "version": target.version,
        "adapter": target.adapter,
        "endpoint": target.endpoint,
        "variant": variant,
    }


def _without_output(call: NodeCall, status: NodeStatus, reason: str, took_ms: Mapping[str, float]) -> NodeResult:
    return NodeResult(call.node.id, call.node.task, status, took_ms=took_ms, reason=reason)
