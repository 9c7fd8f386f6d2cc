"""What one utterance needs, wave by wave. What a graph means is decided here; a runner only carries calls and results.

A wave holds every node whose dependencies have completed. The rules for a node whose turn has come:

- a dependency was skipped: it is skipped too;
- a dependency failed, or was degraded without an output: it is degraded ("needs intent, which failed");
- ``even_without``: neither of these holds it back; it runs with the outputs that there are;
- ``only_if`` is false: skipped; cannot be known: skipped as well, unless ``even_without``.

Slow nodes (``SLOW_MS``: texts are written in seconds) wait until no quick one is ready, and each is delivered alone:
what others found is never held up by them.

A degraded node that did give an output (a fallback model's, say) counts as having answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sotto.call.utterance import Utterance
from sotto.graph.compiled_policies import CompiledPolicies
from sotto.graph.condition import holds, nodes_in
from sotto.graph.node import Node, NodeCall, NodeResult, NodeStatus, Output


@dataclass(frozen=True, slots=True)
class Graph:
    """The nodes of one utterance; without nodes there is nothing to run, but the playbook still gets the words."""

    utterance: Utterance
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Advance:
    """``next``: the calls of the next wave. ``skipped``: nodes completed without a call (skipped or degraded)."""

    next: tuple[NodeCall, ...]
    skipped: tuple[NodeResult, ...]
    done: bool


def plan(compiled: CompiledPolicies, utterance: Utterance) -> Graph:
    """The graph of this utterance: nodes meant for its speaker (and for interims, if it is one).

    A node that waits for one that is not meant for this utterance goes with it, unless ``even_without``.
    """
    chosen = {
        planned.node.id: planned.node
        for planned in compiled.nodes
        if utterance.speaker in planned.speakers and (utterance.is_final or planned.on_interims)
    }
    while orphaned := [node for node in chosen.values() if any(name not in chosen for name in _needs(node))]:
        for node in orphaned:
            if node.even_without:
                chosen[node.id] = _freed(node, chosen)
            else:
                del chosen[node.id]
    return Graph(utterance, tuple(chosen.values()))


def _needs(node: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*node.after, *nodes_in(node.only_if))))


def _freed(node: Node, chosen: Mapping[str, Node]) -> Node:
    """Without the dependencies that do not run; a condition on them cannot be known, so it falls away."""
    known = all(name in chosen for name in nodes_in(node.only_if))
    after = tuple(name for name in node.after if name in chosen)
    return replace(node, after=after, only_if=node.only_if if known else None)


def is_quick(wave: Iterable[NodeCall]) -> bool:
    """Whether nothing in it takes long enough that somebody else should wait for it. An empty wave is quick."""
    return not any(call.alone or call.node.is_written for call in wave)


def first_wave(graph: Graph) -> tuple[NodeCall, ...]:
    """The calls that can start at once."""
    return advance(graph, ()).next


def held_by_conditions(graph: Graph, wave: Sequence[NodeCall]) -> tuple[NodeCall, ...]:
    """The calls that only a condition on this wave's outputs holds back. Who wants those outputs says so with
    ``after``; these want nothing of them, so they may be asked beside the wave, with the least time that it has: what
    is there when the condition turns out to be true need not be asked for."""
    if not wave:
        return ()
    asked, least_ms = {call.node.id for call in wave}, min(call.node.deadline_ms for call in wave)
    held = (
        replace(node, deadline_ms=min(node.deadline_ms, least_ms))
        for node in graph.nodes
        if node.only_if and not (node.after or node.is_slow or node.is_written) and asked.issuperset(_needs(node))
    )
    return tuple(NodeCall(node, graph.utterance) for node in held)


def advance(graph: Graph, results: Iterable[NodeResult]) -> Advance:
    """What follows from all the results so far (also skipped ones; the order does not matter).

    Pure: the same results give the same answer, so a retried delivery asks for the same wave. A node in ``next`` may be
    on its way already when results of a wave are handed in one by one; runners hand in whole waves.
    """
    completed = {result.node_id: result for result in results}
    before = set(completed)
    while fresh := _completed_without_call(graph, completed):
        completed.update(fresh)
    ready = [node for node in graph.nodes if node.id not in completed and _completed(node, completed)]
    quick = [node for node in ready if not node.is_slow]
    return Advance(
        next=tuple(_call(graph, node, completed) for node in quick or ready),
        skipped=tuple(result for name, result in completed.items() if name not in before),
        done=all(node.id in completed for node in graph.nodes),
    )


def call_of(graph: Graph, node_id: str, results: Iterable[NodeResult]) -> NodeCall | None:
    """The call that gave one of these results, made again; None when the graph has no such node."""
    completed = {result.node_id: result for result in results}
    found = next((node for node in graph.nodes if node.id == node_id), None)
    return _call(graph, found, completed) if found is not None and _completed(found, completed) else None


def _call(graph: Graph, node: Node, completed: Mapping[str, NodeResult]) -> NodeCall:
    return NodeCall(node, graph.utterance, _inputs(node, completed), alone=node.is_slow)


def _completed_without_call(graph: Graph, completed: Mapping[str, NodeResult]) -> dict[str, NodeResult]:
    open_nodes = (node for node in graph.nodes if node.id not in completed)
    return {node.id: result for node in open_nodes if (result := _without_call(node, completed))}


def _completed(node: Node, completed: Mapping[str, NodeResult]) -> bool:
    return all(name in completed for name in _needs(node))


def _inputs(node: Node, completed: Mapping[str, NodeResult]) -> dict[str, Output]:
    return {name: completed[name].output for name in _needs(node) if _answered(completed[name])}


def _answered(result: NodeResult) -> bool:
    return result.status in (NodeStatus.OK, NodeStatus.DEGRADED) and bool(result.output)


def _without_call(node: Node, completed: Mapping[str, NodeResult]) -> NodeResult | None:
    """The result of a node that needs no call: what it waits for is gone, or its condition is false."""
    if not _completed(node, completed):
        return None
    if not node.even_without:
        for result in (completed[name] for name in _needs(node)):
            if result.status is NodeStatus.SKIPPED:
                return _not_run(node, NodeStatus.SKIPPED, f"{result.node_id} was skipped")
            if not _answered(result):
                return _not_run(node, NodeStatus.DEGRADED, f"needs {result.node_id}, which {_fate(result)}")
    met = holds(node.only_if, _inputs(node, completed))
    if met or (met is None and node.even_without):
        return None
    return _not_run(node, NodeStatus.SKIPPED, "its condition is not met")


def _fate(result: NodeResult) -> str:
    return "failed" if result.status is NodeStatus.FAILED else "gave no output"


def _not_run(node: Node, status: NodeStatus, reason: str) -> NodeResult:
    return NodeResult(node_id=node.id, task=node.task, status=status, reason=reason)


def circle(dependencies: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """A circle among dependencies, such as (a, b, a); empty when there is none."""
    state: dict[str, bool] = {}

    def visit(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in path:
            return (*path[path.index(name) :], name)
        if state.get(name):
            return ()
        for needed in dependencies.get(name, ()):
            if found := visit(needed, (*path, name)):
                return found
        state[name] = True
        return ()

    return next((found for name in dependencies if (found := visit(name, ()))), ())
