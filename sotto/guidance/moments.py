"""When the conditions of a playbook were met, given everything said so far.

Each function is a question about the set of signals, turns and earlier moments, never about their order of arrival: the
same call gives the same occurrences however its utterances overtook each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sotto.call.annotation import Evidence
from sotto.call.contact import Speaker
from sotto.guidance.conversation import ConversationState, Occurrence, Turn
from sotto.guidance.rules import signal_key
from sotto.guidance.waiting import waits
from sotto.tenants.playbook import (
    AGENT_CONNECTED,
    CALL_START,
    Absence,
    All,
    AnyOf,
    Condition,
    Count,
    Detected,
    Happened,
    LongCall,
    LongTurn,
    Not,
    Phrases,
    Silence,
    Speaks,
    TalkOver,
    Waiting,
)
from sotto.tenants.playbook import Sequence as InSequence

TURN_PAUSE_MS = 2_000
"""Utterances of one speaker closer than this are one turn."""


@dataclass(frozen=True, slots=True)
class View:
    """The conversation as conditions see it. ``watermark_ms``: absence is judged up to here; more may still arrive."""

    state: ConversationState
    moments: Mapping[str, tuple[Occurrence, ...]]
    watermark_ms: int


def met(condition: Condition, view: View) -> tuple[Occurrence, ...]:
    """Every time this condition was met, in order of call time."""
    match condition:
        case Detected() | Phrases():
            return view.state.signals.get(signal_key(condition), ())
        case Happened(name=name):
            return view.moments.get(name, ())
        case AnyOf(parts=parts):
            return _ordered(one for part in parts for one in met(part, view))
        case All():
            return _all(condition, view)
        case Not():
            return ()
        case InSequence():
            return _sequence(condition, view)
        case Count():
            return _count(condition, view)
        case Absence():
            return _absence(condition, view)
        case Silence():
            return _silence(condition, view)
        case Waiting():
            return waits(condition, view)
        case TalkOver():
            return _talk_over(condition, view.state.turns)
        case Speaks(speaker=speaker):
            return _ordered(_began(turn) for turn in view.state.turns if turn.speaker is speaker)
        case LongTurn():
            return _long_turns(condition, view.state.turns)
        case LongCall(longer_than_ms=limit):
            return (Occurrence(0, limit),) if view.state.now_ms >= limit else ()


def _ordered(found: Iterator[Occurrence]) -> tuple[Occurrence, ...]:
    return tuple(sorted(set(found), key=lambda one: one.rank))


def joined(parts: Sequence[Occurrence]) -> Occurrence:
    """Several occurrences as one: complete with the last, as sure as the least sure."""
    evidence = dict.fromkeys(piece for part in parts for piece in part.evidence)
    named = next((part for part in reversed(parts) if part.model), parts[-1])
    return Occurrence(
        since_ms=min(part.since_ms for part in parts),
        at_ms=max(part.at_ms for part in parts),
        evidence=tuple(evidence),
        confidence=min(part.confidence for part in parts),
        model=named.model,
        adapter=named.adapter,
        route=named.route,
    )


def _all(condition: All, view: View) -> tuple[Occurrence, ...]:
    wanted = [met(part, view) for part in condition.parts if not isinstance(part, Not)]
    unwanted = [met(part.part, view) for part in condition.parts if isinstance(part, Not)]

    def near(last: Occurrence, other: Occurrence) -> bool:
        if condition.same_utterance:
            return bool(set(last.utterances) & set(other.utterances))
        in_time = condition.within_ms is None or last.at_ms - other.at_ms <= condition.within_ms
        return other.at_ms <= last.at_ms and in_time

    return _ordered(_together(wanted, unwanted, near))


def _together(
    wanted: list[tuple[Occurrence, ...]],
    unwanted: list[tuple[Occurrence, ...]],
    near: Callable[[Occurrence, Occurrence], bool],
) -> Iterator[Occurrence]:
    for last in {one for part in wanted for one in part}:
        latest = [next((one for one in reversed(part) if near(last, one)), None) for part in wanted]
        found = [one for one in latest if one is not None]
        if len(found) == len(wanted) and not any(near(last, one) for part in unwanted for one in part):
            yield joined(sorted(found, key=lambda one: one.rank))


def _sequence(condition: InSequence, view: View) -> tuple[Occurrence, ...]:
    firsts, thens = met(condition.first, view), met(condition.then, view)

    def pairs() -> Iterator[Occurrence]:
        for then in thens:
            first = next((one for one in reversed(firsts) if one.at_ms < then.at_ms), None)
            if first and (condition.within_ms is None or then.at_ms - first.at_ms <= condition.within_ms):
                yield joined((first, then))

    return _ordered(pairs())


def _count(condition: Count, view: View) -> tuple[Occurrence, ...]:
    found = met(condition.of, view)
    windows = (found[end - condition.times : end] for end in range(condition.times, len(found) + 1))
    limit = condition.within_ms
    return _ordered(joined(one) for one in windows if limit is None or one[-1].at_ms - one[0].at_ms <= limit)


def anchors(after: str, view: View) -> tuple[Occurrence, ...]:
    """The beginnings that a time limit counts from."""
    if after == CALL_START:
        return (Occurrence(0, 0),)
    if after == AGENT_CONNECTED:
        connected = view.state.connected_ms()
        return () if connected is None else (Occurrence(connected, connected),)
    return view.moments.get(after, ())


def _absence(condition: Absence, view: View) -> tuple[Occurrence, ...]:
    found = met(condition.of, view)

    def missed() -> Iterator[Occurrence]:
        for anchor in anchors(condition.after, view):
            until_ms = anchor.at_ms + condition.within_ms
            in_time = any(anchor.since_ms <= one.at_ms and one.since_ms <= until_ms for one in found)
            if view.watermark_ms >= until_ms and not in_time:
                yield Occurrence(until_ms, until_ms, anchor.evidence)

    return _ordered(missed())


def _silence(condition: Silence, view: View) -> tuple[Occurrence, ...]:
    state = view.state
    turns = [turn for turn in state.turns if condition.speaker in (None, turn.speaker)]
    begins = max((turn.end_ms for turn in turns), default=0)
    if condition.speaker is None:
        begins = max(begins, state.spoken_until_ms)
    after_given = condition.after is None or _agent_quiet_since(condition.after, view)
    barred = condition.unless_after is not None and _agent_quiet_since(condition.unless_after, view)
    # Somebody is speaking, and who it is will be known with the final.
    unsettled = state.spoken_until_ms > max((turn.end_ms for turn in state.turns), default=0)
    if condition.speaker is not None and unsettled:
        return ()
    if not turns or state.now_ms - begins < condition.longer_than_ms or not after_given or barred:
        return ()
    at_ms = begins + condition.longer_than_ms
    last = max(turns, key=lambda turn: turn.end_ms)
    return (Occurrence(begins, at_ms, (Evidence(last.utterance_id),)),)


def _agent_quiet_since(moment: str, view: View) -> bool:
    happened = view.moments.get(moment, ())
    spoke = [turn.start_ms for turn in view.state.turns if turn.speaker is Speaker.AGENT]
    return bool(happened) and max(spoke, default=0) < happened[-1].at_ms


def _talk_over(condition: TalkOver, turns: tuple[Turn, ...]) -> tuple[Occurrence, ...]:
    def overlaps() -> Iterator[Occurrence]:
        for index, first in enumerate(turns):
            for later in turns[index + 1 :]:
                overlap_ms = min(first.end_ms, later.end_ms) - later.start_ms
                wanted = later.speaker is not first.speaker and condition.by in (None, later.speaker)
                if wanted and overlap_ms >= condition.longer_than_ms:
                    evidence = (Evidence(first.utterance_id), Evidence(later.utterance_id))
                    yield Occurrence(later.start_ms, later.start_ms + condition.longer_than_ms, evidence)

    return _ordered(overlaps())


def _began(turn: Turn) -> Occurrence:
    return Occurrence(turn.start_ms, turn.start_ms, (Evidence(turn.utterance_id),))


def _long_turns(condition: LongTurn, turns: tuple[Turn, ...]) -> tuple[Occurrence, ...]:
    def long_ones() -> Iterator[Occurrence]:
        for run in _runs(turns):
            begins, ends = run[0].start_ms, max(turn.end_ms for turn in run)
            if condition.speaker in (None, run[0].speaker) and ends - begins >= condition.longer_than_ms:
                evidence = tuple(Evidence(turn.utterance_id) for turn in run)
                yield Occurrence(begins, begins + condition.longer_than_ms, evidence)

    return _ordered(long_ones())


def _runs(turns: tuple[Turn, ...]) -> list[list[Turn]]:
    """Utterances of one speaker in a row, with short pauses."""
    runs = [[turn] for turn in turns[:1]]
    for before, turn in pairwise(turns):
        goes_on = turn.speaker is before.speaker and turn.start_ms - before.end_ms < TURN_PAUSE_MS
        if goes_on:
            runs[-1].append(turn)
        else:
            runs.append([turn])
    return runs
