"""When the agent is who the customer hears, and when it is the system: menus and prompts before, music on hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sotto.call.contact import Contact, ContactStatus, HoldChange

SLACK_MS = 1_000
"""Connect's times may be whole seconds, and its clock is not the producer's. A second of music counted as the agent's
does less harm than a second of the agent's that is lost."""
MOST_CHANGES = 200
"""A hundred holds of one contact: those after it are the latest."""
_ALWAYS = float("inf")

Span = tuple[float, float]
"""From and until, in call time."""


@dataclass(frozen=True, slots=True)
class Wait:
    """In call time; ``until_ms`` is infinite while it goes on. ``is_hold``: an agent had answered before."""

    from_ms: float
    until_ms: float
    is_hold: bool

    @property
    def is_over(self) -> bool:
        return self.until_ms < _ALWAYS


@dataclass(frozen=True, slots=True)
class AgentPresence:
    """``spans``: when the agent speaks to the customer, by time, apart from each other; all else on the agent's channel
    is the system's. ``holds_known``: holds are told by agent events, so nobody need infer them from the audio."""

    spans: tuple[Span, ...] = ((-_ALWAYS, _ALWAYS),)
    holds_known: bool = False

    @classmethod
    def of(cls, contact: Contact) -> AgentPresence:
        """As far as Connect has told."""
        changes = list(contact.hold_changes)
        if contact.connected_at_ms is not None:
            changes.append(HoldChange(contact.connected_at_ms, on_hold=False))
        elif contact.status is ContactStatus.CONNECTED and not changes:
            return cls()  # recorded by a release that kept no time
        return cls(tuple(_spans(sorted(changes), contact.media_started_at_ms)), bool(contact.hold_changes))

    def is_present(self, call_ms: float) -> bool:
        return any(from_ms <= call_ms < until_ms for from_ms, until_ms in self.spans)

    def present_since_ms(self, call_ms: float) -> float:
        """When the span began that ``call_ms`` lies in; 0 where it lies in none, or there was no beginning."""
        return max((max(0.0, began) for began, until in self.spans if began <= call_ms < until), default=0.0)

    def waits(self) -> tuple[Wait, ...]:
        """When the customer waited, by time: for an agent, and then on hold."""
        ends = [0.0, *(until for _, until in self.spans)]
        begins = [*(began for began, _ in self.spans), _ALWAYS]
        between = enumerate(zip(ends, begins, strict=True))
        found = (Wait(max(0.0, end), begin, is_hold=at > 0) for at, (end, begin) in between)
        return tuple(wait for wait in found if wait.until_ms > wait.from_ms)

    def first_in(self, spans: Iterable[Span], *, at_least_ms: float = 0.0) -> float | None:
        """Where the agent is first present in one of ``spans``, for so long; None where nowhere."""
        both = [
            max(one[0], other[0])
            for one in spans
            for other in self.spans
            if min(one[1], other[1]) - max(one[0], other[0]) > at_least_ms
        ]
        return min(both, default=None)


def with_hold_change(contact: Contact, change: HoldChange) -> Contact:
    """Idempotent, whatever the order; the same object where nothing is new."""
    if change in contact.hold_changes:
        return contact
    changes = tuple(sorted((*contact.hold_changes, change)))
    return replace(contact, hold_changes=changes[-MOST_CHANGES:])


def _spans(changes: list[HoldChange], zero_ms: float) -> list[Span]:
    spans: list[Span] = []
    for change in changes:
        at_ms = change.at_ms - zero_ms
        is_open = bool(spans) and spans[-1][1] == _ALWAYS
        if change.on_hold and is_open:
            spans[-1] = (spans[-1][0], at_ms + SLACK_MS)
        elif not change.on_hold and not is_open:
            begins_ms = at_ms - SLACK_MS
            if spans and begins_ms <= spans[-1][1]:
                spans[-1] = (spans[-1][0], _ALWAYS)
            else:
                spans.append((begins_ms, _ALWAYS))
    return spans
