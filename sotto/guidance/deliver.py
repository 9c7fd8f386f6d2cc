"""Model results, or the passing of time, become guidance: considered, stored, published.

The conversation's state is one item under optimistic locking: when two utterances are delivered at once, the second
reads again and considers what the first one wrote, so that both count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Annotated, Literal, Protocol

from pydantic import Field, TypeAdapter

from sotto.call.annotation import Annotation, Checklist, ChecklistItem
from sotto.call.contact import Channel, ContactReader
from sotto.call.language import primary
from sotto.call.live import AgentJoined, Tick
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.core.metrics import measure
from sotto.core.metrics.recorder import Metrics, NoMetrics
from sotto.core.metrics.stages import PUBLISH, durations, measure_stages
from sotto.core.validation import silent
from sotto.graph.compiled_policies import CompiledPolicies, Runner
from sotto.graph.graph import Graph, advance
from sotto.graph.node import NodeCall, NodeResult
from sotto.guidance.call_events import CallEvent, UtteranceResults, is_superseded
from sotto.guidance.conversation import ConversationState
from sotto.guidance.evaluate import checklist_of, evaluate
from sotto.guidance.inheritance import EARLY_TURNS, with_memory
from sotto.guidance.rules import Rules, rules_of
from sotto.tenants.book import BookReader, TenantBook
from sotto.tenants.compile import PolicyCache

ATTEMPTS = 6


class ConversationBusy(Retryable):
    """Others changed the conversation each time we tried. Step Functions retries on this name."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is stored: the playbook's state, the checklist as the agent sees it, and a version that only rises."""

    state: ConversationState
    checklist: tuple[ChecklistItem, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class WaveDone:
    """A wave of the graph has ended. ``results`` are all so far, this wave's included. ``runner``: who ran it."""

    tenant: str
    contact_id: str
    graph: Graph
    policies: CompiledPolicies
    results: tuple[NodeResult, ...] = ()
    stamps: Mapping[str, float] = field(default_factory=dict)
    runner: str = Runner.STEP_FUNCTIONS
    type: Literal["wave.done"] = "wave.done"


@dataclass(frozen=True, slots=True)
class Delivered:
    """``next_wave``: what the graph asks next. ``conversation``: as it was left, as far as this delivery knows."""

    next_wave: tuple[NodeCall, ...]
    conversation: Conversation


Delivery = WaveDone | Tick | AgentJoined
DELIVERY: TypeAdapter[Delivery] = silent(Annotated[Delivery, Field(discriminator="type")])
NEXT_WAVE: TypeAdapter[tuple[NodeCall, ...]] = silent(tuple[NodeCall, ...])


class Conversations(Protocol):
    def conversation(self, tenant: str, contact_id: str) -> Conversation | None: ...

    def save(
        self,
        tenant: str,
        contact_id: str,
        conversation: Conversation,
        annotations: Sequence[Annotation],
        *,
        expected_version: int,
    ) -> None:
        """Store state and annotations, all or none. Raises ConversationBusy."""
        ...


class Panel(Protocol):
    def show(self, annotations: Sequence[Annotation], checklist: Checklist | None) -> None:
        """Put new guidance on the agent's screen. Never raises: it is stored, and found when the panel fills its
        gaps."""
        ...


@dataclass(frozen=True, slots=True)
class DeliverPorts:
    contacts: ContactReader
    books: BookReader
    policies: PolicyCache
    conversations: Conversations
    panel: Panel
    clock: Clock
    metrics: Metrics = NoMetrics()


def deliver(event: Delivery, ports: DeliverPorts) -> tuple[NodeCall, ...]:
    """Give guidance on ``event``; answers with the calls of the graph's next wave. Raises ConversationBusy."""
    match event:
        case WaveDone():
            return deliver_wave(event, ports).next_wave
        case Tick() | AgentJoined():
            what = event.time if isinstance(event, Tick) else event
            contact = ports.contacts.contact(event.tenant, event.contact_id)
            if contact is not None:
                book = ports.books.current(event.tenant)
                compiled = ports.policies.compiled(book, contact, at_ms=ports.clock.now_ms())
                _guide(_Occasion(event.tenant, event.contact_id, what, rules_for(book, compiled)), ports)
            return ()


def deliver_wave(event: WaveDone, ports: DeliverPorts, known: Conversation | None = None) -> Delivered:
    """``known``: the conversation as somebody has just read or left it, which spares reading it again; what others have
    written since is noticed when it is stored. An interim that its final has overtaken gives no guidance, and its graph
    ends there. Raises ConversationBusy."""
    utterance = event.graph.utterance
    rules = rules_for(ports.books.current(event.tenant), event.policies)
    stamps = {**event.stamps, "inferred": ports.clock.now_ms()}
    spoken = UtteranceResults(utterance, event.results)
    left = _guide(_Occasion(event.tenant, event.contact_id, spoken, rules, stamps, event.runner), ports, known)
    over = is_superseded(utterance, left.state)
    return Delivered(() if over else advance(event.graph, event.results).next, left)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """Why guidance may be due."""

    tenant: str
    contact_id: str
    event: CallEvent
    rules: Rules
    stamps: Mapping[str, float] = field(default_factory=dict)
    runner: str = ""


def _guide(occasion: _Occasion, ports: DeliverPorts, known: Conversation | None = None) -> Conversation:
    """The conversation as it is afterwards."""
    tenant, contact_id, event, rules = occasion.tenant, occasion.contact_id, occasion.event, occasion.rules
    for _ in range(ATTEMPTS):
        before, known = known or conversation_of(tenant, contact_id, ports), None
        if isinstance(event, UtteranceResults) and is_superseded(event.utterance, before.state):
            return before
        considered = evaluate(before.state, event, rules)
        if (
            not considered.annotations
            and not considered.checklist
            and _only_time_passed(before.state, considered.state)
        ):
            return before
        guided_ms = ports.clock.now_ms()
        stages, latency_ms = _stages(occasion.stamps, guided_ms)
        made = [
            replace(each, stages_ms=stages, latency_ms=latency_ms, runner=occasion.runner)
            for each in considered.annotations
        ]
        after = Conversation(considered.state, checklist_of(considered.state, rules), before.version + 1)
        try:
            ports.conversations.save(tenant, contact_id, after, made, expected_version=before.version)
        except ConversationBusy:
            continue
        _publish(made, after, bool(considered.checklist), ports)
        _measured(made, tenant, {**occasion.stamps, "guided": guided_ms}, ports)
        return after
    raise ConversationBusy(f"{ATTEMPTS} attempts met a change each time")


def conversation_of(tenant: str, contact_id: str, ports: DeliverPorts) -> Conversation:
    """What is stored, if anything; soon after a transfer, with the memory of the contact before."""
    stored = ports.conversations.conversation(tenant, contact_id)
    if stored is not None and len(stored.state.turns) > EARLY_TURNS:
        return stored
    begun = stored or Conversation(ConversationState(tenant, contact_id))
    contact = ports.contacts.contact(tenant, contact_id)
    if contact is None or contact.previous_contact_id is None:
        return begun
    earlier = ports.conversations.conversation(tenant, contact.previous_contact_id)
    return replace(begun, state=with_memory(begun.state, earlier.state, contact)) if earlier is not None else begun


def _only_time_passed(before: ConversationState, after: ConversationState) -> bool:
    """The next event brings a later time with it, so this one need not be stored."""
    return replace(after, now_ms=before.now_ms, spoken_until_ms=before.spoken_until_ms) == before


def _publish(made: Sequence[Annotation], after: Conversation, checklist_changed: bool, ports: DeliverPorts) -> None:
    if not made and not checklist_changed:
        return
    state = after.state
    checklist = Checklist(state.tenant, state.contact_id, after.checklist, after.version, state.now_ms)
    began_ms = ports.clock.monotonic_ms()
    ports.panel.show(made, checklist if checklist_changed else None)
    took_ms = ports.clock.monotonic_ms() - began_ms
    ports.metrics.add(measure.STAGE_LATENCY, took_ms, tenant=after.state.tenant, stage=PUBLISH)


def _measured(made: Sequence[Annotation], tenant: str, stamps: Mapping[str, float], ports: DeliverPorts) -> None:
    """``stamps`` with ``guided``; the way through storage and channel lies behind us."""
    measure_stages(ports.metrics, tenant, stamps, ("infer", "guide"))
    for each in made:
        ports.metrics.add(measure.ANNOTATIONS, tenant=tenant, kind=each.kind.value)
    if made and "received" in stamps:
        now_ms = ports.clock.now_ms()
        ports.metrics.add(measure.GUIDANCE_LATENCY, max(0.0, now_ms - stamps["received"]), tenant=tenant)
        if "spoken" in stamps:
            ports.metrics.add(measure.WORD_TO_SCREEN, max(0.0, now_ms - stamps["spoken"]), tenant=tenant)


def _stages(stamps: Mapping[str, float], now_ms: float) -> tuple[dict[str, float], float]:
    """Milliseconds by stage, and from the final in hand until now. Empty for what no utterance caused.

    ``decided_at_ms`` is a time, not a duration (Unix epoch): whoever receives the annotation adds the last stage, its
    way through storage and channel.
    """
    if "received" not in stamps:
        return {}, 0.0
    known = {**stamps, "guided": now_ms}
    return {**durations(known), "decided_at_ms": now_ms}, round(now_ms - known["received"], 2)


@lru_cache(maxsize=1024)
def _rules_of_version(
    tenant: str, version: str, sets: tuple[str, ...], audit: str, language: str, channel: Channel, playbook: _ByVersion
) -> Rules:
    book = playbook.book
    found = rules_of(
        book.playbook, sets, policy=audit, version=version, guidance=book.settings.guidance, channel=channel
    )
    return replace(found, language=language)


@dataclass(frozen=True, slots=True)
class _ByVersion:
    """Hashes as nothing, so that a book can travel through a cache keyed by its version."""

    book: TenantBook = field(compare=False)


def rules_for(book: TenantBook, compiled: CompiledPolicies) -> Rules:
    """Of a contact with these policies; made once for each version of a book."""
    language, channel = primary(compiled.language), compiled.channel
    return _rules_of_version(
        book.tenant, book.version, compiled.playbooks, compiled.audit, language, channel, _ByVersion(book)
    )
