"""What guidance remembers of one call: one small item, the same whatever the order in which utterances arrive.

No word that was spoken is kept. What was said matters only as signals: the conditions of the playbook that it met, with
their evidence. Signals of all sets are kept, active or not, so that a transfer to another team knows what was said
before it. They are keyed by the content of their condition: a new version of the playbook keeps those of what it did
not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter

from sotto.call.annotation import Evidence
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.core.validation import silent

KEPT_OCCURRENCES = 8
KEPT_TURNS = 40
KEPT_IDS = 160
KEPT_AHEAD = 64


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something happened. ``since_ms`` is when it began, ``at_ms`` when it was complete; both call time."""

    since_ms: int
    at_ms: int
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    model: str = ""
    adapter: str = ""
    route: str = ""

    @property
    def utterances(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(evidence.utterance_id for evidence in self.evidence))

    @property
    def rank(self) -> tuple[int, int, tuple[str, ...], float, str, str]:
        """Orders by time; of the same utterances the surest comes first. Total, so that every process agrees."""
        return (self.at_ms, self.since_ms, self.utterances, -self.confidence, repr(self.evidence), self.model)


@dataclass(frozen=True, slots=True)
class Turn:
    utterance_id: str
    speaker: Speaker
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class OpenAction:
    """Shown and neither withdrawn nor expired. ``article`` and its ``title``: of an answer."""

    id: str
    name: str
    at_ms: int
    expires_at_ms: int | None = None
    article: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """An answer that may be shown when the card before it has had its time. ``show`` is the tenant's article, or was
    written from it."""

    name: str
    subject: str
    occurrence: Occurrence
    show: Mapping[str, Any]
    article: str


@dataclass(frozen=True, slots=True)
class ConversationState:
    """Bounded in every field. ``now_ms`` is the latest call time known.

    ``done_seq``: every utterance up to this one was considered; ``ahead``: later ones that were, too.
    ``waiting``: at most one answer of each action; ``last_card_ms``: when a card was last shown.
    ``shown``: per action (and article) the latest times it was shown. ``checklists``: "checklist/item" -> its state.
    """

    tenant: str
    contact_id: str
    now_ms: int = 0
    spoken_until_ms: int = 0
    agent_connected_ms: int | None = None
    done_seq: int = 0
    ahead: tuple[int, ...] = ()
    turns: tuple[Turn, ...] = ()
    signals: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)
    moments: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)
    shown: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    open_actions: tuple[OpenAction, ...] = ()
    waiting: tuple[WaitingAnswer, ...] = ()
    last_card_ms: int | None = None
    checklists: Mapping[str, str] = field(default_factory=dict)
    emitted: tuple[str, ...] = ()
    annotation_seq: int = 0

    def connected_ms(self) -> int | None:
        """When the agent joined: as Connect said, or else the agent's first words."""
        first = min((turn.start_ms for turn in self.turns if turn.speaker is Speaker.AGENT), default=None)
        return self.agent_connected_ms if self.agent_connected_ms is not None else first


STATE: TypeAdapter[ConversationState] = silent(ConversationState)


def state_to_json(state: ConversationState) -> bytes:
    """Compact: what has its default value is left out."""
    return STATE.dump_json(state, exclude_defaults=True)


def state_from_json(content: bytes | str) -> ConversationState:
    return STATE.validate_json(content)


def kept(occurrences: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """In order of time; the first one and the latest ones."""
    ordered = sorted(occurrences, key=lambda one: one.rank)
    return tuple(ordered if len(ordered) <= KEPT_OCCURRENCES else [ordered[0], *ordered[1 - KEPT_OCCURRENCES :]])


def with_signal(known: tuple[Occurrence, ...], new: Occurrence) -> tuple[Occurrence, ...]:
    """An utterance meets a condition once, however often it is delivered; the surer result stays."""
    same = next((one for one in known if one.utterances == new.utterances), None)
    if same is not None and same.rank <= new.rank:
        return known
    return kept([*(one for one in known if one is not same), new])


def with_turn(state: ConversationState, utterance: Utterance) -> ConversationState:
    """The utterance's times and number; nothing changes when it was applied before. What the system plays is nobody's
    turn: only its number counts."""
    if utterance.speaker is Speaker.SYSTEM:
        done, ahead = _counted(state.done_seq, state.ahead, utterance.seq)
        return replace(state, done_seq=done, ahead=ahead)
    if any(turn.utterance_id == utterance.id for turn in state.turns):
        return state
    turn = Turn(utterance.id, utterance.speaker, utterance.start_ms, utterance.end_ms)
    turns = sorted([*state.turns, turn], key=lambda one: (one.start_ms, one.utterance_id))
    # The agent's first words say when the agent joined, so they are noted before old turns are forgotten.
    connected = state.agent_connected_ms
    if connected is None and len(turns) > KEPT_TURNS:
        connected = replace(state, turns=tuple(turns)).connected_ms()
    done, ahead = _counted(state.done_seq, state.ahead, utterance.seq)
    return replace(
        state,
        now_ms=max(state.now_ms, utterance.end_ms),
        spoken_until_ms=max(state.spoken_until_ms, utterance.end_ms),
        agent_connected_ms=connected,
        done_seq=done,
        ahead=ahead,
        turns=tuple(turns[-KEPT_TURNS:]),
    )


def _counted(done: int, ahead: tuple[int, ...], seq: int) -> tuple[int, tuple[int, ...]]:
    waiting = sorted({*ahead, seq}) if seq > done else list(ahead)
    while waiting and waiting[0] <= done + 1:
        done = max(done, waiting.pop(0))
    if len(waiting) > KEPT_AHEAD:
        # An utterance that never came must not hold the others back for ever.
        return _counted(waiting[0], tuple(waiting[1:]), waiting[1])
    return done, tuple(waiting)
