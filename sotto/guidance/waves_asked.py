"""Asks waves for the direct runner, and with a wave what only a condition on it holds back.

Such a node (an article for what was recognised) shares the request of the wave before its own, as far as they live on
one shard, and its answer waits here until its turn comes. Only an answer that the model it prefers gave in time counts:
whatever else became of it, it is asked again in its own wave, with its own time, as if nothing had been.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning

from sotto.core.observation import Observe
from sotto.graph.graph import Graph, held_by_conditions
from sotto.graph.node import NodeCall, NodeResult, NodeRouter, NodeStatus
from sotto.inference.answer_node import NodeAnswered

Results = tuple[NodeResult, ...]


class WavesAsked:
    """Of one round. ``observe`` is given what is used of it."""

    def __init__(self, graph: Graph, router: NodeRouter, observe: Observe, pool: ThreadPoolExecutor) -> None:
        self._graph = graph
        self._router = router
        self._observe = observe
        self._pool = pool
        self._early: dict[str, NodeResult] = {}

    def ask(self, wave: Sequence[NodeCall]) -> Future[Results]:
        return self._pool.submit(self._answers, wave)

    def _answers(self, wave: Sequence[NodeCall]) -> Results:
        missing = [call for call in wave if call.node.id not in self._early]
        beside = held_by_conditions(self._graph, wave) if missing else ()
        found = self._router.route_all((*missing, *beside)) if missing else ()
        fresh = dict(zip((call.node.id for call in missing), found, strict=False))
        results = tuple(fresh.get(call.node.id) or self._early[call.node.id] for call in wave)
        for call, result in zip(wave, results, strict=True):
            self._observe(NodeAnswered(call, result))
        self._early |= {each.node_id: each for each in found[len(missing) :] if _is_as_asked_later(each)}
        return results


def _is_as_asked_later(result: NodeResult) -> bool:
    return result.status is NodeStatus.OK and not result.reason


def answered(answers: Future[Results], within_s: float) -> Results | None:
    """None where nobody answers in time."""
    try:
        return answers.result(within_s)
    except StillRunning:
        answers.cancel()
        return None
