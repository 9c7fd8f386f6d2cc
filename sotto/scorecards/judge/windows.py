"""When something has to be spoken to count, in a call as it went."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.scorecards.answers import Span
from sotto.scorecards.judge.call_facts import CallFacts
from sotto.tenants.playbook import AGENT_CONNECTED, CALL_START, Item, Playbook
from sotto.tenants.scorecards import AutomaticAnswer, Window


@dataclass(frozen=True, slots=True)
class Opening:
    """``span`` is None when it never opened, because what it comes after did not happen."""

    span: Span | None
    reason: str = ""


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
    if begins is None:
        return Opening(None, f"{window.after} did not happen")
    ends = call.ends_at_ms
    if window.within_ms is not None:
        ends = min(ends, begins + window.within_ms)
    if window.before:
        closing = _first(window.before, call)
        if closing is not None:
            ends = min(ends, closing + window.grace_ms)
    return Opening(Span(begins, max(begins, ends)))


def _begins(after: str, call: CallFacts) -> int | None:
    if after == CALL_START:
        return 0
    if after == AGENT_CONNECTED:
        return call.agent_connected_ms
    return _first(after, call)


def _first(moment: str, call: CallFacts) -> int | None:
    """When it began the first time: what is spoken in the same breath comes after it."""
    return min((each.since_ms for each in call.moments.get(moment, ())), default=None)
