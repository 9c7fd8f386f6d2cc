"""Every call to an endpoint, and what its outcome says: about the endpoint's health, and about where models lie.

Of the endpoints that can load a version, those whose circuit is closed are asked, the one where it lies in memory
first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from sotto.core.circuit_breaker import CircuitBreaker, CircuitOpen
from sotto.core.clock import Clock
from sotto.core.errors import SottoError
from sotto.graph.node import Output
from sotto.inference.attempts import Attempt
from sotto.inference.placement import RESIDENT, EndpointPlacement
from sotto.inference.shard import (
    Answered,
    AskAlone,
    ModelAsked,
    ModelLate,
    ModelMissing,
    ModelNotReady,
    ModelRequest,
    ModelUnavailable,
    Shard,
    TakesNoWaves,
)
from sotto.models.registry import Chain, ModelVersion

MOST_ATTEMPTS = 4
MOST_ENDPOINTS = 2
"""Of one version: a third one would hardly be reached in time."""
APART_MS = 60_000.0
"""So long an endpoint is asked model by model whose container knew no waves: a release takes longer to get round."""
_UNHEALTHY = (ModelUnavailable, ModelLate)


class Endpoints:
    """One for a process; safe in several threads."""

    def __init__(self, shard: Shard, clock: Clock) -> None:
        self._shard = shard
        self._clock = clock
        self._placement = EndpointPlacement(clock)
        self._circuits: defaultdict[str, CircuitBreaker] = defaultdict(lambda: CircuitBreaker(clock))
        self._apart_until_ms: dict[str, float] = {}

    def attempts(self, chain: Chain) -> tuple[list[Attempt], list[str]]:
        """What to try in turn, and why endpoints are left out."""
        open_ones: dict[str, None] = {}
        found = list(islice(self._closed(chain, open_ones), MOST_ATTEMPTS))
        reasons = [f"ModelUnavailable: {_open(endpoint)}" for endpoint in open_ones]
        followed = [
            replace(attempt, elsewhere=following.version == attempt.version)
            for attempt, following in zip(found, found[1:], strict=False)
        ]
        return followed + found[-1:], reasons

    def preferred(self, version: ModelVersion) -> ModelVersion:
        """The version at the endpoint where it is asked first, whatever its circuit says."""
        return replace(version, endpoint=self._placement.targets(version)[0])

    def takes_waves(self, endpoint: str) -> bool:
        """As far as is known."""
        return self._clock.monotonic_ms() >= self._apart_until_ms.get(endpoint, float("-inf"))

    def is_resident(self, target: ModelVersion) -> bool:
        """Whether it lies in memory, for all that is known."""
        return self._placement.rank(target) == RESIDENT

    def first_of_wave(self, targets: Sequence[ModelVersion]) -> int:
        """Which of them the wave is addressed to: one that lies in memory. Always the same one otherwise: behind one
        endpoint are many instances, SageMaker sends a model to those that have it, and its neighbours come along."""
        return min(
            range(len(targets)),
            key=lambda place: (self._placement.rank(targets[place]), targets[place].target_model),
        )

    def invoke(self, target: ModelVersion, request: ModelRequest, *, timeout_ms: float, patient: bool) -> Output:
        """Raises what Shard.invoke raises, also in place of asking an endpoint whose circuit is open."""
        try:
            with self._circuits[target.endpoint].attempt(failures=_UNHEALTHY) as attempt:
                output = self._shard.invoke(target, request, timeout_ms=timeout_ms, patient=patient)
                attempt.answered()
        except CircuitOpen as error:  # somebody else is probing it
            raise ModelUnavailable(_open(target.endpoint)) from error
        except (ModelNotReady, ModelMissing):
            self._placement.was_cold(target)
            raise
        self._placement.answered(target)
        return output

    def invoke_wave(self, asked: Sequence[ModelAsked], *, timeout_ms: float) -> Sequence[Answered]:
        """In one request, addressed to the first. Where the request itself fails, the first has failed, and of the
        others nothing is known but AskAlone. Raises nothing of Shard.invoke_wave."""
        first, endpoint = asked[0].version, asked[0].version.endpoint
        try:
            with self._circuits[endpoint].attempt(failures=_UNHEALTHY) as attempt:
                answers = self._shard.invoke_wave(asked, timeout_ms=timeout_ms)
                if any(not isinstance(each, SottoError) for each in answers):
                    attempt.answered()
                elif any(isinstance(each, _UNHEALTHY) for each in answers):
                    attempt.failed()
        except CircuitOpen:
            return [ModelUnavailable(_open(endpoint))] * len(asked)
        except SottoError as error:
            self._placement.was_cold(first)
            others = [AskAlone("the request for the wave failed")] * (len(asked) - 1)
            return [AskAlone(str(error)) if isinstance(error, ModelNotReady) else error, *others]
        self._note(asked, answers)
        return answers

    def _note(self, asked: Sequence[ModelAsked], answers: Sequence[Answered]) -> None:
        for one, answer in zip(asked, answers, strict=True):
            if isinstance(answer, TakesNoWaves):
                self._apart_until_ms[one.version.endpoint] = self._clock.monotonic_ms() + APART_MS
            elif isinstance(answer, ModelNotReady | ModelMissing):
                self._placement.was_cold(one.version)
            elif not isinstance(answer, SottoError):
                self._placement.answered(one.version)

    def _closed(self, chain: Chain, open_ones: dict[str, None]) -> Iterator[Attempt]:
        for version in chain:
            targets = self._placement.targets(version)
            open_ones.update((endpoint, None) for endpoint in targets if self._circuits[endpoint].is_open)
            for endpoint in [each for each in targets if each not in open_ones][:MOST_ENDPOINTS]:
                yield Attempt(version, replace(version, endpoint=endpoint))


def _open(endpoint: str) -> str:
    return f"circuit of endpoint {endpoint} is open"
