"""What a draft changes in one conversation: both playbooks over the same record, and what only one of them gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sotto.call.annotation import AnnotationKind
from sotto.guidance.deliver import rules_for
from sotto.guidance.rules import Rules
from sotto.playbooks.replay.play import Fired, FiredKind, play
from sotto.playbooks.replay.recorded import Recorded
from sotto.tenants.compile import PolicyIndex, compile_policies


class Side(StrEnum):
    BOTH = "both"
    LIVE = "live"
    """It would be lost."""
    DRAFT = "draft"
    """It would be new."""


@dataclass(frozen=True, slots=True)
class Sided:
    fired: Fired
    side: Side


@dataclass(frozen=True, slots=True)
class Compared:
    """``noted``: moments that are stored of the call; ``found_again``: as many of them as the live playbook gives over
    the record, which says how far the rest can be trusted."""

    fired: tuple[Sided, ...]
    undecidable: frozenset[str] = frozenset()
    thinned: bool = False
    noted: int = 0
    found_again: int = 0


def compare(recorded: Recorded, live: PolicyIndex, draft: PolicyIndex) -> Compared:
    before = play(recorded, _rules(recorded, live))
    after = play(recorded, _rules(recorded, draft))
    noted = Counter(
        (each.name, each.utterance_id)
        for each in recorded.annotations
        if each.kind is AnnotationKind.MOMENT and "withdraws" not in each.show
    )
    again = Counter((each.name, each.utterance_id) for each in before.fired if each.kind is FiredKind.MOMENT)
    return Compared(
        fired=tuple(_sided(before.fired, after.fired)),
        undecidable=before.undecidable | after.undecidable,
        thinned=before.thinned or after.thinned,
        noted=noted.total(),
        found_again=(noted & again).total(),
    )


def _rules(recorded: Recorded, index: PolicyIndex) -> Rules:
    """Those of the policies that this contact has, at the time at which it was."""
    contact = recorded.contact
    at_ms = contact.connected_at_ms or contact.media_started_at_ms
    return rules_for(index.book, compile_policies(index, contact, at_ms=at_ms))


def _sided(before: Iterable[Fired], after: Iterable[Fired]) -> list[Sided]:
    """In order of call time. The same on the same words is one, though a title changed; of what time brings, the n-th
    of a name."""
    old, new = _keyed(before), _keyed(after)
    found = [Sided(new[key], Side.BOTH if key in old else Side.DRAFT) for key in new]
    found += [Sided(old[key], Side.LIVE) for key in old if key not in new]
    return sorted(found, key=lambda one: (one.fired.at_ms, one.fired.kind, one.fired.name, one.side))


def _keyed(fired: Iterable[Fired]) -> dict[tuple[FiredKind, str, str, int], Fired]:
    times: Counter[tuple[FiredKind, str, str]] = Counter()
    found = {}
    for each in fired:
        key = (each.kind, each.name, each.utterance_id or "")
        times[key] += 1
        found[(*key, times[key])] = each
    return found
