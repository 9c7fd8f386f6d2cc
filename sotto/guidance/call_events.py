"""What can happen in a call, and which of the playbook's signals it gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sotto.call.annotation import Evidence
from sotto.call.contact import Speaker
from sotto.call.live import AgentJoined, CallTime
from sotto.call.utterance import Utterance
from sotto.graph.condition import NONE_OF_THESE, behaviours_in
from sotto.graph.node import NodeResult, NodeStatus
from sotto.guidance.conversation import ConversationState, Occurrence, with_signal, with_turn
from sotto.guidance.rules import Rules
from sotto.guidance.wording import spans
from sotto.tenants.playbook import Detected, Leaf, Phrases


@dataclass(frozen=True, slots=True)
class UtteranceResults:
    """An utterance with the results of a wave (or none). Deliver it once per wave, in any order, and again at will.

    Of an interim, only the model results count: its words may still change.
    """

    utterance: Utterance
    results: tuple[NodeResult, ...] = ()


CallEvent = UtteranceResults | CallTime | AgentJoined


def is_superseded(utterance: Utterance, state: ConversationState) -> bool:
    """Whether an interim comes after the final that its speaker's words have become. A final never is."""
    return not utterance.is_final and any(
        turn.utterance_id == utterance.id or (turn.speaker is utterance.speaker and turn.end_ms >= utterance.end_ms)
        for turn in state.turns
    )


def apply(state: ConversationState, event: CallEvent, rules: Rules) -> ConversationState:
    """The state with this event's facts in it. Applied twice, it changes nothing more."""
    match event:
        case UtteranceResults(utterance=utterance):
            known = with_turn(state, utterance) if utterance.is_final else _with_interim(state, utterance)
            return _with_signals(known, event, rules)
        case CallTime(call_time_ms=now_ms, spoken_until_ms=spoken_ms):
            spoken_ms = max(state.spoken_until_ms, spoken_ms)
            return replace(state, now_ms=max(state.now_ms, now_ms), spoken_until_ms=spoken_ms)
        case AgentJoined(call_time_ms=at_ms):
            known_ms = state.agent_connected_ms
            first_ms = at_ms if known_ms is None else min(known_ms, at_ms)
            return replace(state, agent_connected_ms=first_ms, now_ms=max(state.now_ms, at_ms))


def _with_interim(state: ConversationState, utterance: Utterance) -> ConversationState:
    return replace(
        state,
        now_ms=max(state.now_ms, utterance.end_ms),
        spoken_until_ms=max(state.spoken_until_ms, utterance.end_ms),
    )


def _with_signals(state: ConversationState, spoken: UtteranceResults, rules: Rules) -> ConversationState:
    signals = dict(state.signals)
    for key, leaf in rules.leaves:
        for occurrence in _signals(leaf, spoken, rules.language):
            signals[key] = with_signal(signals.get(key, ()), occurrence)
    return replace(state, signals=signals)


def _signals(leaf: Leaf, spoken: UtteranceResults, language: str) -> Iterator[Occurrence]:
    utterance = spoken.utterance
    if utterance.speaker is Speaker.SYSTEM or leaf.speaker not in (None, utterance.speaker):
        return
    if isinstance(leaf, Phrases):
        found = spans(leaf.phrases, utterance.text, language) if utterance.is_final else ()
        if found:
            yield _occurrence(utterance, found)
    elif leaf.task == "private":
        found = tuple((span.start_char, span.end_char) for span in utterance.private if span.kind in leaf.labels)
        if found:
            yield _occurrence(utterance, found)
    else:
        for result in spoken.results:
            yield from _detected(leaf, utterance, result)


def _detected(leaf: Detected, utterance: Utterance, result: NodeResult) -> Iterator[Occurrence]:
    if result.task != leaf.task or result.status not in (NodeStatus.OK, NodeStatus.DEGRADED):
        return
    sure = [
        (confidence, span)
        for label, confidence, span in _labels(result)
        if label in leaf.labels and confidence >= leaf.at_least
    ]
    if sure:
        yield replace(
            _occurrence(utterance, [span for _, span in sure if span is not None]),
            confidence=max(confidence for confidence, _ in sure),
            model=result.served_by.get("model", result.node_id),
            adapter=result.served_by.get("adapter", ""),
            route=result.route,
        )


def _labels(result: NodeResult) -> Iterator[tuple[str, float, tuple[int, int] | None]]:
    """(label, confidence, span of the text if the model gives one)."""
    output = result.output
    if "label" in output:
        yield output["label"] or NONE_OF_THESE, float(output.get("confidence", 0.0)), None
    for behaviour in behaviours_in(output) or ():
        yield behaviour["label"], float(behaviour["confidence"]), None
    for entity in output.get("entities", ()):
        yield entity["type"], float(entity["confidence"]), (int(entity["start"]), int(entity["end"]))


def _occurrence(utterance: Utterance, found: Iterable[tuple[int, int]]) -> Occurrence:
    evidence = tuple(Evidence(utterance.id, start, end) for start, end in found) or (Evidence(utterance.id),)
    return Occurrence(utterance.start_ms, utterance.end_ms, evidence, utterance.confidence)
