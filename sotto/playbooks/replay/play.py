"""A conversation of the past, guided once more: by the engine of the live path, in call time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.live import AgentJoined, CallTime
from sotto.call.utterance import Utterance
from sotto.guidance.call_events import CallEvent, UtteranceResults
from sotto.guidance.conversation import ConversationState, Occurrence, with_signal
from sotto.guidance.evaluate import LATE_MS, evaluate
from sotto.guidance.rules import Rules
from sotto.playbooks.replay.recorded import Recorded, detections, undecidable

TICK_MS = 2_000
TICK_WHILE_TALKING_MS = 10_000
"""As the audio worker sends them (sotto.transcription.worker)."""
LONGEST_MS = 4 * 3_600_000
"""A call that says it is longer has a wrong clock."""
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
    for event in _events(recorded):
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


def _events(recorded: Recorded) -> Iterator[CallEvent]:
    """Utterances as they ended, and the call's time as it passed; whether somebody spoke is known of finals alone."""
    spoken = sorted(recorded.utterances, key=lambda each: (each.end_ms, each.seq))
    joined_ms = recorded.state.agent_connected_ms
    if joined_ms is not None and joined_ms <= LONGEST_MS:
        yield AgentJoined(recorded.contact.tenant, recorded.contact.contact_id, joined_ms)
    now_ms = last_tick_ms = last_seq = 0
    for utterance in spoken:
        for tick_ms in range(now_ms + TICK_MS, min(utterance.end_ms, LONGEST_MS), TICK_MS):
            talks = tick_ms >= utterance.start_ms
            if not talks or tick_ms - last_tick_ms >= TICK_WHILE_TALKING_MS:
                last_tick_ms = tick_ms
                yield CallTime(tick_ms, tick_ms if talks else 0, last_seq)
        now_ms, last_seq = max(now_ms, min(utterance.end_ms, LONGEST_MS)), max(last_seq, utterance.seq)
        yield UtteranceResults(_final(utterance))
    ends_ms = min(max(recorded.state.now_ms, now_ms), LONGEST_MS)
    for tick_ms in (*range(now_ms + TICK_MS, ends_ms, TICK_MS), ends_ms + LATE_MS):
        yield CallTime(tick_ms, 0, last_seq)


def _final(utterance: Utterance) -> Utterance:
    return utterance if utterance.is_final else replace(utterance, is_final=True)
