"""What became of the functions of each contact: workers that died, guidance that failed, models that did not answer.

Listens to the embedded Lambda (``LambdaRuntime.observe``) and to what functions report of their models' answers, as an
alarm listens to a deployment's metrics.
"""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from local.aws.lambda_sandbox import Answer
from sotto.core.errors import Retryable, SottoError
from sotto.graph.node import NodeStatus
from sotto.inference.answer_node import NodeAnswered
from sotto.wiring.entry_point import contact_of

AUDIO_WORKERS = ("transcribe_call",)
GUIDANCE = ("orchestrate_utterance", "deliver_annotations")
KILLED = "Runtime.ExitError"
"""What the platform answers for a run that was killed on purpose (``--fault worker-kill``)."""
MOST_CHARS = 200


@dataclass(slots=True)
class Ended:
    """Reasons and how often each was given. ``unanswered``: of the ``asked`` models. ``generations``: of audio workers
    that were started, ``finished`` of the one that transcribed the call to its end."""

    workers_died: Counter[str] = field(default_factory=Counter)
    guidance_failed: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    generations: list[int] = field(default_factory=list)
    finished: int | None = None

    @property
    def unfinished_handovers(self) -> int:
        """Successors that were started and never caught up with the worker that transcribed the call to its end."""
        return 0 if self.finished is None else sum(generation > self.finished for generation in self.generations)


class EndedFunctions:
    """An observer of a LambdaRuntime."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._contacts: defaultdict[str, Ended] = defaultdict(Ended)

    def of(self, contact_id: str) -> Ended:
        with self._lock:
            return self._contacts[contact_id]

    def __call__(self, name: str, payload: bytes, answer: Answer) -> None:
        if name not in (*AUDIO_WORKERS, *GUIDANCE, "route_inference"):
            return
        event = json.loads(payload)
        contact_id = contact_of(event)
        if contact_id is None:
            return
        with self._lock:
            _take(self._contacts[contact_id], name, answer)

    def node_answered(self, happened: object) -> None:
        """An observer of functions: wherever a node was asked, in a function of its own or with all of its round."""
        if isinstance(happened, NodeAnswered):
            result = happened.result
            with self._lock:
                ended = self._contacts[happened.call.utterance.contact_id]
                ended.asked += 1
                if result.status not in (NodeStatus.OK, NodeStatus.SKIPPED) and not result.output:
                    ended.unanswered[result.reason or "no reason"] += 1


def _take(ended: Ended, name: str, answer: Answer) -> None:
    payload = json.loads(answer.payload)
    if name == "route_inference":
        if answer.error is not None:
            ended.asked += 1
            ended.unanswered[reason_of(payload)] += 1
    elif answer.error is None and name in AUDIO_WORKERS:
        ended.generations.append(payload.get("generation", 0))
        if payload.get("how") == "finished":
            ended.finished = payload["generation"]
    elif answer.error is not None and payload.get("errorType") != KILLED:
        if name in AUDIO_WORKERS:
            ended.workers_died[reason_of(payload)] += 1
        elif payload.get("errorType") not in _retried():
            ended.guidance_failed[reason_of(payload)] += 1


def reason_of(error: dict[str, Any]) -> str:
    """Of what Sotto raises on purpose, class and message; of anything else the class alone: its message may quote what
    was said."""
    name, message = str(error.get("errorType")), str(error.get("errorMessage") or "")
    if name.startswith(("Sandbox.", "Runtime.")) or name in {each.__name__ for each in _descendants(SottoError)}:
        return f"{name}: {message[:MOST_CHARS]}" if message else name
    return name


def _retried() -> set[str]:
    """Errors of a try that the state machine makes again."""
    return {each.__name__ for each in _descendants(Retryable)}


def _descendants(root: type[Exception]) -> Iterator[type[Exception]]:
    for each in root.__subclasses__():
        yield each
        yield from _descendants(each)
