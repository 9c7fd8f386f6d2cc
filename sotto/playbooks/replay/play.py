"""A conversation of the past, guided once more: by the engine of the live path, in call time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.guidance.call_events import UtteranceResults
from sotto.guidance.conversation import ConversationState, Occurrence, with_signal
from sotto.guidance.evaluate import evaluate
from sotto.guidance.past_events import past_events
from sotto.guidance.rules import Rules
from sotto.playbooks.replay.recorded import Recorded, detections, undecidable

_MISSED = "missed"


class FiredKind(StrEnum):
    MOMENT = "moment"
    ACTION = "action"
    ITEM = "item"
    """Of a checklist, when it is missed."""


@dataclass(frozen=True, slots=True)
class Fired:
    """``at_ms``: call time. ``utterance_id``: the words it rests on, None of what time brought."""

    kind: FiredKind
    name: str
    title: str
    at_ms: int
    utterance_id: str | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """``undecidable``: names of what rests on something that no model was asked in that call; what of them fired rests
    on what is known. ``thinned``: a model had found something oftener than is remembered."""

    fired: tuple[Fired, ...]
    undecidable: frozenset[str]
    thinned: bool


def play(recorded: Recorded, rules: Rules) -> Played:
    """What these rules give in this conversation. Cards that show answers out of the knowledge need what was found for
    them, which is not kept: they are not played."""
    known = detections(recorded, rules.leaves)
    state = ConversationState(recorded.contact.tenant, recorded.contact.contact_id)
    fired: list[Fired] = []
    joined_ms, ended_ms = recorded.state.agent_connected_ms, recorded.state.now_ms
    for event in past_events(recorded.contact, recorded.utterances, joined_ms=joined_ms, ended_ms=ended_ms):
        if isinstance(event, UtteranceResults):
            state = _with(state, known.by_utterance.get(event.utterance.id, ()))
        considered = evaluate(state, event, rules)
        state = considered.state
        fired += [_of(each) for each in considered.annotations if "withdraws" not in each.show]
        fired += [
            Fired(FiredKind.ITEM, f"{each.checklist}/{each.name}", each.title, state.now_ms)
            for each in considered.checklist
            if each.state == _MISSED
        ]
    return Played(tuple(fired), undecidable(rules, known.unknown), known.thinned)


def _of(annotation: Annotation) -> Fired:
    kind = FiredKind.MOMENT if annotation.kind is AnnotationKind.MOMENT else FiredKind.ACTION
    title = str(annotation.show.get("title") or annotation.name)
    return Fired(kind, annotation.name, title, annotation.at_ms, annotation.utterance_id)


def _with(state: ConversationState, met: tuple[tuple[str, Occurrence], ...]) -> ConversationState:
    """As if the model's answer had come with the utterance."""
    signals: Mapping[str, tuple[Occurrence, ...]] = state.signals
    for key, occurrence in met:
        signals = {**signals, key: with_signal(signals.get(key, ()), occurrence)}
    return replace(state, signals=signals)
