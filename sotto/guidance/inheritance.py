"""What guidance remembers of a conversation goes on in its next contact: moments, checklist, subjects.

Times are moved into the new contact's call time, where what was before has negative ones. What belongs to a screen
does not go on: cards that were open are another agent's, and may be shown again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sotto.call.contact import Contact
from sotto.guidance.conversation import ConversationState, Occurrence, kept, with_signal

EARLY_TURNS = 4
"""Until so many turns of the new contact, the memory of the one before may still grow: its last words are being
considered, and agents who hand over speak with each other first."""
_KEPT_TIMES = 4


def with_memory(state: ConversationState, before: ConversationState, contact: Contact) -> ConversationState:
    """``state`` of ``contact`` with the memory of the contact before. Applied twice, it changes nothing more."""
    by_ms = contact.media_started_at_ms - (contact.previous_started_at_ms or contact.media_started_at_ms)
    return replace(
        state,
        signals=_joined(state.signals, before.signals, by_ms, with_signal),
        moments=_joined(state.moments, before.moments, by_ms, _with_moment),
        shown=_shown(state, before, by_ms),
        checklists=_checklists(state.checklists, before.checklists),
    )


_Occurrences = Mapping[str, tuple[Occurrence, ...]]
_With = Callable[[tuple[Occurrence, ...], Occurrence], tuple[Occurrence, ...]]


def _joined(ours: _Occurrences, theirs: _Occurrences, by_ms: int, added: _With) -> dict[str, tuple[Occurrence, ...]]:
    found = dict(ours)
    for name, occurrences in theirs.items():
        for one in occurrences:
            moved = replace(one, since_ms=one.since_ms - by_ms, at_ms=one.at_ms - by_ms)
            found[name] = added(found.get(name, ()), moved)
    return found


def _with_moment(known: tuple[Occurrence, ...], new: Occurrence) -> tuple[Occurrence, ...]:
    same = any((one.at_ms, one.utterances) == (new.at_ms, new.utterances) for one in known)
    return known if same else kept([*known, new])


def _shown(state: ConversationState, before: ConversationState, by_ms: int) -> dict[str, tuple[int, ...]]:
    was_open = {one.name for one in before.open_actions}
    found = dict(state.shown)
    for subject, times in before.shown.items():
        if subject.partition(":")[0] not in was_open:
            moved = {at_ms - by_ms for at_ms in times}
            found[subject] = tuple(sorted({*found.get(subject, ()), *moved})[-_KEPT_TIMES:])
    return found


def _checklists(ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """What one agent has done, the next one need not do."""
    done = {key: state for key, state in theirs.items() if state == "done"}
    return {**theirs, **ours, **done}
