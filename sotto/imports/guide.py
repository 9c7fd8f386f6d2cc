"""What the playbook notices in a conversation that is over: by the engine of the live path, in call time.

Moments and checklists are noted. Cards are not: nobody was shown one, and whoever counts how often agents use them must
not count those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.graph.compiled_policies import CompiledPolicies
from sotto.graph.graph import Graph, advance, plan
from sotto.graph.node import LONGEST_DEADLINE_MS, NodeCall, NodeResult, NodeRouter, NodeStatus
from sotto.guidance.call_events import CallEvent, UtteranceResults
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation, Conversations, rules_for
from sotto.guidance.evaluate import checklist_of, evaluate
from sotto.guidance.past_events import past_events
from sotto.guidance.stored_call import MOST_UTTERANCES
from sotto.tenants.book import BookReader
from sotto.tenants.compile import compile_policies

TRIES = 3
"""Of what no model answered: nobody waits for it as on a call."""
WAIT_MS = 2_000
AT_ONCE = 40
"""Annotations in one write."""


class PastConversations(Conversations, Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]: ...


@dataclass(frozen=True, slots=True)
class GuidePorts:
    """``wait``: for so many milliseconds."""

    books: BookReader
    conversations: PastConversations
    router: NodeRouter
    clock: Clock
    wait: Callable[[float], None]


def guide(contact: Contact, ended_ms: int, ports: GuidePorts) -> bool:
    """Note what the playbook notices; a run that died before goes on where it was. ``ended_ms``: call time. Whether all
    models answered: what one that did not would have noticed is missing. Raises ConversationBusy and Retryable."""
    key = (contact.tenant, contact.contact_id)
    utterances = ports.conversations.utterances(*key, 0, MOST_UTTERANCES)
    book = ports.books.current(contact.tenant)
    compiled = compile_policies(book, contact, at_ms=contact.media_started_at_ms)
    rules = rules_for(book, compiled)
    noted = _Noted(contact, ports.conversations)
    whole = True
    for event in past_events(contact, utterances, joined_ms=0, ended_ms=ended_ms):
        if _is_known(event, noted.state):
            continue
        if isinstance(event, UtteranceResults):
            results, answered = _asked(compiled, event.utterance, ports)
            event, whole = replace(event, results=results), whole and answered
        considered = evaluate(noted.state, event, rules)
        moments = [each for each in considered.annotations if each.kind is AnnotationKind.MOMENT]
        noted.take(considered.state, moments)
        if moments or considered.checklist:
            noted.save(lambda state: checklist_of(state, rules))
    noted.save(lambda state: checklist_of(state, rules))
    return whole


class _Noted:
    """The conversation as it goes on, and what of it is not stored yet."""

    def __init__(self, contact: Contact, conversations: Conversations) -> None:
        self._key = (contact.tenant, contact.contact_id)
        self._conversations = conversations
        self._stored = conversations.conversation(*self._key) or Conversation(ConversationState(*self._key))
        self._new: list[Annotation] = []
        self.state = self._stored.state

    def take(self, state: ConversationState, moments: Sequence[Annotation]) -> None:
        self.state = state
        self._new += moments

    def save(self, checklist: Callable[[ConversationState], tuple]) -> None:  # type: ignore[type-arg]
        if self.state == self._stored.state and not self._new:
            return
        before = self._stored
        after = Conversation(self.state, checklist(self.state), before.version + 1)
        self._conversations.save(*self._key, after, self._new, expected_version=before.version)
        self._stored, self._new = after, []


def _is_known(event: CallEvent, state: ConversationState) -> bool:
    """Of a run before: its time is that of its last write, so that all up to it was considered."""
    if isinstance(event, UtteranceResults):
        return event.utterance.seq <= state.done_seq or event.utterance.seq in state.ahead
    return event.call_time_ms < state.now_ms


def _asked(compiled: CompiledPolicies, utterance: Utterance, ports: GuidePorts) -> tuple[tuple[NodeResult, ...], bool]:
    """What quick models make of it; nothing is written for a call that is over. Whether each answered."""
    graph = _quick(plan(compiled, utterance))
    results: tuple[NodeResult, ...] = ()
    answered = True
    while wave := advance(graph, results).next:
        found = _answers([_patient(call) for call in wave], ports)
        answered = answered and all(map(_is_answer, found))
        results = (*results, *found)
    return results, answered


def _quick(graph: Graph) -> Graph:
    written = {node.id for node in graph.nodes if node.is_written}
    return replace(graph, nodes=tuple(node for node in graph.nodes if not written & {node.id, *node.after}))


def _patient(call: NodeCall) -> NodeCall:
    return replace(call, node=replace(call.node, deadline_ms=LONGEST_DEADLINE_MS), alone=False)


def _answers(wave: Sequence[NodeCall], ports: GuidePorts) -> tuple[NodeResult, ...]:
    found = tuple(ports.router.route_all(wave))
    for _ in range(TRIES - 1):
        silent = [call for call, result in zip(wave, found, strict=True) if not _is_answer(result)]
        if not silent:
            break
        ports.wait(WAIT_MS)
        again = {each.node_id: each for each in ports.router.route_all(silent)}
        found = tuple(again.get(each.node_id, each) for each in found)
    return found


def _is_answer(result: NodeResult) -> bool:
    return result.status is NodeStatus.OK or bool(result.output)
