"""Runs a quick graph in one function: ask a wave, guide, store, publish, and ask the next wave meanwhile.

Results and annotations are those of the state machine, which stays the reference and takes over what this runner
leaves: a wave in which something is slow or written, one whose router hangs, and guidance that could not be stored
because others changed the conversation or the table did not answer. It asks and delivers again with its own patience;
what was delivered before does no harm twice.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.core.clock import Clock
from sotto.core.errors import Retryable, SottoError
from sotto.core.observation import Observe
from sotto.graph.compiled_policies import Runner
from sotto.graph.graph import advance, is_quick
from sotto.graph.node import NodeRouter
from sotto.guidance.deliver import Conversation, DeliverPorts, WaveDone, conversation_of, deliver_wave
from sotto.guidance.waves_asked import Results, WavesAsked, answered
from sotto.inference.comparison import Comparisons, Shadows, ToCompare, compare_shadows
from sotto.inference.orchestrate import GraphRunner, GuidanceRun

LONGEST_WAVE_S = 3.0
"""The router keeps each node's own deadline; this limit, the machine's own, only catches a router that hangs."""
ROUNDS_AT_ONCE = 64
"""A function handles one event at a time; where many share a process, so many may run."""


class ModelRouter(NodeRouter, Shadows, Protocol):
    """What answers nodes, and what compares."""


@dataclass(frozen=True, slots=True)
class DirectPorts:
    """``machine`` gets what is handed over."""

    router: ModelRouter
    deliver: DeliverPorts
    machine: GraphRunner
    comparisons: Comparisons
    observe: Observe
    clock: Clock


class DirectRunner:
    """A GraphRunner: ``start`` returns when all guidance has been given, or the rest is in the machine's hands."""

    def __init__(self, ports: DirectPorts, *, longest_wave_s: float = LONGEST_WAVE_S) -> None:
        self._ports = ports
        self._longest_wave_s = longest_wave_s
        self._waves = ThreadPoolExecutor(ROUNDS_AT_ONCE, thread_name_prefix="round")

    def start(self, name: str, run: GuidanceRun) -> None:
        if not is_quick(run.wave):
            self._hand_over(name, run)
            return
        waves = WavesAsked(run.graph, self._ports.router, self._ports.observe, self._waves)
        answers, known = waves.ask(run.wave), self._conversation(run)
        while True:
            results = answered(answers, self._longest_wave_s)
            if results is None:
                self._hand_over(name, run)
                return
            run = replace(run, results=(*run.results, *results), wave=())
            ahead = _ask_ahead(run, waves)
            try:
                delivered = deliver_wave(_wave_done(run), self._ports.deliver, known)
            except Retryable:
                self._hand_over(name, replace(run, wave=advance(run.graph, run.results).next))
                return
            run, known = replace(run, wave=delivered.next_wave), delivered.conversation
            if not run.wave:
                self._compare(run)
                return
            if not is_quick(run.wave):
                self._hand_over(name, run)
                return
            answers = ahead or waves.ask(run.wave)

    def _conversation(self, run: GuidanceRun) -> Conversation | None:
        """Read while the models think. An interim's is read when they have, because its final may have come."""
        if not run.graph.utterance.is_final:
            return None
        with suppress(Retryable):  # then delivery reads it
            return conversation_of(run.tenant, run.contact_id, self._ports.deliver)
        return None

    def _hand_over(self, name: str, run: GuidanceRun) -> None:
        self._ports.machine.start(name, replace(run, runner=Runner.STEP_FUNCTIONS))

    def _compare(self, run: GuidanceRun) -> None:
        """All guidance has been given, and nobody waits for this invocation."""
        if any(result.shadow for result in run.results):
            asked = ToCompare(run.graph, run.results)
            with suppress(SottoError):  # the next utterance is compared
                compare_shadows(asked, self._ports.router, self._ports.comparisons, self._ports.clock)


def _ask_ahead(run: GuidanceRun, waves: WavesAsked) -> Future[Results] | None:
    """The next wave follows from results alone, so it is asked while this one is stored and published. An interim's is
    not: its final may have come."""
    wave = advance(run.graph, run.results).next
    return waves.ask(wave) if wave and is_quick(wave) and run.graph.utterance.is_final else None


def _wave_done(run: GuidanceRun) -> WaveDone:
    return WaveDone(run.tenant, run.contact_id, run.graph, run.policies, run.results, run.stamps, Runner.DIRECT)
