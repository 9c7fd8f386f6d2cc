"""When something has to be spoken to count, in a call as it went."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.scorecards.answers import Span
from sotto.scorecards.judge.call_facts import CallFacts
from sotto.tenants.playbook import AGENT_CONNECTED, ANCHORS, CALL_START, Item, Playbook
from sotto.tenants.scorecards.form import AutomaticAnswer, Window


@dataclass(frozen=True, slots=True)
class Opening:
    """``spans``: one for each time that what it comes after happened, the first one first; none when it never did, and
    then ``reason`` says so. ``in_a_breath``: starts of the utterances that opened it."""

    spans: tuple[Span, ...]
    reason: str = ""
    in_a_breath: frozenset[int] = frozenset()


def window_of(answer: AutomaticAnswer, playbook: Playbook) -> Window:
    """As the form says, or as the checklist does of the first of its items, or else the whole call."""
    if answer.window is not None:
        return answer.window
    items = {
        f"{checklist.name}/{item.name}": item
        for one in playbook.sets
        for checklist in one.checklists
        for item in checklist.items
    }
    first = next((items[name] for name in answer.items if name in items), None)
    return _of_item(first) if first is not None else Window()


def _of_item(item: Item) -> Window:
    """An item that is due after a moment that has no condition of its own may be done before it, too: a recap is given
    before the goodbye. So its time ends there, and begins with the call."""
    if item.within_ms is None:
        return Window()
    if item.after in (CALL_START, AGENT_CONNECTED):
        return Window(after=item.after, within_ms=item.within_ms)
    return Window(before=item.after, grace_ms=item.within_ms)


def opened(window: Window, call: CallFacts) -> Opening:
    begins = _begins(window.after, call)
    if not begins:
        return Opening((), f"{window.after} did not happen")
    spans = tuple(dict.fromkeys(_span(begin, window, call) for begin in begins))
    is_moment = window.after not in ANCHORS
    return Opening(spans, in_a_breath=frozenset(begins) if is_moment else frozenset())


def _span(begins: int, window: Window, call: CallFacts) -> Span:
    ends = call.ends_at_ms
    if window.within_ms is not None:
        ends = min(ends, begins + window.within_ms)
    if window.before:
        closing = min((each.since_ms for each in call.moments.get(window.before, ())), default=None)
        if closing is not None:
            ends = min(ends, closing + window.grace_ms)
    return Span(begins, max(begins, ends))


def _begins(after: str, call: CallFacts) -> tuple[int, ...]:
    """Of a moment, when it began: what is spoken in the same breath comes after it."""
    if after == CALL_START:
        return (0,)
    if after == AGENT_CONNECTED:
        return () if call.agent_connected_ms is None else (call.agent_connected_ms,)
    return tuple(sorted({each.since_ms for each in call.moments.get(after, ())}))
