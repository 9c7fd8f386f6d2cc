"""A conversation of the past, as a playbook meets it again: what was said, and what models had detected.

Words are stored redacted, so phrases are looked for again. What a model answered is stored only as the signals of the
conditions that the playbook of that time had (sotto.guidance.conversation): a condition of a draft is met by a stored
signal where that was at least as wide, and is unknown where nobody asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sotto.call.annotation import Annotation
from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.guidance.conversation import KEPT_OCCURRENCES, ConversationState, Occurrence
from sotto.guidance.rules import Rules, is_for, signal_key
from sotto.tenants.playbook import (
    Condition,
    Detected,
    Item,
    Leaf,
    Moment,
    PlaybookAction,
    conditions_of,
    moments_named_in,
    walk,
)

FROM_WORDS = "private"
"""The one task whose labels stand in the stored words themselves."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """``state``: as guidance left it. ``looked_for``: conditions of the playbooks that guided it, by the key of their
    signals."""

    contact: Contact
    utterances: Sequence[Utterance]
    state: ConversationState
    annotations: Sequence[Annotation]
    looked_for: Mapping[str, Leaf]


@dataclass(frozen=True, slots=True)
class Detections:
    """``by_utterance``: (key of the condition, when it was met), under the utterance that completed it. ``unknown``:
    keys of conditions that nobody asked about. ``thinned``: some were met oftener than is remembered."""

    by_utterance: Mapping[str, tuple[tuple[str, Occurrence], ...]] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    thinned: bool = False


def detections(recorded: Recorded, leaves: Iterable[tuple[str, Leaf]]) -> Detections:
    """What is known of these conditions in this conversation."""
    found: dict[str, list[tuple[str, Occurrence]]] = defaultdict(list)
    unknown: set[str] = set()
    thinned = False
    speakers = {each.id: each.speaker for each in recorded.utterances}
    for key, leaf in leaves:
        if not isinstance(leaf, Detected) or leaf.task == FROM_WORDS:
            continue
        sources = _sources(leaf, recorded.looked_for)
        if sources is None:
            unknown.add(key)
            continue
        for source in sources:
            met = recorded.state.signals.get(source, ())
            thinned = thinned or len(met) >= KEPT_OCCURRENCES
            for one in met:
                if one.utterances and one.confidence >= leaf.at_least and _by(leaf.speaker, one, speakers):
                    found[one.utterances[-1]].append((key, one))
    by_utterance = {utterance: tuple(each) for utterance, each in found.items()}
    return Detections(by_utterance, frozenset(unknown), thinned)


def _by(speaker: Speaker | None, one: Occurrence, speakers: Mapping[str, Speaker]) -> bool:
    return speaker is None or speakers.get(one.utterances[-1]) is speaker


def _sources(leaf: Detected, looked_for: Mapping[str, Leaf]) -> list[str] | None:
    """Stored conditions that together are met exactly when this one is, given their confidence and speaker; None where
    there are none such: an answer that was not asked for is not an answer of no."""
    own = signal_key(leaf)
    if own in looked_for:
        return [own]
    fitting = {
        key: set(each.labels)
        for key, each in looked_for.items()
        if isinstance(each, Detected)
        and each.task == leaf.task
        and set(each.labels) <= set(leaf.labels)
        and each.at_least <= leaf.at_least
        and each.speaker in (None, leaf.speaker)
    }
    covered = set[str]().union(*fitting.values())
    return sorted(fitting) if covered == set(leaf.labels) else None


def undecidable(rules: Rules, unknown: frozenset[str]) -> frozenset[str]:
    """Names of moments, actions and items ("checklist/item") that rest on an unknown condition, directly or by a
    moment."""
    if not unknown:
        return frozenset()
    moments: set[str] = set()
    for moment in rules.moments:  # those they mention stand before them
        if _rests_on(moment, unknown, moments):
            moments.add(moment.name)
    actions = {each.name for each in rules.actions if _rests_on(each, unknown, moments)}
    items = {
        f"{checklist.name}/{item.name}"
        for checklist in rules.checklists
        for item in checklist.items
        if is_for(item, rules.channel) and (_rests_on(item, unknown, moments) or item.after in moments)
    }
    return frozenset(moments | actions | items)


def _rests_on(rule: Moment | PlaybookAction | Item, unknown: frozenset[str], moments: set[str]) -> bool:
    return any(_names_unknown(each, unknown) or moments_named_in(each) & moments for each in conditions_of(rule))


def _names_unknown(condition: Condition, unknown: frozenset[str]) -> bool:
    return any(isinstance(part, Detected) and signal_key(part) in unknown for part in walk(condition))
