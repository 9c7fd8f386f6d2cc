"""A shard that takes as long as it is asked to, and what it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import count

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.core.errors import SottoError
from sotto.graph.node import Node, NodeCall, Output
from sotto.inference.shard import (
    Answered,
    AskAlone,
    ModelAsked,
    ModelLate,
    ModelMissing,
    ModelNotReady,
    ModelRequest,
    ModelUnavailable,
    TakesNoWaves,
)
from sotto.inference.side_by_side import Job
from sotto.models.registry import ModelVersion
from tests.fakes.turned_clock import TurnedClock


class ScriptedShard:
    """Answers each version (``v2``, ``model/v2``, ``…@endpoint``) as ``script`` says: an output or an error,
    after a time. Late answers are ModelLate. Work that a wave has begun goes on: who asks again finds it under way.

    ``waves``: the models of each wave, the first one first; ``down``: endpoints that answer nobody; ``earlier``: those
    whose container knows no waves.
    """

    def __init__(self, clock: TurnedClock) -> None:
        self._clock = clock
        self.script: dict[str, tuple[float, Output | SottoError]] = {}
        self.calls: list[tuple[str, float]] = []
        self.asked: list[tuple[ModelVersion, ModelRequest, bool]] = []
        self.waves: list[tuple[str, ...]] = []
        self.down: set[str] = set()
        self.earlier: set[str] = set()
        self._begun: dict[tuple[str, str], float] = {}

    def invoke(
        self, version: ModelVersion, request: ModelRequest, *, timeout_ms: float, patient: bool = True
    ) -> Output:
        self.calls.append((version.version, timeout_ms))
        self.asked.append((version, request, patient))
        began = self._begun.pop((version.target_model, version.endpoint), self._clock.monotonic_ms())
        takes_ms, answer = self._scripted(version, began)
        self._clock.pass_ms(min(takes_ms, timeout_ms))
        if takes_ms > timeout_ms:
            raise ModelLate(f"{version.version} did not answer within {timeout_ms:.0f} ms")
        if isinstance(answer, SottoError):
            raise answer
        return answer

    def invoke_wave(self, asked: Sequence[ModelAsked], *, timeout_ms: float) -> Sequence[Answered]:
        began, first = self._clock.monotonic_ms(), asked[0]
        self.waves.append(tuple(each.version.model for each in asked))
        self.asked += [(each.version, each.request, False) for each in asked]
        takes_ms, addressed = self._scripted(first.version, began)
        if first.version.endpoint in self.down or isinstance(addressed, ModelNotReady | ModelMissing):
            self._clock.pass_ms(min(takes_ms, timeout_ms))
            assert isinstance(addressed, SottoError)
            raise addressed if takes_ms <= timeout_ms else ModelLate("the wave did not answer")
        if first.version.endpoint in self.earlier:
            output = self.invoke(first.version, first.request, timeout_ms=timeout_ms)
            return [output, *[TakesNoWaves("an earlier release")] * (len(asked) - 1)]
        answers = [self._in_a_wave(each.version, began, timeout_ms) for each in asked]
        self._clock.pass_ms(max(min(self._scripted(each.version, began)[0], timeout_ms) for each in asked))
        return answers

    def _in_a_wave(self, version: ModelVersion, began: float, timeout_ms: float) -> Answered:
        takes_ms, answer = self._scripted(version, began)
        if isinstance(answer, ModelNotReady | ModelMissing):
            return AskAlone("not at hand")
        if takes_ms <= timeout_ms:
            return answer
        self._begun[version.target_model, version.endpoint] = began
        return ModelLate(f"{version.version} did not answer within {timeout_ms:.0f} ms")

    def _scripted(self, version: ModelVersion, began_ms: float) -> tuple[float, Output | SottoError]:
        """How long from now, and what."""
        gone_ms = self._clock.monotonic_ms() - began_ms
        if version.endpoint in self.down:
            return 1.0, ModelUnavailable(f"endpoint {version.endpoint} is down")
        names = (f"{version.model}/{version.version}", version.version)
        for name in (*(f"{name}@{version.endpoint}" for name in names), *names):
            if name in self.script:
                takes_ms, answer = self.script[name]
                return max(0.0, takes_ms - gone_ms), answer
        return max(0.0, 5.0 - gone_ms), {"label": version.version}


class VirtualThreads:
    """SideBySide on a turned clock: each job begins when it could, and none takes time from another. One at a time, in
    the order of their beginning."""

    def __init__(self, clock: TurnedClock) -> None:
        self._clock = clock

    def run(self, jobs: Iterable[Job]) -> None:
        order, ends = count(), [self._clock.time_ms]
        waiting = [(self._clock.time_ms, next(order), job) for job in jobs]
        while waiting:
            began, _, job = heappop(waiting)
            self._clock.time_ms = began
            for left_behind in job():
                heappush(waiting, (self._clock.time_ms, next(order), left_behind))
            ends.append(self._clock.time_ms)
        self._clock.time_ms = max(ends)


def any_version(
    version: str = "v2", *, tenant: str = "harbour_bank", model: str = "intent", endpoint: str = "classifiers"
) -> ModelVersion:
    return ModelVersion(tenant, model, version, f"{tenant}/{model}/{version}.tar.gz", endpoint)


def any_call(*, model: str = "intent", deadline_ms: int = 400) -> NodeCall:
    utterance = Utterance("harbour_bank", "c1", "customer-1200", 1, Speaker.CUSTOMER, 1200, 2400, "close my account")
    return NodeCall(Node("intent", "intent", model, deadline_ms=deadline_ms), utterance)
