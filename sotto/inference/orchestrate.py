"""Guidance is asked for on an utterance: decide which models it needs, and have them run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pydantic import TypeAdapter

from sotto.call.contact import ContactReader
from sotto.call.live import GuidanceRequest, Stamps
from sotto.core.clock import Clock
from sotto.core.metrics.recorder import Metrics, NoMetrics
from sotto.core.metrics.stages import measure_stages
from sotto.core.validation import silent
from sotto.graph.compiled_policies import CompiledPolicies
from sotto.graph.graph import Graph, first_wave, plan
from sotto.graph.node import NodeCall
from sotto.tenants.book import BookReader
from sotto.tenants.compile import PolicyCache


@dataclass(frozen=True, slots=True)
class GuidanceRun:
    """The input of one run of the graph. ``wave`` are the calls that can start at once."""

    tenant: str
    contact_id: str
    graph: Graph
    policies: CompiledPolicies
    wave: tuple[NodeCall, ...]
    stamps: Stamps


RUN: TypeAdapter[GuidanceRun] = silent(GuidanceRun)


class GraphRunner(Protocol):
    """Runs a graph wave by wave: Step Functions, or another that is measured beside it."""

    def start(self, name: str, run: GuidanceRun) -> None:
        """Start and do not wait. ``name`` is the same when the same utterance comes twice."""
        ...


@dataclass(frozen=True, slots=True)
class OrchestratePorts:
    contacts: ContactReader
    books: BookReader
    policies: PolicyCache
    runner: GraphRunner
    clock: Clock
    metrics: Metrics = NoMetrics()


def orchestrate_utterance(asked: GuidanceRequest, ports: OrchestratePorts) -> GuidanceRun | None:
    """Start the graph of one utterance; None for an unknown contact, and for an interim one that no model wants."""
    contact = ports.contacts.contact(asked.tenant, asked.contact_id)
    if contact is None:
        return None
    begun_ms = ports.clock.now_ms()
    compiled = ports.policies.compiled(ports.books.current(asked.tenant), contact, at_ms=begun_ms)
    graph = plan(compiled, asked.utterance)
    if not asked.utterance.is_final and not graph.nodes:
        return None
    stamps = {**asked.stamps, "dispatched": begun_ms, "planned": ports.clock.now_ms()}
    run = GuidanceRun(asked.tenant, asked.contact_id, graph, compiled, first_wave(graph), stamps)
    ports.runner.start(f"{asked.contact_id}-{asked.utterance.id}-{asked.utterance.end_ms}"[:80], run)
    measure_stages(ports.metrics, asked.tenant, stamps, ("redact", "store", "dispatch", "plan"))
    return run
