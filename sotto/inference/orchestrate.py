"""Guidance is asked for on an utterance: decide which models it needs, and have them run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import TypeAdapter

from sotto.call.contact import ContactReader
from sotto.call.live import GuidanceRequest, Stamps
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.core.metrics.recorder import Metrics, NoMetrics
from sotto.core.metrics.stages import measure_stages
from sotto.core.validation import silent
from sotto.graph.compiled_policies import CompiledPolicies, Runner
from sotto.graph.graph import Graph, first_wave, plan
from sotto.graph.node import NodeCall, NodeResult
from sotto.tenants.book import BookReader
from sotto.tenants.compile import PolicyCache


@dataclass(frozen=True, slots=True)
class GuidanceRun:
    """The input of one run of the graph. ``wave`` are the calls that can start at once; ``results``: of the waves that
    another runner has run before it handed the rest over."""

    tenant: str
    contact_id: str
    graph: Graph
    policies: CompiledPolicies
    wave: tuple[NodeCall, ...]
    stamps: Stamps
    results: tuple[NodeResult, ...] = ()
    runner: Runner = Runner.STEP_FUNCTIONS


STALE_INTERIM_MS = 2_000
"""An interim that has waited so long for a function has been followed by another one, or by its final."""

RUN: TypeAdapter[GuidanceRun] = silent(GuidanceRun)


class GraphRunner(Protocol):
    """Runs a graph wave by wave."""

    def start(self, name: str, run: GuidanceRun) -> None:
        """Run it, or have it run without waiting. ``name`` is the same when the same utterance comes twice. Raises
        Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class OrchestratePorts:
    """``is_superseded``: whether an interim's final has been considered already. Raises StorageUnavailable."""

    contacts: ContactReader
    books: BookReader
    policies: PolicyCache
    runners: Mapping[Runner, GraphRunner]
    clock: Clock
    is_superseded: Callable[[Utterance], bool]
    metrics: Metrics = NoMetrics()


def orchestrate_utterance(asked: GuidanceRequest, ports: OrchestratePorts) -> GuidanceRun | None:
    """Start the graph of one utterance; None for an unknown contact, and for an interim that no model wants, or that
    words after it have made pointless."""
    if _is_stale(asked, ports.clock):
        return None
    contact = ports.contacts.contact(asked.tenant, asked.contact_id)
    if contact is None:
        return None
    begun_ms = ports.clock.now_ms()
    compiled = ports.policies.compiled(ports.books.current(asked.tenant), contact, at_ms=begun_ms)
    graph = plan(compiled, asked.utterance)
    if not asked.utterance.is_final and (not graph.nodes or ports.is_superseded(asked.utterance)):
        return None
    stamps = {**asked.stamps, "dispatched": begun_ms, "planned": ports.clock.now_ms()}
    measure_stages(ports.metrics, asked.tenant, stamps, ("redact", "store", "dispatch", "plan"))
    wave = first_wave(graph)
    run = GuidanceRun(asked.tenant, asked.contact_id, graph, compiled, wave, stamps, runner=compiled.runner)
    ports.runners[run.runner].start(f"{asked.contact_id}-{asked.utterance.id}-{asked.utterance.end_ms}"[:80], run)
    return run


def _is_stale(asked: GuidanceRequest, clock: Clock) -> bool:
    received_ms = asked.stamps.get("received")
    late = received_ms is not None and clock.now_ms() - received_ms > STALE_INTERIM_MS
    return late and not asked.utterance.is_final
