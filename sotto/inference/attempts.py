"""One node on its way: the versions and endpoints that are asked for it in turn, each with its share of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.core.clock import Clock
from sotto.graph.node import NodeCall, NodeResult, NodeStatus, Output
from sotto.inference.shard import ModelLate, ModelRequest
from sotto.models.registry import ModelVersion, Rollout

SHORTEST_CALL_MS = 10.0
"""With less than this left, a call could not come back in time: the network and the encoder take about as much."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """``target`` is ``version`` at one of its endpoints. ``elsewhere``: the next attempt is the same version."""

    version: ModelVersion
    target: ModelVersion
    elsewhere: bool = False


class NodeAttempts:
    """Each attempt may take half of the time that is left, the last one all of it."""

    def __init__(
        self,
        call: NodeCall,
        rollout: Rollout,
        attempts: Sequence[Attempt],
        request: ModelRequest,
        *,
        reasons: Sequence[str],
        deadline_ms: float,
        clock: Clock,
    ) -> None:
        """``reasons``: why endpoints are left out; ``deadline_ms``: of the node, on the clock's monotonic scale."""
        self.call = call
        self.request = request
        self._rollout = rollout
        self._attempts = attempts
        self._reasons = list(reasons)
        self._deadline_ms = deadline_ms
        self._clock = clock
        self._place = 0
        self._until_ms: float | None = None

    def current(self) -> Attempt | None:
        """The attempt that is to be made, or to be gone on with; its time runs from the first time that it is named.
        None when there is none any more, or no time for it."""
        while self._place < len(self._attempts):
            now = self._clock.monotonic_ms()
            attempt = self._attempts[self._place]
            if self._until_ms is not None:
                if self._until_ms - now >= SHORTEST_CALL_MS:
                    return attempt
                self.failed(ModelLate(f"{attempt.target.target_model} did not answer in time"))
                continue
            remaining = self._deadline_ms - now
            if remaining < SHORTEST_CALL_MS:
                target = attempt.target.target_model
                self._reasons.append(f"deadline of {self.call.node.deadline_ms} ms passed before {target}")
                return None
            self._until_ms = now + (remaining if self._place + 1 == len(self._attempts) else remaining / 2)
            return attempt
        return None

    @property
    def left_ms(self) -> float:
        """Of the current attempt."""
        assert self._until_ms is not None
        return self._until_ms - self._clock.monotonic_ms()

    def failed(self, error: Exception) -> None:
        """The current attempt is over; the next one follows."""
        self._reasons.append(f"{type(error).__name__}: {error}")
        self._place += 1
        self._until_ms = None

    def answered(self, output: Output) -> NodeResult:
        """By the current attempt."""
        contact_id, attempt = self.call.utterance.contact_id, self._attempts[self._place]
        shadow = self._rollout.shadow_of(contact_id)
        preferred = self._rollout.for_call(contact_id)[0]
        return NodeResult(
            node_id=self.call.node.id,
            task=self.call.node.task,
            status=NodeStatus.OK if attempt.version == preferred else NodeStatus.DEGRADED,
            output=output,
            served_by=served_by(attempt.target, self._rollout.variant(attempt.version)),
            reason="; ".join(self._reasons),
            shadow=shadow.version if shadow else "",
        )

    def unanswered(self) -> NodeResult:
        reason = "; ".join(self._reasons) or "no version to try"
        return NodeResult(self.call.node.id, self.call.node.task, NodeStatus.DEGRADED, reason=reason)


def served_by(target: ModelVersion, variant: str) -> dict[str, str]:
    return {
        "model": target.target_model,
        "version": target.version,
        "adapter": target.adapter,
        "endpoint": target.endpoint,
        "variant": variant,
    }
