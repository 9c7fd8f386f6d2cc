"""Where models run, as the router sees it: what is asked, and why an answer may be none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sotto.core.errors import Degraded, Rejected, Retryable, SottoError
from sotto.graph.node import Output
from sotto.models.registry import ModelVersion


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


class AskAlone(Retryable):
    """A wave could not answer for this model, which says nothing about the model: ask it by itself."""


class TakesNoWaves(AskAlone):
    """The endpoint's container is of an earlier release, and answered for the first of the wave only."""


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


@dataclass(frozen=True, slots=True)
class ModelAsked:
    version: ModelVersion
    request: ModelRequest


Answered = Output | SottoError


class Shard(Protocol):
    def invoke(
        self, version: ModelVersion, request: ModelRequest, *, timeout_ms: float, patient: bool = True
    ) -> Output:
        """At ``version.endpoint``. Raises one of ModelUnavailable, ModelLate, ModelNotReady, ModelRejected and
        ModelMissing, and nothing else, within about ``timeout_ms``.

        ``patient``: wait for a model that is being loaded; otherwise ModelNotReady at once.
        """
        ...

    def invoke_wave(self, asked: Sequence[ModelAsked], *, timeout_ms: float) -> Sequence[Answered]:
        """Several models of one endpoint in one request, which is addressed to the first. For each, in order, its
        output, or the error with which ``invoke`` would end, or AskAlone: it waits for no model that is being loaded.
        Raises what ``invoke`` of the first would raise, where the request itself fails.
        """
        ...
