"""What the judge sees of a call: what was spoken and what guidance noticed. Neither who the agent is nor how they were
judged before is in it: primed with an agent's history, judges change their minds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sotto.call.annotation import Annotation, AnnotationKind, Withdrawal
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.guidance.conversation import ConversationState, Occurrence
from sotto.guidance.rules import leaves_of, signal_key
from sotto.scorecards.judge.leaves import leaves
from sotto.tenants.playbook import Detected, Playbook

THE_AGENT = "[agent]"
BEHAVIOURS = "behaviours"


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that may count, in one utterance. ``start``, ``end``: characters, None where nobody knows. ``denies``:
    its wording denies in itself. ``why``: what noticed it, by the playbook's or the form's name for it."""

    utterance_id: str
    confidence: float
    start: int | None = None
    end: int | None = None
    denies: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """``utterances``: finals in order of time. ``moments``: each time of each, in order. ``behaviours``: by meaning, as
    the tenant's model answered in the call; it is not asked again. ``is_whole``: the transcript is complete."""

    language: str
    utterances: tuple[Utterance, ...]
    moments: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)
    signalled: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)
    """Moment -> each time of what alone suffices for it: a moment that was noted on a suspicion is not noted again for
    a while, however sure the next utterance is."""
    items: Mapping[str, str] = field(default_factory=dict)
    """ "checklist/item" -> the utterance by which it was done."""
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Action -> utterances by which it was done, so that it was withdrawn."""
    behaviours: Mapping[str, tuple[Noticed, ...]] = field(default_factory=dict)
    agent_connected_ms: int | None = None
    is_whole: bool = True

    @property
    def ends_at_ms(self) -> int:
        return max((each.end_ms for each in self.utterances), default=0)

    def utterance(self, id: str) -> Utterance | None:
        return next((each for each in self.utterances if each.id == id), None)


def facts_of(
    utterances: Sequence[Utterance],
    state: ConversationState | None,
    annotations: Iterable[Annotation],
    items: Mapping[str, str],
    playbook: Playbook,
    *,
    language: str,
    agent_names: Iterable[str] = (),
    is_whole: bool = True,
) -> CallFacts:
    """``items``: those that were done, with the utterance. ``agent_names``: as the directory knows the agent; they are
    taken out of what was spoken."""
    ordered = sorted(utterances, key=lambda each: (each.start_ms, each.seq))
    spoken = tuple(each for each in ordered if each.is_final and each.speaker is not Speaker.SYSTEM)
    first = next((each.start_ms for each in spoken if each.speaker is Speaker.AGENT), None)
    connected = state.connected_ms() if state is not None else None
    noted = tuple(annotations)
    return CallFacts(
        language=language,
        utterances=_without_names(spoken, agent_names),
        moments=_moments(state, noted, {each.id: each.start_ms for each in spoken}),
        signalled=_signalled(state, playbook) if state is not None else {},
        items=items,
        actions=_done_actions(noted),
        behaviours=_behaviours(state, playbook) if state is not None else {},
        agent_connected_ms=first if connected is None else connected,
        is_whole=is_whole,
    )


def _without_names(utterances: Iterable[Utterance], names: Iterable[str]) -> tuple[Utterance, ...]:
    """Whole words alone, in any case."""
    words = {word for name in names for word in re.split(r"[^\w]+", name) if len(word) > 1 and not word.isdigit()}
    if not words:
        return tuple(utterances)
    alternatives = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    pattern = re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)
    return tuple(replace(each, text=pattern.sub(THE_AGENT, each.text)) for each in utterances)


def _moments(
    state: ConversationState | None, annotations: Iterable[Annotation], starts: Mapping[str, int]
) -> dict[str, tuple[Occurrence, ...]]:
    """The state has quiet ones too, but of each the first and the latest times alone; annotations have every time of
    what is not quiet."""
    known = dict(state.moments) if state is not None else {}
    noted: dict[str, list[Occurrence]] = {}
    for each in annotations:
        if each.kind is AnnotationKind.MOMENT:
            began = min((starts.get(one.utterance_id, each.at_ms) for one in each.evidence), default=each.at_ms)
            noted.setdefault(each.name, []).append(Occurrence(began, each.at_ms, each.evidence, each.confidence))
    longer = {name: tuple(all_) for name, all_ in noted.items() if len(all_) > len(known.get(name, ()))}
    return known | longer


def _signalled(state: ConversationState, playbook: Playbook) -> dict[str, tuple[Occurrence, ...]]:
    found: dict[str, tuple[Occurrence, ...]] = {}
    for moment in (each for one in playbook.sets for each in one.moments):
        keys = map(signal_key, leaves((moment.when,), playbook))
        if times := tuple(one for key in keys for one in state.signals.get(key, ())):
            found[moment.name] = (*found.get(moment.name, ()), *times)
    return found


def _done_actions(annotations: Iterable[Annotation]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in annotations:
        done = each.kind is AnnotationKind.ACTION and each.show.get("because") == Withdrawal.DONE
        if done and each.utterance_id is not None:
            found[each.name] = (*found.get(each.name, ()), each.utterance_id)
    return found


def _behaviours(state: ConversationState, playbook: Playbook) -> dict[str, tuple[Noticed, ...]]:
    """Of each behaviour, by every condition of the playbook that looks for it."""
    found: dict[str, dict[str, Noticed]] = {}
    for key, leaf in leaves_of(playbook):
        if not isinstance(leaf, Detected) or leaf.task != BEHAVIOURS:
            continue
        for occurrence in state.signals.get(key, ()):
            for label in leaf.labels:
                for id in occurrence.utterances:
                    known = found.setdefault(label, {})
                    if id not in known or known[id].confidence < occurrence.confidence:
                        known[id] = Noticed(id, occurrence.confidence, why=label)
    return {label: tuple(by_id.values()) for label, by_id in found.items()}
