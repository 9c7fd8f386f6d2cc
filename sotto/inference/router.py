"""Routes a node of the inference graph to a model: lookup, deadline, circuit breaker, fallback chain.

A late or broken model never raises out of here: the node's result is degraded, with its reason, and the call goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sotto.circuit import CircuitBreaker
from sotto.clock import Clock
from sotto.errors import Degraded, Rejected, Retryable, SottoError
from sotto.inference.node import NodeCall, NodeResult, NodeStatus, Output
from sotto.inference.registry import Chain, ModelRegistry, ModelVersion, UnknownModel

SHORTEST_CALL_MS = 10.0
"""With less than this left, a call could not come back in time: the network and the encoder take about as much."""


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
    """What a model is asked. ``inputs`` are the outputs of the nodes that this one depends on."""

    tenant: str
    text: str
    speaker: str
    inputs: Mapping[str, Output] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"tenant": self.tenant, "text": self.text, "speaker": self.speaker, "inputs": dict(self.inputs)}


class Shard(Protocol):
    """Where models run."""

    def invoke(self, version: ModelVersion, request: ModelRequest, *, timeout_ms: float) -> Output:
        """Raises one of the errors above, and nothing else, within about ``timeout_ms``."""
        ...


class Router:
    def __init__(self, registry: ModelRegistry, shard: Shard, clock: Clock) -> None:
        self._registry = registry
        self._shard = shard
        self._clock = clock
        self._circuits: defaultdict[str, CircuitBreaker] = defaultdict(lambda: CircuitBreaker(clock))

    def route(self, call: NodeCall) -> NodeResult:
        started = self._clock.monotonic_ms()
        try:
            chain = self._registry.find(call.utterance.tenant, call.node.model)
        except UnknownModel as unknown:
            return _without_output(call, NodeStatus.FAILED, str(unknown), {"lookup": self._since(started)})
        except Exception as error:
            reason = f"the registry did not answer: {type(error).__name__}"
            return _without_output(call, NodeStatus.DEGRADED, reason, {"lookup": self._since(started)})
        looked_up = self._clock.monotonic_ms()
        result = self._first_answer(call, chain, started + call.node.deadline_ms)
        return _timed(result, {"lookup": looked_up - started, "invoke": self._since(looked_up)})

    def _first_answer(self, call: NodeCall, chain: Chain, deadline_ms: float) -> NodeResult:
        request = ModelRequest(
            call.utterance.tenant, call.utterance.text, str(call.utterance.speaker), dict(call.inputs)
        )
        reasons: list[str] = []
        for place, version in enumerate(chain):
            remaining = deadline_ms - self._clock.monotonic_ms()
            if remaining < SHORTEST_CALL_MS:
                reasons.append(f"deadline of {call.node.deadline_ms} ms passed before {version.target_model}")
                break
            try:
                output = self._invoke(version, request, remaining / (len(chain) - place))
            except SottoError as error:
                reasons.append(f"{type(error).__name__}: {error}")
            else:
                return _answered(call, version, output, reasons)
        return _without_output(call, NodeStatus.DEGRADED, "; ".join(reasons) or "no version to try", {})

    def _invoke(self, version: ModelVersion, request: ModelRequest, timeout_ms: float) -> Output:
        circuit = self._circuits[version.endpoint]
        if not circuit.allows():
            raise ModelUnavailable(f"circuit of endpoint {version.endpoint} is open")
        try:
            output = self._shard.invoke(version, request, timeout_ms=timeout_ms)
        except (ModelUnavailable, ModelLate):
            circuit.failed()
            raise
        except BaseException:
            circuit.abandoned()
            raise
        circuit.succeeded()
        return output

    def _since(self, started_ms: float) -> float:
        return self._clock.monotonic_ms() - started_ms


def _answered(call: NodeCall, version: ModelVersion, output: Output, reasons: list[str]) -> NodeResult:
    served_by = {
        "model": version.target_model,
        "version": version.version,
        "adapter": version.adapter,
        "endpoint": version.endpoint,
    }
    status = NodeStatus.DEGRADED if reasons else NodeStatus.OK
    return NodeResult(call.node.id, call.node.task, status, output, served_by, reason="; ".join(reasons))


def _without_output(call: NodeCall, status: NodeStatus, reason: str, took_ms: Mapping[str, float]) -> NodeResult:
    return NodeResult(call.node.id, call.node.task, status, took_ms=took_ms, reason=reason)


def _timed(result: NodeResult, took_ms: Mapping[str, float]) -> NodeResult:
    return NodeResult(
        result.node_id, result.task, result.status, result.output, result.served_by, took_ms, result.reason
    )
