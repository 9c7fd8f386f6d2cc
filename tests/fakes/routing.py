"""A shard that takes as long as it is asked to, and what it is asked."""

from __future__ import annotations

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.graph.node import Node, NodeCall, Output
from sotto.inference.router import ModelLate, ModelRequest
from sotto.models.registry import ModelVersion
from tests.fakes.turned_clock import TurnedClock


class ScriptedShard:
    """Answers each version (``v2``, or ``v2@endpoint``) as ``script`` says: an output or an error, after a time. Late
    answers are ModelLate."""

    def __init__(self, clock: TurnedClock) -> None:
        self._clock = clock
        self.script: dict[str, tuple[float, Output | Exception]] = {}
        self.calls: list[tuple[str, float]] = []
        self.asked: list[tuple[ModelVersion, ModelRequest, bool]] = []

    def invoke(
        self, version: ModelVersion, request: ModelRequest, *, timeout_ms: float, patient: bool = True
    ) -> Output:
        self.calls.append((version.version, timeout_ms))
        self.asked.append((version, request, patient))
        usual = (5.0, {"label": version.version})
        takes_ms, answer = self.script.get(f"{version.version}@{version.endpoint}") or self.script.get(
            version.version, usual
        )
        self._clock.pass_ms(min(takes_ms, timeout_ms))
        if takes_ms > timeout_ms:
            raise ModelLate(f"{version.version} did not answer within {timeout_ms:.0f} ms")
        if isinstance(answer, Exception):
            raise answer
        return answer


def any_version(version: str = "v2", *, tenant: str = "harbour_bank", endpoint: str = "classifiers") -> ModelVersion:
    return ModelVersion(tenant, "intent", version, f"{tenant}/intent/{version}.tar.gz", endpoint)


def any_call(*, model: str = "intent", deadline_ms: int = 400) -> NodeCall:
    utterance = Utterance("harbour_bank", "c1", "customer-1200", 1, Speaker.CUSTOMER, 1200, 2400, "close my account")
    return NodeCall(Node("intent", "intent", model, deadline_ms=deadline_ms), utterance)
